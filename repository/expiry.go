package repository

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// alive narrows a query of members to those that have not expired. A member is gone
// from every answer at that moment, whenever its rows are deleted.
func alive(tx *gorm.DB) *gorm.DB {
	return tx.Where("(expires_at IS NULL OR expires_at > ?)", at(time.Now()))
}

// expired narrows a query of members to those that have.
func expired(tx *gorm.DB) *gorm.DB { return tx.Where("expires_at <= ?", at(time.Now())) }

// evict deletes the expired member of an id, if there is one, to make room for
// another.
func evict(tx *gorm.DB, id string, now time.Time) error {
	var rows []memberRow
	if err := expired(deleting(tx)).Where("id = ?", id).Find(&rows).Error; err != nil {
		return err
	}
	for _, row := range rows {
		if err := removeMember(tx, row, now); err != nil {
			return err
		}
	}
	return nil
}

// RemoveExpired deletes members that have expired, at most limit of them, as
// DeleteMember does, and returns how many they were.
func (r *Repository) RemoveExpired(ctx context.Context, limit int, now time.Time) (n int, err error) {
	// Asked for without a lock first: there is seldom anything to do.
	var ids []key
	err = expired(r.read.WithContext(ctx)).Model(&memberRow{}).Order("expires_at").Limit(limit).Pluck("uid", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, r.fault(ctx, err)
	}
	err = r.update(ctx, func(tx *gorm.DB) error {
		n = 0
		rows, err := findAll[memberRow](expired(deleting(tx)).Order("uid").Session(&gorm.Session{}), "uid", ids)
		for _, row := range rows {
			if err := removeMember(tx, row, now); err != nil {
				return err
			}
			n++
		}
		return err
	})
	return n, err
}
