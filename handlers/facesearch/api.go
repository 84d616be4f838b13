package facesearch

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// identifier is what the searches need of the gallery.
type identifier interface {
	IdentifyMembers(ctx context.Context, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error)
	IdentifyDistinct(ctx context.Context, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error)
	Inspect(ctx context.Context, image []byte, opts face.InspectOptions) (face.Inspection, error)
}

// livenessKeeper takes the records of liveness checks.
type livenessKeeper interface {
	KeepLiveness(ctx context.Context, t face.LivenessTransaction) error
}

// thumbnailer is what thumbnails need of the gallery.
type thumbnailer interface {
	Image(ctx context.Context, id uuid.UUID, size gallery.ImageSize) (face.Image, error)
	Resize(ctx context.Context, image face.Image, size gallery.ImageSize) (face.Image, error)
}

// collectionFinder finds the collection that a request names.
type collectionFinder interface {
	WatchlistByName(ctx context.Context, name string) (face.Watchlist, error)
}

// collectionKeeper is what the operations on collections need of the gallery.
type collectionKeeper interface {
	collectionFinder
	CreateWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
	Watchlists(ctx context.Context, q face.PageQuery) (face.Page[face.Watchlist], error)
	DeleteWatchlist(ctx context.Context, id string) error
}

// enroller is what enrolment needs of the gallery.
type enroller interface {
	collectionFinder
	Enrol(ctx context.Context, r gallery.EnrolRequest) (gallery.Enrolment, error)
	WatchlistMembers(ctx context.Context, watchlistID string, q face.PageQuery) (face.Page[face.Member], error)
}

// linker is what the operations between collections and people need of the gallery.
type linker interface {
	collectionFinder
	Relink(ctx context.Context, watchlistID string, add, remove []string) error
}

// personKeeper is what the operations on people need of the gallery.
type personKeeper interface {
	Member(ctx context.Context, id string) (face.Member, error)
	MemberWatchlists(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Watchlist], error)
	MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Face], error)
	ChangeMember(ctx context.Context, id string, c gallery.MemberChange) (face.Member, error)
	DeleteMember(ctx context.Context, id string) error
}

// faceKeeper is what the operations on the faces of people need of the gallery.
type faceKeeper interface {
	AddFace(ctx context.Context, r gallery.AddFaceRequest) (face.Face, error)
	RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID) error
}

// Gallery is all that the dialect needs of the gallery.
type Gallery interface {
	identifier
	livenessKeeper
	thumbnailer
	collectionKeeper
	enroller
	linker
	personKeeper
	faceKeeper
}

// Options are the parts and settings of the dialect.
type Options struct {
	Gallery   Gallery
	Access    *httpx.Access // asks for keys: this dialect should never be without
	Liveness  bool          // there is a model for passive liveness
	Timeout   time.Duration // for the work of one request, 0: no bound
	BodyLimit int64         // bytes of a request body
	Bodies    *httpx.Budget // memory for the bodies of all requests; nil: no bound
}
