package gallery

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// repository is what the gallery needs of a database. A write is one
// transaction; where an index has to follow it, it leaves a change in the outbox.
type repository interface {
	watchlistRows
	memberRows
	faceRows
	livenessRows
}

type watchlistRows interface {
	CreateWatchlist(ctx context.Context, w face.Watchlist) error
	UpsertWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
	Watchlist(ctx context.Context, id string) (face.Watchlist, error)
	WatchlistUIDs(ctx context.Context, ids []string) (map[string]uuid.UUID, error)
	Watchlists(ctx context.Context, q face.PageQuery) (face.Page[face.Watchlist], error)
	DeleteWatchlist(ctx context.Context, id string, now time.Time) error

	WatchlistByUUID(ctx context.Context, id uuid.UUID) (face.Watchlist, error)
	WatchlistByName(ctx context.Context, name string) (face.Watchlist, error)
	EnsureWatchlist(ctx context.Context, w face.Watchlist) (face.Watchlist, error)
	ChangeWatchlist(ctx context.Context, id string, now time.Time, change func(*face.Watchlist) error) (face.Watchlist, error)
	MemberWatchlists(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Watchlist], error)
	WatchlistsOf(ctx context.Context, members []uuid.UUID) (map[uuid.UUID][]face.Watchlist, error)
}

type memberRows interface {
	CreateMember(ctx context.Context, m face.Member) error
	UpsertMember(ctx context.Context, m face.Member) (face.Member, error)
	Member(ctx context.Context, id string) (face.Member, error)
	Members(ctx context.Context, q face.PageQuery) (face.Page[face.Member], error)
	WatchlistMembers(ctx context.Context, watchlistID string, q face.PageQuery) (face.Page[face.Member], error)
	DeleteMember(ctx context.Context, id string, now time.Time) error
	Link(ctx context.Context, watchlistID string, memberIDs []string, now time.Time) error
	Unlink(ctx context.Context, watchlistID string, memberIDs []string, now time.Time) error

	MemberByUUID(ctx context.Context, id uuid.UUID) (face.Member, error)
	ChangeMember(ctx context.Context, id string, lists *[]string, now time.Time, change func(*face.Member) error) (face.Member, error)
	Relink(ctx context.Context, watchlistID string, add, remove []string, now time.Time) error
	RemoveExpired(ctx context.Context, limit int, now time.Time) (int, error)
	MembersByName(ctx context.Context, names []string) ([]uuid.UUID, error)
	MembersByExternalID(ctx context.Context, ids []string) ([]uuid.UUID, error)
}

type faceRows interface {
	// CheckEnrol returns the error that Enrol would give for these ids.
	CheckEnrol(ctx context.Context, memberID string, watchlistIDs []string, faceIDs []uuid.UUID) error
	Enrol(ctx context.Context, m face.Member, watchlistIDs []string, faces []face.Enrolled) ([]face.Watchlist, error)
	// CheckAddFace returns the error that AddFace would give for these ids.
	CheckAddFace(ctx context.Context, memberID string, faceID uuid.UUID) error
	// AddFace sets the member, and the tracklet where the member has one.
	AddFace(ctx context.Context, memberID string, f face.Enrolled) (face.Face, error)
	RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID, now time.Time) error
	FaceOwner(ctx context.Context, faceID uuid.UUID) (memberID string, err error)
	MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Face], error)
	Image(ctx context.Context, id uuid.UUID) (face.Image, error)
	TemplateLabels(ctx context.Context) (map[face.TemplateLabel]int, error)
	// Resolve returns a candidate without a score for each hit that the database
	// still knows, in the order of the hits.
	Resolve(ctx context.Context, hits []face.Hit) ([]face.Candidate, error)

	Face(ctx context.Context, id uuid.UUID) (face.Face, error)
	FacesOf(ctx context.Context, members []uuid.UUID) (map[uuid.UUID][]face.Face, error)
	FaceIDsOf(ctx context.Context, members []uuid.UUID) ([]uuid.UUID, error)
	Vectors(ctx context.Context, label face.TemplateLabel, faces []uuid.UUID) (map[uuid.UUID][]float32, error)
	// CandidatesOf returns a candidate without face and score for each watchlist of
	// members that is asked for; none asks for all.
	CandidatesOf(ctx context.Context, members, lists []uuid.UUID) ([]face.Candidate, error)
}

type livenessRows interface {
	KeepLiveness(ctx context.Context, t face.LivenessTransaction) error
	LivenessTransaction(ctx context.Context, id uuid.UUID) (face.LivenessTransaction, error)
	ForgetLiveness(ctx context.Context, before time.Time) error
}

// index finds the members whose faces are nearest to a probe.
type index interface {
	Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error)
}

// syncer brings the index up to the database.
type syncer interface {
	// Flush applies every change that is committed.
	Flush(ctx context.Context) error
	// CatchUp does so only if the last Flush failed: it is free otherwise.
	CatchUp(ctx context.Context) error
}

// inspector finds faces in pictures.
type inspector interface {
	Inspect(ctx context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error)
	Resize(ctx context.Context, jpeg []byte, minEdge, maxEdge int) (out []byte, width, height int, err error)
	Fit(ctx context.Context, data []byte, f face.Fitting) (face.Image, error)
	Label() face.TemplateLabel
}
