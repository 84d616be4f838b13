package facesearch_test

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

// fakeGallery answers what it is told to, by the name of the method, and remembers what
// it was asked.
type fakeGallery struct {
	handlers.Gallery // nil: nothing else is asked

	calls []string         // names of methods, in order
	got   map[string]any   // the last argument, or arguments as a []any, by method
	errs  map[string]error // answered in place of all else
	hangs bool             // in the searches, until the context ends

	collection  face.Watchlist
	collections face.Page[face.Watchlist]
	found       []gallery.IdentifiedMembers
	member      face.Member
	members     face.Page[face.Member]
	faces       face.Page[face.Face]
	face        face.Face
	enrolment   gallery.Enrolment
	images      map[uuid.UUID]string
}

func (g *fakeGallery) asked(method string, args ...any) error {
	g.calls = append(g.calls, method)
	if g.got == nil {
		g.got = map[string]any{}
	}
	g.got[method] = any(args)
	if len(args) == 1 {
		g.got[method] = args[0]
	}
	return g.errs[method]
}

func (g *fakeGallery) search(ctx context.Context, method string, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error) {
	err := g.asked(method, q)
	if g.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return g.found, err
}

func (g *fakeGallery) IdentifyMembers(ctx context.Context, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error) {
	return g.search(ctx, "IdentifyMembers", q)
}

func (g *fakeGallery) IdentifyDistinct(ctx context.Context, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error) {
	return g.search(ctx, "IdentifyDistinct", q)
}

func (g *fakeGallery) Inspect(_ context.Context, image []byte, opts face.InspectOptions) (face.Inspection, error) {
	return face.Inspection{}, g.asked("Inspect", image, opts)
}

func (g *fakeGallery) KeepLiveness(_ context.Context, t face.LivenessTransaction) error {
	return g.asked("KeepLiveness", t)
}

func (g *fakeGallery) Image(_ context.Context, id uuid.UUID, size gallery.ImageSize) (face.Image, error) {
	text, ok := g.images[id]
	if !ok {
		return face.Image{}, face.Errorf(face.NotFound, "no image")
	}
	return face.Image{Data: []byte(text)}, g.asked("Image", id, size)
}

func (g *fakeGallery) Resize(_ context.Context, image face.Image, size gallery.ImageSize) (face.Image, error) {
	image.Data = []byte(strings.ToUpper(string(image.Data)))
	return image, g.asked("Resize", size)
}

func (g *fakeGallery) WatchlistByName(_ context.Context, name string) (face.Watchlist, error) {
	return g.collection, g.asked("WatchlistByName", name)
}

func (g *fakeGallery) CreateWatchlist(_ context.Context, w face.Watchlist) (face.Watchlist, error) {
	return g.collection, g.asked("CreateWatchlist", w)
}

func (g *fakeGallery) Watchlists(_ context.Context, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return g.collections, g.asked("Watchlists", q)
}

func (g *fakeGallery) DeleteWatchlist(_ context.Context, id string) error {
	return g.asked("DeleteWatchlist", id)
}

func (g *fakeGallery) Enrol(_ context.Context, r gallery.EnrolRequest) (gallery.Enrolment, error) {
	return g.enrolment, g.asked("Enrol", r)
}

func (g *fakeGallery) WatchlistMembers(_ context.Context, id string, q face.PageQuery) (face.Page[face.Member], error) {
	return g.members, g.asked("WatchlistMembers", id, q)
}

func (g *fakeGallery) Relink(_ context.Context, id string, add, remove []string) error {
	return g.asked("Relink", id, add, remove)
}

func (g *fakeGallery) Member(_ context.Context, id string) (face.Member, error) {
	return g.member, g.asked("Member", id)
}

func (g *fakeGallery) MemberWatchlists(_ context.Context, id string, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return g.collections, g.asked("MemberWatchlists", id, q)
}

func (g *fakeGallery) ChangeMember(_ context.Context, id string, c gallery.MemberChange) (face.Member, error) {
	m := g.member
	c.Change(&m)
	return m, g.asked("ChangeMember", id, c.WatchlistIDs)
}

func (g *fakeGallery) DeleteMember(_ context.Context, id string) error {
	return g.asked("DeleteMember", id)
}

func (g *fakeGallery) MemberFaces(_ context.Context, id string, q face.PageQuery) (face.Page[face.Face], error) {
	return g.faces, g.asked("MemberFaces", id, q)
}

func (g *fakeGallery) AddFace(_ context.Context, r gallery.AddFaceRequest) (face.Face, error) {
	return g.face, g.asked("AddFace", r)
}

func (g *fakeGallery) RemoveFace(_ context.Context, memberID string, faceID uuid.UUID) error {
	return g.asked("RemoveFace", memberID, faceID)
}
