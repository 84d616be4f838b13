package repository

import (
	"math"

	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// paged reads one page of a listing. The scope narrows a query to the listing;
// it is used for the page and, on a fresh query, for the count. The order is
// made of columns that every row has, the last of them unique, so that pages
// never overlap.
func paged[R, T any](tx *gorm.DB, q face.PageQuery, scope func(*gorm.DB) *gorm.DB, order [2]string, convert func(R) T) (face.Page[T], error) {
	page := face.Page[T]{Items: []T{}, Total: -1}
	if q.Number < 1 || q.Size < 1 {
		return page, face.Errorf(face.Invalid, "page number and page size start at 1")
	}
	if q.Total {
		var n int64
		if err := tx.Scopes(scope).Model(new(R)).Count(&n).Error; err != nil {
			return page, err
		}
		page.Total = int(n)
	}
	if q.Number-1 > (math.MaxInt64-1)/q.Size || q.Size == math.MaxInt {
		return page, nil // a page so far out is past every end
	}
	direction := " DESC"
	if q.Ascending {
		direction = " ASC"
	}
	var rows []R
	err := tx.Scopes(scope).Order(order[0] + direction).Order(order[1] + direction).
		Offset((q.Number - 1) * q.Size).Limit(q.Size + 1).Find(&rows).Error
	if err != nil {
		return page, err
	}
	if len(rows) > q.Size {
		page.More, rows = true, rows[:q.Size]
	}
	for _, r := range rows {
		page.Items = append(page.Items, convert(r))
	}
	return page, nil
}
