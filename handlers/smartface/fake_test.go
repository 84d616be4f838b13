package smartface_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

// fakeGallery answers what it is told to and remembers what it was asked last.
type fakeGallery struct {
	handlers.Gallery // what the other dialects need

	got   any   // the last argument, or arguments as a []any
	calls int   // how often it was asked
	err   error // answered in place of all else
	hangs bool  // until the context ends

	watchlist  face.Watchlist
	watchlists face.Page[face.Watchlist]
	member     face.Member
	members    face.Page[face.Member]
	face       face.Face
	faces      face.Page[face.Face]
	enrolment  gallery.Enrolment
	identified []gallery.Identified
	verified   gallery.Verification
	checked    face.Inspected
	image      face.Image

	transactions []face.LivenessTransaction // what was recorded
	keepErr      error
}

func (g *fakeGallery) asked(ctx context.Context, args ...any) error {
	g.calls++
	g.got = any(args)
	if len(args) == 1 {
		g.got = args[0]
	}
	if g.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return g.err
}

func (g *fakeGallery) CreateWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	return g.watchlist, g.asked(ctx, w)
}

func (g *fakeGallery) UpsertWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error) {
	return g.watchlist, g.asked(ctx, w)
}

func (g *fakeGallery) Watchlist(ctx context.Context, id string) (face.Watchlist, error) {
	return g.watchlist, g.asked(ctx, id)
}

func (g *fakeGallery) Watchlists(ctx context.Context, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return g.watchlists, g.asked(ctx, q)
}

func (g *fakeGallery) DeleteWatchlist(ctx context.Context, id string) error { return g.asked(ctx, id) }

func (g *fakeGallery) CreateMember(ctx context.Context, m face.Member) (face.Member, error) {
	return g.member, g.asked(ctx, m)
}

func (g *fakeGallery) UpsertMember(ctx context.Context, m face.Member) (face.Member, error) {
	return g.member, g.asked(ctx, m)
}

func (g *fakeGallery) Member(ctx context.Context, id string) (face.Member, error) {
	return g.member, g.asked(ctx, id)
}

func (g *fakeGallery) Members(ctx context.Context, q face.PageQuery) (face.Page[face.Member], error) {
	return g.members, g.asked(ctx, q)
}

func (g *fakeGallery) WatchlistMembers(ctx context.Context, id string, q face.PageQuery) (face.Page[face.Member], error) {
	return g.members, g.asked(ctx, id, q)
}

func (g *fakeGallery) DeleteMember(ctx context.Context, id string) error { return g.asked(ctx, id) }

func (g *fakeGallery) Link(ctx context.Context, watchlistID string, memberIDs []string) error {
	return g.asked(ctx, "link", watchlistID, memberIDs)
}

func (g *fakeGallery) Unlink(ctx context.Context, watchlistID string, memberIDs []string) error {
	return g.asked(ctx, "unlink", watchlistID, memberIDs)
}

func (g *fakeGallery) MemberFaces(ctx context.Context, id string, q face.PageQuery) (face.Page[face.Face], error) {
	return g.faces, g.asked(ctx, id, q)
}

func (g *fakeGallery) AddFace(ctx context.Context, r gallery.AddFaceRequest) (face.Face, error) {
	return g.face, g.asked(ctx, r)
}

func (g *fakeGallery) AssignFace(ctx context.Context, memberID string, faceID uuid.UUID) error {
	return g.asked(ctx, "assign", memberID, faceID)
}

func (g *fakeGallery) RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID) error {
	return g.asked(ctx, "remove", memberID, faceID)
}

func (g *fakeGallery) Enrol(ctx context.Context, r gallery.EnrolRequest) (gallery.Enrolment, error) {
	return g.enrolment, g.asked(ctx, r)
}

func (g *fakeGallery) Identify(ctx context.Context, q gallery.IdentifyQuery) ([]gallery.Identified, error) {
	return g.identified, g.asked(ctx, q)
}

func (g *fakeGallery) Verify(ctx context.Context, q gallery.VerifyQuery) (gallery.Verification, error) {
	return g.verified, g.asked(ctx, q)
}

func (g *fakeGallery) CheckLiveness(ctx context.Context, q gallery.LivenessQuery) (face.Inspected, error) {
	return g.checked, g.asked(ctx, q)
}

func (g *fakeGallery) Image(ctx context.Context, id uuid.UUID, size gallery.ImageSize) (face.Image, error) {
	return g.image, g.asked(ctx, id, size)
}

func (g *fakeGallery) KeepLiveness(_ context.Context, t face.LivenessTransaction) error {
	g.transactions = append(g.transactions, t)
	return g.keepErr
}
