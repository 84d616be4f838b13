package repository

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// memberRow is a row of members.
type memberRow struct {
	UID         key    `gorm:"column:uid;primaryKey"`
	ID          string `gorm:"column:id"`
	DisplayName *string
	FullName    *string
	Note        *string
	ExternalID  *string
	Extra       document
	Created     moment `gorm:"column:created_at"`
	Updated     moment `gorm:"column:updated_at"`
	Expires     moment `gorm:"column:expires_at"`
}

// TableName implements GORM's Tabler.
func (memberRow) TableName() string { return "members" }

func newMemberRow(m face.Member) memberRow {
	return memberRow{
		UID: key(m.UID), ID: m.ID, DisplayName: m.DisplayName, FullName: m.FullName, Note: m.Note,
		ExternalID: m.ExternalID, Extra: document(m.Extra),
		Created: at(m.CreatedAt), Updated: at(m.UpdatedAt), Expires: at(m.ExpiresAt),
	}
}

func (r memberRow) member() face.Member {
	return face.Member{
		UID: uuid.UUID(r.UID), ID: r.ID, DisplayName: r.DisplayName, FullName: r.FullName, Note: r.Note,
		Labels: []face.Label{}, ExternalID: r.ExternalID, Extra: json.RawMessage(r.Extra),
		CreatedAt: r.Created.Time, UpdatedAt: r.Updated.Time, ExpiresAt: r.Expires.Time,
	}
}

// CreateMember stores a new member without faces or links. Its id being taken
// is a Conflict.
func (r *Repository) CreateMember(ctx context.Context, m face.Member) error {
	return r.update(ctx, func(tx *gorm.DB) error {
		if err := scopeOf(tx).makesLoose(); err != nil {
			return err
		}
		if err := memberFree(tx, m.ID); err != nil {
			return err
		}
		return insertMember(tx, m)
	})
}

// UpsertMember stores m as a new member, or, where its id is taken, replaces the
// names, note and labels of the one that is there and sets its UpdatedAt to
// m.CreatedAt; what m cannot say of it by those stays. It returns what is stored then.
func (r *Repository) UpsertMember(ctx context.Context, m face.Member) (face.Member, error) {
	var stored face.Member
	err := r.update(ctx, func(tx *gorm.DB) error {
		stored = m
		old, err := findOwn(tx, changing, m.ID)
		if face.KindOf(err) == face.NotFound {
			if err := scopeOf(tx).makesLoose(); err != nil {
				return err
			}
			return insertMember(tx, m)
		}
		if err != nil {
			return err
		}
		was := old.member()
		stored.UID, stored.CreatedAt, stored.UpdatedAt = was.UID, was.CreatedAt, m.CreatedAt
		stored.ExternalID, stored.Extra, stored.ExpiresAt = was.ExternalID, was.Extra, was.ExpiresAt
		return saveMember(tx, stored)
	})
	if err != nil {
		return face.Member{}, err
	}
	return stored, nil
}

// saveMember replaces a stored member and its labels.
func saveMember(tx *gorm.DB, m face.Member) error {
	row := newMemberRow(m)
	if err := tx.Save(&row).Error; err != nil {
		return err
	}
	if err := tx.Where("member_uid = ?", row.UID).Delete(&labelRow{}).Error; err != nil {
		return err
	}
	return insertLabels(tx, row.UID, m.Labels)
}

// Member returns the member of an id, or a NotFound error.
func (r *Repository) Member(ctx context.Context, id string) (m face.Member, err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		row, err := findMember(tx, id)
		if err != nil {
			return err
		}
		found := []face.Member{row.member()}
		err = loadLabels(tx, found)
		m = found[0]
		return err
	})
	return m, err
}

// Members returns one page of all members.
func (r *Repository) Members(ctx context.Context, q face.PageQuery) (face.Page[face.Member], error) {
	return r.pageOfMembers(ctx, q, visibleAll)
}

// WatchlistMembers returns one page of the members that a watchlist lists. An
// unknown watchlist lists none.
func (r *Repository) WatchlistMembers(ctx context.Context, watchlistID string, q face.PageQuery) (face.Page[face.Member], error) {
	return r.pageOfMembers(ctx, q, func(tx *gorm.DB) *gorm.DB {
		if !scopeOf(tx).covers(watchlistID) {
			return tx.Where("1 = 0")
		}
		return alive(tx).Where(`uid IN (SELECT ms.member_uid FROM memberships ms
			JOIN watchlists w ON w.uid = ms.watchlist_uid WHERE w.id = ?)`, watchlistID)
	})
}

func (r *Repository) pageOfMembers(ctx context.Context, q face.PageQuery, scope func(*gorm.DB) *gorm.DB) (page face.Page[face.Member], err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		page, err = paged(tx, q, scope, [2]string{"created_at", "uid"}, memberRow.member)
		if err != nil {
			return err
		}
		return loadLabels(tx, page.Items)
	})
	return page, err
}

// DeleteMember deletes a member with all that belongs to it: faces, templates,
// pictures, labels and links. An unknown id is NotFound.
func (r *Repository) DeleteMember(ctx context.Context, id string, now time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error { return deleteMember(tx, id, now) })
}

func deleteMember(tx *gorm.DB, id string, now time.Time) error {
	row, err := findOwn(tx, deleting, id)
	if err != nil {
		return err
	}
	return removeMember(tx, row, now)
}

// removeMember deletes a member that is locked for it.
func removeMember(tx *gorm.DB, row memberRow, now time.Time) error {
	if err := noteMemberGone(tx, row.UID, now); err != nil {
		return err
	}
	// Pictures first: faces and templates go with them, by foreign key.
	err := tx.Exec(`DELETE FROM images WHERE id IN (SELECT image_id FROM faces WHERE member_uid = ?
		UNION ALL SELECT picture_id FROM faces WHERE member_uid = ?)`, row.UID, row.UID).Error
	if err != nil {
		return err
	}
	return tx.Delete(&row).Error
}

func findMember(tx *gorm.DB, id string) (memberRow, error) {
	var row memberRow
	err := visible(tx).Where("id = ?", id).Take(&row).Error
	return row, orNotFound(err, noMember(id))
}

// memberFree returns a Conflict if the id is taken, also out of scope: all members
// share their ids.
func memberFree(tx *gorm.DB, id string) error {
	var n int64
	err := alive(tx.Model(&memberRow{})).Where("id = ?", id).Count(&n).Error
	if err == nil && n > 0 {
		return face.Errorf(face.Conflict, "Watchlist member with id '%s' exists already.", id)
	}
	return err
}

// insertMember stores a new member in the place of an expired one of its id. An id
// that reads as the UID of another member is taken: dialects of UUIDs could not tell
// the two apart.
func insertMember(tx *gorm.DB, m face.Member) error {
	if err := notAnUID[memberRow](tx, m.ID); err != nil {
		return err
	}
	if err := evict(tx, m.ID, m.CreatedAt); err != nil {
		return err
	}
	row := newMemberRow(m)
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	return insertLabels(tx, row.UID, m.Labels)
}
