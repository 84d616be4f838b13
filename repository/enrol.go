package repository

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// CheckEnrol returns the error that Enrol would give for these ids if it came
// now: an unknown watchlist is NotFound, a taken member or face id a Conflict.
func (r *Repository) CheckEnrol(ctx context.Context, memberID string, watchlistIDs []string, faceIDs []uuid.UUID) error {
	return r.view(ctx, func(tx *gorm.DB) error {
		_, err := checkEnrol(tx, tx, memberID, watchlistIDs, faceIDs)
		return err
	})
}

// Enrol stores a new member with its faces, if any, pictures and templates and links
// it to watchlists, all of it or nothing. It returns the watchlists in the order of
// their ids, repeats once. Errors are those of CheckEnrol.
func (r *Repository) Enrol(ctx context.Context, m face.Member, watchlistIDs []string, faces []face.Enrolled) (lists []face.Watchlist, err error) {
	faceIDs := make([]uuid.UUID, len(faces))
	for i, f := range faces {
		faceIDs[i] = f.Face.ID
	}
	err = r.update(ctx, func(tx *gorm.DB) error {
		lists = nil
		rows, err := checkEnrol(tx, kept(tx), m.ID, watchlistIDs, faceIDs)
		if err != nil {
			return err
		}
		if err := insertMember(tx, m); err != nil {
			return err
		}
		if err := insertFaces(tx, faces); err != nil {
			return err
		}
		for _, w := range rows {
			// Last, because a link notes the faces that are there.
			if err := link(tx, membershipRow{WatchlistUID: w.UID, MemberUID: key(m.UID), Created: at(m.CreatedAt)}); err != nil {
				return err
			}
			lists = append(lists, w.watchlist())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lists, nil
}

// checkEnrol reads the watchlists through a query of their own, which may lock
// them.
func checkEnrol(tx, listsBy *gorm.DB, memberID string, watchlistIDs []string, faceIDs []uuid.UUID) ([]watchlistRow, error) {
	if err := scopeOf(tx).enrols(watchlistIDs); err != nil {
		return nil, err
	}
	lists, err := findByID(listsBy, "Watchlist", watchlistIDs, func(w watchlistRow) string { return w.ID })
	if err != nil {
		return nil, err
	}
	if err := memberFree(tx, memberID); err != nil {
		return nil, err
	}
	return lists, facesFree(tx, faceIDs)
}

// facesFree returns a Conflict if one of the ids is taken.
func facesFree(tx *gorm.DB, ids []uuid.UUID) error {
	var taken []string
	for _, id := range ids {
		var n int64
		if err := tx.Model(&faceRow{}).Where("id = ?", key(id)).Count(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			taken = append(taken, id.String())
		}
	}
	if taken != nil {
		return face.Errorf(face.Conflict, "Face with id '%s' exists already.", strings.Join(taken, "', '"))
	}
	return nil
}

func insertFaces(tx *gorm.DB, faces []face.Enrolled) error {
	for _, f := range faces {
		image, row := newImageRow(f.Image), newFaceRow(f.Face)
		if err := tx.Create(&image).Error; err != nil {
			return err
		}
		if f.Picture != nil {
			picture := newImageRow(*f.Picture)
			if err := tx.Create(&picture).Error; err != nil {
				return err
			}
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		for _, t := range f.Templates {
			template := templateRow{FaceID: row.ID, Label: string(t.Label), Vector: t.Vector, Quality: t.Quality}
			if err := tx.Create(&template).Error; err != nil {
				return err
			}
		}
	}
	return nil
}
