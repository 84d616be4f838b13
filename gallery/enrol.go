package gallery

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Enrol stores one new member with a face from each picture and links it to
// watchlists; all of it, or nothing. What is cheap to check comes first. A taken
// member or face id is a Conflict; an unknown watchlist is Invalid, because the
// request is about the member. A picture without a face that counts is NoFace,
// one with several is ManyFaces.
func (g *Gallery) Enrol(ctx context.Context, r EnrolRequest) (Enrolment, error) {
	m, faceIDs, err := g.checkEnrol(ctx, r)
	if err != nil {
		return Enrolment{}, err
	}
	faces, err := g.inspectAll(ctx, m, faceIDs, r)
	if err != nil {
		return Enrolment{}, err
	}
	out, err := g.enrol(ctx, m, r.WatchlistIDs, faces)
	if err != nil {
		return Enrolment{}, fmt.Errorf("enrol: %w", missingIsInvalid(err))
	}
	return out, nil
}

// enrol stores a new member with its faces, if any.
func (g *Gallery) enrol(ctx context.Context, m face.Member, watchlistIDs []string, faces []face.Enrolled) (Enrolment, error) {
	start := time.Now()
	lists, err := g.rows.Enrol(ctx, m, watchlistIDs, faces)
	g.took(ctx, stepStore, start)
	if err := g.settled(ctx, err); err != nil {
		return Enrolment{}, err
	}
	out := Enrolment{Member: m, Watchlists: lists, Faces: make([]face.Face, len(faces))}
	for i, f := range faces {
		out.Faces[i] = f.Face
	}
	return out, nil
}

// checkEnrol refuses what can be refused without looking at a picture. It
// returns the member and the ids of its faces to be.
func (g *Gallery) checkEnrol(ctx context.Context, r EnrolRequest) (m face.Member, faceIDs []uuid.UUID, err error) {
	if err := checkIDs("watchlistIds", r.WatchlistIDs); err != nil {
		return m, nil, err
	}
	if len(r.Pictures) == 0 {
		return m, nil, face.FieldErrorf("images", "images must hold at least one picture")
	}
	if m, err = g.newMember(r.Member); err != nil {
		return m, nil, err
	}
	var preset []uuid.UUID
	if faceIDs, preset, err = chooseFaceIDs(r.Pictures); err != nil {
		return m, nil, err
	}
	if err := g.rows.CheckEnrol(ctx, m.ID, r.WatchlistIDs, preset); err != nil {
		return m, nil, fmt.Errorf("enrol: %w", missingIsInvalid(err))
	}
	return m, faceIDs, nil
}

// chooseFaceIDs returns the id of each face to be, and those of them that the
// client chose.
func chooseFaceIDs(pictures []EnrolImage) (all, preset []uuid.UUID, err error) {
	seen := map[uuid.UUID]bool{}
	for i, p := range pictures {
		id := p.FaceID
		if id == uuid.Nil {
			if id, err = newUID(); err != nil {
				return nil, nil, err
			}
		} else {
			preset = append(preset, id)
		}
		if seen[id] {
			return nil, nil, face.FieldErrorf(fmt.Sprintf("images[%d].faceId", i), "Face id '%s' is used twice.", id)
		}
		seen[id] = true
		all = append(all, id)
	}
	return all, preset, nil
}

// missingIsInvalid makes the absence of something that a request refers to in
// passing a fault of the request.
func missingIsInvalid(err error) error {
	if e, ok := errors.AsType[*face.Error](err); ok && e.Kind == face.NotFound {
		return &face.Error{Kind: face.Invalid, Msg: e.Msg, Field: "watchlistIds", Err: e.Err}
	}
	return err
}

// inspectAll makes a face of each picture of a new member.
func (g *Gallery) inspectAll(ctx context.Context, m face.Member, ids []uuid.UUID, r EnrolRequest) ([]face.Enrolled, error) {
	tracklet, err := newUID()
	if err != nil {
		return nil, err
	}
	opts := r.Inspect
	opts.Templates, opts.Crops = true, true
	faces := make([]face.Enrolled, len(r.Pictures))
	for i, p := range r.Pictures {
		found, picture, err := g.inspectOne(ctx, p, opts)
		if err != nil {
			return nil, aboutPictureOf(i, len(r.Pictures), err)
		}
		f := face.Face{ID: ids[i], MemberUID: m.UID, TrackletID: tracklet, CreatedAt: m.CreatedAt}
		if faces[i], err = newFace(f, found, picture); err != nil {
			return nil, err
		}
	}
	return faces, nil
}

// inspectOne returns the one face that counts in a picture, and the picture if it is
// to be kept.
func (g *Gallery) inspectOne(ctx context.Context, p EnrolImage, opts face.InspectOptions) (face.Inspected, *face.Image, error) {
	data, err := g.fitted(ctx, p.Data, p.Fit)
	if err != nil {
		return face.Inspected{}, nil, err
	}
	found, err := g.engine.Inspect(ctx, data, opts)
	if err != nil {
		return face.Inspected{}, nil, err
	}
	switch n := len(found.Faces); n {
	case 0:
		return face.Inspected{}, nil, face.Errorf(face.NoFace, "no face was found in the picture")
	case 1:
		return found.Faces[0], keptPicture(p.Keep, data, found), nil
	default:
		return face.Inspected{}, nil, face.Errorf(face.ManyFaces, "%d faces were found in the picture, exactly one is wanted", n)
	}
}

// fitted returns a picture in the size that is asked for.
func (g *Gallery) fitted(ctx context.Context, data []byte, fit face.Fitting) ([]byte, error) {
	if fit == (face.Fitting{}) {
		return data, nil
	}
	image, err := g.engine.Fit(ctx, data, fit)
	return image.Data, err
}

// keptPicture returns a picture that was inspected, if it is to be kept.
func keptPicture(keep bool, data []byte, found face.Inspection) *face.Image {
	if !keep {
		return nil
	}
	return &face.Image{MediaType: http.DetectContentType(data), Width: found.Width, Height: found.Height, Data: data}
}

// aboutPictureOf says which of several pictures an error is about.
func aboutPictureOf(i, of int, err error) error {
	which := ""
	if of > 1 {
		which = fmt.Sprintf("picture %d of %d: ", i+1, of)
	}
	return aboutPicture(fmt.Sprintf("images[%d]", i), which, err)
}

// aboutPicture says which input an error is about, and, in words, which picture.
func aboutPicture(field, which string, err error) error {
	e, ok := errors.AsType[*face.Error](err)
	if !ok {
		return fmt.Errorf("inspect %s: %w", field, err)
	}
	named := *e
	named.Field, named.Msg = field, which+e.Msg
	return &named
}

// newFace completes a face, whose ids and time are given, with what was found, and with
// the picture that it was found in, nil if that is not kept.
func newFace(f face.Face, found face.Inspected, picture *face.Image) (face.Enrolled, error) {
	if found.Template == nil || found.CropImage == nil {
		return face.Enrolled{}, errors.New("the engine returned a face without template or crop")
	}
	// Once committed, a template that the index refuses would hold it up for good.
	if err := face.CheckVector(found.Template.Vector); err != nil {
		return face.Enrolled{}, face.Wrap(face.Internal, err, "the engine returned a bad template")
	}
	image := *found.CropImage
	var err error
	if f.FrameID, err = newUID(); err != nil {
		return face.Enrolled{}, err
	}
	if image.ID, err = newUID(); err != nil {
		return face.Enrolled{}, err
	}
	image.CreatedAt = f.CreatedAt
	if picture != nil {
		if picture.ID, err = newUID(); err != nil {
			return face.Enrolled{}, err
		}
		picture.CreatedAt = f.CreatedAt
		f.PictureID, f.PictureType = picture.ID, picture.MediaType
	}
	f.Finding, f.ImageID, f.Order, f.FacesOnFrame = found.Finding, image.ID, 1, 1
	return face.Enrolled{Face: f, Image: image, Picture: picture, Templates: []face.Template{*found.Template}}, nil
}
