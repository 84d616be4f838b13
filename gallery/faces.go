package gallery

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// AddFace gives a member another face. The next search finds the member by it, on
// every watchlist that the member is on. An unknown member is NotFound, a taken
// face id a Conflict. A picture without a face that counts is NoFace, one with
// several is ManyFaces.
func (g *Gallery) AddFace(ctx context.Context, r AddFaceRequest) (face.Face, error) {
	// What is cheap to check comes first.
	if err := g.rows.CheckAddFace(ctx, r.MemberID, r.Picture.FaceID); err != nil {
		return face.Face{}, fmt.Errorf("add face: %w", err)
	}
	f, err := g.inspectMore(ctx, r)
	if err != nil {
		return face.Face{}, err
	}
	start := time.Now()
	stored, err := g.rows.AddFace(ctx, r.MemberID, f)
	g.took(ctx, stepStore, start)
	if err := g.settled(ctx, err); err != nil {
		return face.Face{}, fmt.Errorf("add face: %w", err)
	}
	return stored, nil
}

// inspectMore makes a face that the repository knows the member and tracklet of.
// It brings a tracklet for a member that has none.
func (g *Gallery) inspectMore(ctx context.Context, r AddFaceRequest) (face.Enrolled, error) {
	opts := r.Inspect
	opts.Templates, opts.Crops = true, true
	found, picture, err := g.inspectOne(ctx, r.Picture, opts)
	if err != nil {
		return face.Enrolled{}, aboutPicture("imageData", "", err)
	}
	f := face.Face{ID: r.Picture.FaceID, CreatedAt: g.clock()}
	if f.ID == uuid.Nil {
		if f.ID, err = newUID(); err != nil {
			return face.Enrolled{}, err
		}
	}
	if f.TrackletID, err = newUID(); err != nil {
		return face.Enrolled{}, err
	}
	return newFace(f, found, picture)
}

// RemoveFace deletes a face of a member with its template and picture; the next
// search does not find the member by it. The member stays, even without a face.
// An unknown member is NotFound, and so is a face that is not the member's.
func (g *Gallery) RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID) error {
	err := g.rows.RemoveFace(ctx, memberID, faceID, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("remove face: %w", err)
	}
	return nil
}

// AssignFace would give a member a face that is stored already and belongs to
// nobody. There is none such: a face is stored with its member and deleted with
// it, or by RemoveFace, because a template that nobody owns could neither be
// found nor be erased by anybody. So the answer is NotFound for an unknown member
// or face, and else a Conflict with the member that the face belongs to.
func (g *Gallery) AssignFace(ctx context.Context, memberID string, faceID uuid.UUID) error {
	if _, err := g.rows.Member(ctx, memberID); err != nil {
		return fmt.Errorf("assign face: %w", err)
	}
	owner, err := g.rows.FaceOwner(ctx, faceID)
	if err != nil {
		return fmt.Errorf("assign face: %w", err)
	}
	return face.Errorf(face.Conflict, "Face with id '%s' belongs to watchlist member '%s' already.", faceID, owner)
}

// FacePicture returns the picture that a face of a member was enrolled by, or, where
// that was not kept, the crop of the face. An unknown member or face is NotFound, a face
// of another member Invalid.
func (g *Gallery) FacePicture(ctx context.Context, memberID string, faceID uuid.UUID) (face.Image, error) {
	m, err := g.rows.Member(ctx, memberID)
	if err != nil {
		return face.Image{}, fmt.Errorf("face picture: %w", err)
	}
	f, err := g.rows.Face(ctx, faceID)
	if err != nil {
		return face.Image{}, fmt.Errorf("face picture: %w", err)
	}
	if f.MemberUID != m.UID {
		return face.Image{}, face.Errorf(face.Invalid, "Face with id '%s' belongs to another watchlist member.", faceID)
	}
	if f.PictureID == uuid.Nil {
		return g.rows.Image(ctx, f.ImageID)
	}
	return g.rows.Image(ctx, f.PictureID)
}
