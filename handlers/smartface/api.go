package smartface

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// watchlistKeeper is what the watchlist routes need of the gallery.
type watchlistKeeper interface {
	CreateWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
	UpsertWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
	Watchlist(ctx context.Context, id string) (face.Watchlist, error)
	Watchlists(ctx context.Context, q face.PageQuery) (face.Page[face.Watchlist], error)
	DeleteWatchlist(ctx context.Context, id string) error
}

// memberKeeper is what the member routes need of the gallery.
type memberKeeper interface {
	CreateMember(ctx context.Context, m face.Member) (face.Member, error)
	UpsertMember(ctx context.Context, m face.Member) (face.Member, error)
	Member(ctx context.Context, id string) (face.Member, error)
	Members(ctx context.Context, q face.PageQuery) (face.Page[face.Member], error)
	DeleteMember(ctx context.Context, id string) error
}

// linker is what the routes between watchlists and members need of the gallery.
type linker interface {
	Link(ctx context.Context, watchlistID string, memberIDs []string) error
	Unlink(ctx context.Context, watchlistID string, memberIDs []string) error
	WatchlistMembers(ctx context.Context, watchlistID string, q face.PageQuery) (face.Page[face.Member], error)
}

// enroller is what Register and Faces need of the gallery.
type enroller interface {
	Enrol(ctx context.Context, r gallery.EnrolRequest) (gallery.Enrolment, error)
	MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Face], error)
}

// faceKeeper is what the routes that change the faces of a member need of the
// gallery.
type faceKeeper interface {
	AddFace(ctx context.Context, r gallery.AddFaceRequest) (face.Face, error)
	AssignFace(ctx context.Context, memberID string, faceID uuid.UUID) error
	RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID) error
}

// identifier is what Search needs of the gallery.
type identifier interface {
	Identify(ctx context.Context, q gallery.IdentifyQuery) ([]gallery.Identified, error)
}

// verifier is what Verify needs of the gallery.
type verifier interface {
	Verify(ctx context.Context, q gallery.VerifyQuery) (gallery.Verification, error)
}

// livenessChecker is what SpoofCheck needs of the gallery.
type livenessChecker interface {
	CheckLiveness(ctx context.Context, q gallery.LivenessQuery) (face.Inspected, error)
}

// imageKeeper is what Images needs of the gallery.
type imageKeeper interface {
	Image(ctx context.Context, id uuid.UUID, size gallery.ImageSize) (face.Image, error)
}

// Gallery is all that the dialect needs of the gallery.
type Gallery interface {
	watchlistKeeper
	memberKeeper
	linker
	enroller
	faceKeeper
	identifier
	verifier
	livenessChecker
	recorder
	imageKeeper
}

// Options are the parts and settings of the dialect.
type Options struct {
	Gallery   Gallery
	Access    *httpx.Access // asks for keys; nil: lets everybody in
	Version   Version
	GPU       bool          // a GPU runs the models
	Liveness  bool          // there is a model for passive liveness
	Timeout   time.Duration // for the work of one request, 0: no bound
	BodyLimit int64         // bytes of a request body
	Bodies    *httpx.Budget // memory for the bodies of all requests; nil: no bound
}
