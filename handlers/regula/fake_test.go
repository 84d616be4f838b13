package regula_test

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

// fakeGallery knows some members and watchlists, answers the rest as it is told to,
// and remembers what it was asked to do.
type fakeGallery struct {
	handlers.Gallery // what the other dialects need

	did   []any            // the name and the arguments of each call that does something
	errs  map[string]error // answered by a method in place of all else
	hangs bool             // searches do, until the context ends

	members    []face.Member
	watchlists []face.Watchlist
	on         map[uuid.UUID][]face.Watchlist // by the UIDs of members
	faces      []face.Face
	picture    face.Image
	identified []gallery.IdentifiedMembers
	enrolled   *gallery.Enrolment
	liveness   face.LivenessTransaction
	total      int // of every listing
}

func (g *fakeGallery) done(name string, args ...any) error {
	g.did = append(g.did, append([]any{name}, args...))
	return g.errs[name]
}

func (g *fakeGallery) MemberByUUID(_ context.Context, id uuid.UUID) (face.Member, error) {
	for _, m := range g.members {
		if m.UUID() == id {
			return m, g.errs["MemberByUUID"]
		}
	}
	return face.Member{}, face.Errorf(face.NotFound, "Watchlist member with id '%s' was not found.", id)
}

func (g *fakeGallery) WatchlistByUUID(_ context.Context, id uuid.UUID) (face.Watchlist, error) {
	for _, w := range g.watchlists {
		if w.UUID() == id {
			return w, g.errs["WatchlistByUUID"]
		}
	}
	return face.Watchlist{}, face.Errorf(face.NotFound, "Watchlist with id '%s' was not found.", id)
}

func (g *fakeGallery) EnsureWatchlist(_ context.Context, w face.Watchlist) (face.Watchlist, error) {
	return w, g.done("EnsureWatchlist", w)
}

func (g *fakeGallery) WatchlistsOf(_ context.Context, uids []uuid.UUID) (map[uuid.UUID][]face.Watchlist, error) {
	out := map[uuid.UUID][]face.Watchlist{}
	for _, uid := range uids {
		out[uid] = g.on[uid]
	}
	return out, g.errs["WatchlistsOf"]
}

func (g *fakeGallery) AddMember(_ context.Context, m face.Member, ids []string) (face.Member, []face.Watchlist, error) {
	err := g.done("AddMember", m, ids)
	m.CreatedAt = sampleTime
	lists := make([]face.Watchlist, 0, len(ids))
	for _, id := range ids {
		lists = append(lists, face.Watchlist{ID: id})
	}
	return m, lists, err
}

// changed is a MemberChange with what it did to a member in place of the function.
type changed struct {
	Member       face.Member
	WatchlistIDs *[]string
}

func (g *fakeGallery) ChangeMember(_ context.Context, id string, c gallery.MemberChange) (face.Member, error) {
	m := g.members[0]
	c.Change(&m)
	return m, g.done("ChangeMember", id, changed{m, c.WatchlistIDs})
}

func (g *fakeGallery) DeleteMember(_ context.Context, id string) error {
	return g.done("DeleteMember", id)
}

func (g *fakeGallery) Watchlists(_ context.Context, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return face.Page[face.Watchlist]{Items: g.watchlists, Total: g.total}, g.done("Watchlists", q)
}

func (g *fakeGallery) CreateWatchlist(_ context.Context, w face.Watchlist) (face.Watchlist, error) {
	err := g.done("CreateWatchlist", w)
	w.CreatedAt = sampleTime
	return w, err
}

func (g *fakeGallery) ChangeWatchlist(_ context.Context, id string, change func(*face.Watchlist)) (face.Watchlist, error) {
	w := g.watchlists[0]
	change(&w)
	return w, g.done("ChangeWatchlist", id, w)
}

func (g *fakeGallery) DeleteWatchlist(_ context.Context, id string) error {
	return g.done("DeleteWatchlist", id)
}

func (g *fakeGallery) WatchlistMembers(_ context.Context, id string, q face.PageQuery) (face.Page[face.Member], error) {
	return face.Page[face.Member]{Items: g.members, Total: g.total}, g.done("WatchlistMembers", id, q)
}

func (g *fakeGallery) MemberWatchlists(_ context.Context, id string, q face.PageQuery) (face.Page[face.Watchlist], error) {
	return face.Page[face.Watchlist]{Items: g.watchlists, Total: g.total}, g.done("MemberWatchlists", id, q)
}

func (g *fakeGallery) Relink(_ context.Context, id string, add, remove []string) error {
	return g.done("Relink", id, add, remove)
}

func (g *fakeGallery) MemberFaces(_ context.Context, id string, q face.PageQuery) (face.Page[face.Face], error) {
	return face.Page[face.Face]{Items: g.faces, Total: g.total}, g.done("MemberFaces", id, q)
}

func (g *fakeGallery) AddFace(_ context.Context, r gallery.AddFaceRequest) (face.Face, error) {
	return g.faces[0], g.done("AddFace", r)
}

func (g *fakeGallery) FacePicture(_ context.Context, id string, faceID uuid.UUID) (face.Image, error) {
	return g.picture, g.done("FacePicture", id, faceID)
}

func (g *fakeGallery) RemoveFace(_ context.Context, id string, faceID uuid.UUID) error {
	return g.done("RemoveFace", id, faceID)
}

func (g *fakeGallery) IdentifyMembers(ctx context.Context, q gallery.MembersQuery) ([]gallery.IdentifiedMembers, error) {
	if g.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return g.identified, g.done("IdentifyMembers", q)
}

func (g *fakeGallery) IdentifyOrEnrol(_ context.Context, q gallery.MembersQuery, m face.Member, ids []string) ([]gallery.IdentifiedMembers, *gallery.Enrolment, error) {
	return g.identified, g.enrolled, g.done("IdentifyOrEnrol", q, m, ids)
}

func (g *fakeGallery) LivenessTransaction(_ context.Context, id uuid.UUID) (face.LivenessTransaction, error) {
	return g.liveness, g.done("LivenessTransaction", id)
}

// Ids of the samples.
const (
	annID   = "019b8a3c-5d5a-7c3e-9f4e-2f8d7f0c1a55"
	jurajID = "0198f000-0000-7000-8000-000000000002" // the UID of a member with an id of its own kind
	groupID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	listID  = "0198f000-0000-7000-8000-000000000003" // likewise, of a watchlist
	faceID  = "019b8a3c-6111-7d0a-8b5c-0a4b6c2d8e10"
	noID    = "ffffffff-ffff-4fff-bfff-ffffffffffff"
	madeID  = "00000000-0000-7000-8000-000000000001" // the Default group
)

var sampleTime = time.Date(2026, 1, 5, 12, 54, 1, 0, time.UTC)

func sampleGallery() *fakeGallery {
	ann := face.Member{
		ID: annID, UID: uuid.MustParse("0198f000-0000-7000-8000-000000000001"), DisplayName: new("Ann"), FullName: new("Ann"), ExternalID: new("e1"),
		Labels: []face.Label{{Key: "room", Value: "12"}}, Extra: json.RawMessage(`{"floor":3}`), CreatedAt: sampleTime,
	}
	juraj := face.Member{ID: "juraj-custom-id", UID: uuid.MustParse(jurajID), DisplayName: new("Juraj"), CreatedAt: sampleTime, UpdatedAt: sampleTime.Add(time.Hour)}
	staff := face.Watchlist{ID: groupID, DisplayName: "Employees", FullName: "Employees", Metadata: json.RawMessage(`{"floor":3}`), Threshold: 40, PreviewColor: "#4adf62", CreatedAt: sampleTime}
	list := face.Watchlist{ID: "employees", UID: uuid.MustParse(listID), DisplayName: "Staff", Threshold: 40, PreviewColor: "#4adf62", CreatedAt: sampleTime}
	f := face.Face{
		ID: uuid.MustParse(faceID), PictureID: uuid.MustParse("019b8a3c-6111-7d0a-8b5c-0a4b6c2d8e11"), PictureType: "image/png", CreatedAt: sampleTime,
	}
	return &fakeGallery{
		errs: map[string]error{}, members: []face.Member{ann, juraj}, watchlists: []face.Watchlist{staff, list},
		on:    map[uuid.UUID][]face.Watchlist{ann.UID: {staff}, juraj.UID: {list, staff}},
		faces: []face.Face{f}, picture: face.Image{MediaType: "image/png", Data: []byte("a picture")}, total: 2,
		identified: []gallery.IdentifiedMembers{{
			Inspected: face.Inspected{Finding: face.Finding{
				Box: face.Box{X: 100.4, Y: 89.6, W: 90.2, H: 110.1},
				Landmarks: face.Landmarks{
					LeftEye: face.Point{X: 119.6, Y: 130.2}, RightEye: face.Point{X: 160, Y: 131}, Nose: face.Point{X: 140, Y: 152},
					LeftMouth: face.Point{X: 124, Y: 172}, RightMouth: face.Point{X: 157, Y: 173},
				},
			}},
			Candidates: []gallery.MemberCandidate{{
				Member: ann, Watchlists: []face.Watchlist{staff}, Score: 97.6, Faces: []gallery.FaceScore{{Face: f, Score: 97.6}},
			}},
		}},
		enrolled: nil,
		liveness: face.LivenessTransaction{ID: uuid.MustParse(faceID), Tag: "s-1", Confirmed: new(true), Score: 97.204, Age: new(33.6), CreatedAt: sampleTime},
	}
}
