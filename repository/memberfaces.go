package repository

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// CheckAddFace returns the error that AddFace would give for these ids if it came
// now: an unknown member is NotFound, a taken face id a Conflict. uuid.Nil is no
// id, and not taken.
func (r *Repository) CheckAddFace(ctx context.Context, memberID string, faceID uuid.UUID) error {
	return r.view(ctx, func(tx *gorm.DB) error {
		if _, err := findOwn(tx, asIs, memberID); err != nil {
			return err
		}
		return facesFree(tx, []uuid.UUID{faceID})
	})
}

// AddFace stores another face of a member with its picture and templates, all of
// it or nothing, and returns it as it is stored: with the member, and with the
// tracklet of the member's other faces, if it has any. Errors are those of
// CheckAddFace.
func (r *Repository) AddFace(ctx context.Context, memberID string, f face.Enrolled) (stored face.Face, err error) {
	err = r.update(ctx, func(tx *gorm.DB) error {
		stored, err = addFace(tx, memberID, f)
		return err
	})
	return stored, err
}

func addFace(tx *gorm.DB, memberID string, f face.Enrolled) (face.Face, error) {
	m, err := findOwn(tx, alone, memberID)
	if err != nil {
		return face.Face{}, err
	}
	if err := keepListsOf(tx, m.UID); err != nil {
		return face.Face{}, err
	}
	if err := facesFree(tx, []uuid.UUID{f.Face.ID}); err != nil {
		return face.Face{}, err
	}
	f.Face.MemberUID = uuid.UUID(m.UID)
	if f.Face.TrackletID, err = trackletOf(tx, m.UID, f.Face.TrackletID); err != nil {
		return face.Face{}, err
	}
	if err := insertFaces(tx, []face.Enrolled{f}); err != nil {
		return face.Face{}, err
	}
	return f.Face, noteFaceAdded(tx, key(f.Face.ID), f.Face.CreatedAt)
}

// keepListsOf keeps the watchlists of a member from being deleted meanwhile: an
// index must not hear of a new face after it dropped the watchlist.
func keepListsOf(tx *gorm.DB, member key) error {
	var lists []watchlistRow
	return kept(tx).Where("uid IN (SELECT watchlist_uid FROM memberships WHERE member_uid = ?)", member).Find(&lists).Error
}

// trackletOf returns the tracklet of a member's faces, or another one for a
// member that has none.
func trackletOf(tx *gorm.DB, member key, otherwise uuid.UUID) (uuid.UUID, error) {
	var faces []faceRow
	err := tx.Select("tracklet_id").Where("member_uid = ?", member).Order("created_at, id").Limit(1).Find(&faces).Error
	if err != nil || len(faces) == 0 {
		return otherwise, err
	}
	return uuid.UUID(faces[0].TrackletID), nil
}

// RemoveFace deletes a face of a member with its picture and templates. An
// unknown member is NotFound, and so is a face that is not the member's.
func (r *Repository) RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID, now time.Time) error {
	return r.update(ctx, func(tx *gorm.DB) error { return removeFace(tx, memberID, faceID, now) })
}

func removeFace(tx *gorm.DB, memberID string, faceID uuid.UUID, now time.Time) error {
	m, err := findOwn(tx, alone, memberID)
	if err != nil {
		return err
	}
	var row faceRow
	if err := tx.Where("id = ? AND member_uid = ?", key(faceID), m.UID).Take(&row).Error; err != nil {
		return orNotFound(err, noFace(faceID))
	}
	if err := noteFaceGone(tx, row.ID, now); err != nil {
		return err
	}
	// The face and its templates go with its pictures, by foreign key.
	return tx.Where("id IN ?", []key{row.ImageID, row.PictureID}).Delete(&imageRow{}).Error
}

// FaceOwner returns the id of the member that a face belongs to. An unknown face
// is NotFound.
func (r *Repository) FaceOwner(ctx context.Context, faceID uuid.UUID) (memberID string, err error) {
	var row memberRow
	err = visible(r.read.WithContext(ctx)).Where("uid = (SELECT member_uid FROM faces WHERE id = ?)", key(faceID)).Take(&row).Error
	return row.ID, r.fault(ctx, orNotFound(err, noFace(faceID)))
}
