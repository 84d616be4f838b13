package repository

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

// testLabel is the label of the templates that these tests store.
const testLabel = face.TemplateLabel("test@1")

// epoch is when the first row of a test is made.
var epoch = time.Date(2026, 5, 4, 3, 2, 1, 123456000, time.UTC)

// databases are the kinds that a test runs on.
var databases = []string{"sqlite", "postgres"}

// openKind opens an empty database of a kind.
func openKind(tb testing.TB, kind string) *Repository {
	tb.Helper()
	if kind == "postgres" {
		return openWith(tb, Options{URL: repositorytest.Postgres(tb)})
	}
	return openTest(tb)
}

// openTest opens an empty SQLite database.
func openTest(tb testing.TB) *Repository {
	tb.Helper()
	return openWith(tb, Options{Dir: tb.TempDir()})
}

func openWith(tb testing.TB, opts Options) *Repository {
	tb.Helper()
	r, err := Open(tb.Context(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r
}

func newID(tb testing.TB) uuid.UUID {
	tb.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

func newWatchlist(tb testing.TB, id string) face.Watchlist {
	tb.Helper()
	return face.Watchlist{
		UID: newID(tb), ID: id, DisplayName: "List " + id, FullName: "The list " + id,
		Threshold: 40, PreviewColor: "#4adf62", CreatedAt: epoch,
	}
}

func newMember(tb testing.TB, id string) face.Member {
	tb.Helper()
	name, note := "Name of "+id, ""
	return face.Member{
		UID: newID(tb), ID: id, FullName: &name, Note: &note, CreatedAt: epoch,
		Labels: []face.Label{{Key: "z", Value: "1"}, {Key: "a", Value: ""}, {Key: "z", Value: "2"}},
	}
}

// newFace returns a face of a member with all that is stored beside it.
func newFace(tb testing.TB, m face.Member) face.Enrolled {
	tb.Helper()
	age, yaw := 33.25, -12.5
	point := func(n float64) face.Point { return face.Point{X: n + 0.1, Y: -n - 1.0/3} }
	image := face.Image{ID: newID(tb), MediaType: "image/jpeg", Width: 112, Height: 96, Data: []byte{0xff, 0xd8, 0, 1}, CreatedAt: m.CreatedAt}
	return face.Enrolled{
		Image: image,
		Face: face.Face{
			ID: newID(tb), MemberUID: m.UID, TrackletID: newID(tb), FrameID: newID(tb), ImageID: image.ID,
			Order: 1, FacesOnFrame: 2, CreatedAt: m.CreatedAt,
			Finding: face.Finding{
				Box: face.Box{X: -3.5, Y: 4.25, W: 100.125, H: 130},
				Landmarks: face.Landmarks{
					LeftEye: point(1), RightEye: point(2), Nose: point(3), LeftMouth: point(4), RightMouth: point(5),
				},
				Crop:       face.Quad{LeftTop: point(6), RightTop: point(7), LeftBottom: point(8), RightBottom: point(9)},
				Confidence: 0.98, Size: 61.7, Area: 0.051, Quality: 8100, TemplateQuality: 201,
				Attributes: face.Attributes{Age: &age, Yaw: &yaw},
			},
		},
		Templates: []face.Template{{Label: testLabel, Vector: []float32{0.6, -0.8, 0}, Quality: 201}},
	}
}

// create stores watchlists.
func create(tb testing.TB, r *Repository, ids ...string) []face.Watchlist {
	tb.Helper()
	lists := make([]face.Watchlist, len(ids))
	for i, id := range ids {
		lists[i] = newWatchlist(tb, id)
		if err := r.CreateWatchlist(tb.Context(), lists[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return lists
}

// enrol stores a member with so many faces.
func enrol(tb testing.TB, r *Repository, id string, lists []string, faces int) (face.Member, []face.Enrolled) {
	tb.Helper()
	m := newMember(tb, id)
	all := make([]face.Enrolled, faces)
	for i := range all {
		all[i] = newFace(tb, m)
	}
	if _, err := r.Enrol(tb.Context(), m, lists, all); err != nil {
		tb.Fatal(err)
	}
	return m, all
}

// enrolTables are what an enrolment writes, in the order of the schema.
var enrolTables = []string{"members", "member_labels", "memberships", "images", "faces", "templates", "outbox"}

// tables are all that the schema holds rows in.
var tables = append([]string{"api_keys", "watchlists", "liveness_transactions"}, enrolTables...)

// counts returns the number of rows of each table that has any.
func counts(tb testing.TB, r *Repository) map[string]int {
	tb.Helper()
	out := map[string]int{}
	for _, table := range tables {
		var n int
		if err := r.read.Raw("SELECT count(*) FROM " + table).Row().Scan(&n); err != nil {
			tb.Fatal(err)
		}
		if n > 0 {
			out[table] = n
		}
	}
	return out
}

// operations returns the outbox as text, in the words of the test: names of
// watchlists, and how many faces.
func operations(tb testing.TB, r *Repository, lists []face.Watchlist) []string {
	tb.Helper()
	changes, err := r.Changes(tb.Context(), 0, 1000)
	if err != nil {
		tb.Fatal(err)
	}
	names := map[uuid.UUID]string{}
	for _, w := range lists {
		names[w.UID] = w.ID
	}
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = fmt.Sprintf("%s %s", c.Op, names[c.Watchlist])
	}
	return out
}
