package smartface_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

const (
	watchlistJSON = `{"id":"employees","displayName":"Employees","fullName":"Employees","threshold":40,"previewColor":"#4adf62","createdAt":"2026-01-05T12:53:47.726661Z","updatedAt":null}`
	memberJSON    = `{"id":"juraj-custom-id","displayName":"Juraj","fullName":"Juraj K.","note":"","labels":[{"key":"room","value":"12"}],"createdAt":"2026-01-05T12:54:01.120001Z","updatedAt":null}`
)

// Each operation hands on what was sent, with the contract's defaults, and
// answers with its success status and body.
func TestOperations(t *testing.T) {
	t.Parallel()
	list := face.Watchlist{DisplayName: "A", FullName: "B", Threshold: 40, PreviewColor: "#4adf62"}
	tests := []struct {
		name, method, target, route, body string
		asked                             any
		status                            int
		want                              string // "" for none
	}{
		{"create a watchlist", "POST", "/api/v1/Watchlists", "", `{"displayName":"A","fullName":"B"}`, list, 201, watchlistJSON},
		{"create with all", "POST", "/api/v1/watchlists/", "/api/v1/Watchlists", `{"displayName":"A","fullName":"","threshold":0,"previewColor":"#01a"}`,
			face.Watchlist{DisplayName: "A", Threshold: 0, PreviewColor: "#01a"}, 201, watchlistJSON},
		{"create with nulls", "POST", "/api/v1/Watchlists", "", `{"displayName":"A","fullName":"B","threshold":null,"previewColor":null}`, list, 201, watchlistJSON},
		{"upsert a watchlist", "PUT", "/api/v1/Watchlists", "", `{"id":"x y","displayName":"A","fullName":"B","threshold":100}`,
			face.Watchlist{ID: "x y", DisplayName: "A", FullName: "B", Threshold: 100, PreviewColor: "#4adf62"}, 200, watchlistJSON},
		{"get a watchlist", "GET", "/api/v1/Watchlists/a%2Fb", "/api/v1/Watchlists/{id}", "", "a/b", 200, watchlistJSON},
		{"delete a watchlist", "DELETE", "/api/v1/Watchlists/search", "/api/v1/Watchlists/{id}", "", "search", 204, ""},

		{"create a member", "POST", "/api/v1/WatchlistMembers", "", `{"displayName":"A","fullName":"B","note":"c","labels":[{"key":"k","value":"v"},{"key":"k","value":null}]}`,
			face.Member{DisplayName: new("A"), FullName: new("B"), Note: new("c"), Labels: []face.Label{{Key: "k", Value: "v"}, {Key: "k"}}}, 201, memberJSON},
		{"create a member of nothing", "POST", "/api/v1/WatchlistMembers", "", `{}`, face.Member{Labels: []face.Label{}}, 201, memberJSON},
		{"upsert a member: null and empty differ", "PUT", "/api/v1/WatchlistMembers", "", `{"id":"x","displayName":null,"fullName":""}`,
			face.Member{ID: "x", FullName: new(""), Labels: []face.Label{}}, 200, memberJSON},
		{"get a member", "GET", "/api/v1/WatchlistMembers/register", "/api/v1/WatchlistMembers/{id}", "", "register", 200, memberJSON},
		{"delete a member", "DELETE", "/api/v1/watchlistmembers/100%25", "/api/v1/WatchlistMembers/{id}", "", "100%", 204, ""},

		{"link", "POST", "/api/v1/WatchlistMembers/LinkToWatchlist", "", `{"watchlistId":"w","watchlistMembersIds":["a","b"]}`,
			[]any{"link", "w", []string{"a", "b"}}, 204, ""},
		{"unlink", "POST", "/api/v1/watchlistMembers/unlinkFromWatchlist/", "/api/v1/WatchlistMembers/UnlinkFromWatchlist", `{"WatchlistId":"w","watchlistMembersIds":["a"]}`,
			[]any{"unlink", "w", []string{"a"}}, 204, ""},

		{"assign a face", "POST", "/api/v1/watchlistmembers/a%2Fb/addfacefromsystem/", membersPath + "/{id}/AddFaceFromSystem",
			`{"faceId":"497F6ECA-6276-4993-bfeb-53cbbbba6f08","memberId":7}`, []any{"assign", "a/b", sampleFace().ID}, 204, ""},
		{"remove a face", "POST", "/api/v1/WatchlistMembers/RemoveFace/RemoveFace", membersPath + "/{id}/RemoveFace",
			`{"FaceId":"497f6eca-6276-4993-bfeb-53cbbbba6f08"}`, []any{"remove", "RemoveFace", sampleFace().ID}, 204, ""},
		{"add a face", "POST", "/api/v1/WatchlistMembers/x%20y/AddNewFace", membersPath + "/{id}/AddNewFace",
			`{"imageData":{"faceId":null,"data":"/9j/4AAQ"},"faceValidationMode":"none"}`,
			gallery.AddFaceRequest{MemberID: "x y", Picture: gallery.EnrolImage{Data: samplePicture}, Inspect: storedFace()}, 201, faceJSON(t)},
		{"add a face with all", "POST", "/api/v1/WatchlistMembers/x/addNewFace", membersPath + "/{id}/AddNewFace",
			`{"imageData":{"faceId":"497f6eca-6276-4993-bfeb-53cbbbba6f08","data":"/9j/4AAQ"},"faceDetectorResourceId":"accurate_any","templateGeneratorResourceId":"any",
				"faceDetectorConfig":{"minFaceSize":1,"maxFaceSize":2000,"maxFaces":1,"confidenceThreshold":10000}}`,
			gallery.AddFaceRequest{MemberID: "x", Picture: gallery.EnrolImage{FaceID: sampleFace().ID, Data: samplePicture}, Inspect: storedFace(func(o *face.InspectOptions) {
				o.MinFaceSize, o.MaxFaceSize, o.MaxFaces, o.Confidence, o.Detector = 1, 2000, 1, 1, face.Accurate
			})}, 201, faceJSON(t)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			route := tt.route
			if route == "" {
				route = tt.target
			}
			rec := newServer(t, g).do(t, tt.method, tt.target, tt.body, route)
			if rec.Code != tt.status {
				t.Fatalf("got %d %s, want %d", rec.Code, rec.Body, tt.status)
			}
			if diff := cmp.Diff(tt.asked, g.got); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
			if tt.want != "" {
				sameJSON(t, rec.Body.String(), tt.want)
			}
		})
	}
}

// storedFace are the options for a face that is to be stored: the defaults of
// Register, changed.
func storedFace(change ...func(*face.InspectOptions)) face.InspectOptions {
	o := everyFace()
	o.Crops = true
	for _, c := range change {
		c(&o)
	}
	return o
}

// faceJSON returns sampleFace as the answer of Register tells of it.
func faceJSON(t *testing.T) string {
	t.Helper()
	var registered struct{ Faces []json.RawMessage }
	if err := json.Unmarshal([]byte(sample(t, "register_answer.json")), &registered); err != nil {
		t.Fatal(err)
	}
	return string(registered.Faces[0])
}

func TestUpdatedAt(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	g.watchlist.UpdatedAt = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	rec := newServer(t, g).do(t, http.MethodGet, "/api/v1/Watchlists/x", "", "/api/v1/Watchlists/{id}")
	if want := `"updatedAt":"2026-02-01T00:00:00.000000Z"`; !strings.Contains(rec.Body.String(), want) {
		t.Errorf("got %s, want %s", rec.Body, want)
	}
}

// A member without names and labels is told with nulls and [].
func TestMemberOfNothing(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	g.member = face.Member{ID: "x", CreatedAt: sampleMade}
	rec := newServer(t, g).do(t, http.MethodGet, "/api/v1/WatchlistMembers/x", "", "/api/v1/WatchlistMembers/{id}")
	sameJSON(t, rec.Body.String(), `{"id":"x","displayName":null,"fullName":null,"note":null,"labels":[],"createdAt":"2026-01-05T12:53:47.726661Z","updatedAt":null}`)
}

func TestListings(t *testing.T) {
	t.Parallel()
	listings := []struct{ path, route string }{
		{"/api/v1/Watchlists", "/api/v1/Watchlists"},
		{"/api/v1/WatchlistMembers", "/api/v1/WatchlistMembers"},
		{"/api/v1/Watchlists/a%2Fb/WatchlistMembers", "/api/v1/Watchlists/{id}/WatchlistMembers"},
		{"/api/v1/WatchlistMembers/a%2Fb/Faces", "/api/v1/WatchlistMembers/{id}/Faces"},
	}
	tests := []struct {
		name, query    string
		asked          face.PageQuery
		more           bool
		total          int
		number, size   float64
		count          any
		previous, next any // what follows the path
	}{
		{"defaults", "", face.PageQuery{Number: 1, Size: 100}, false, -1, 1, 100, nil, nil, nil},
		{"as the web client asks", "/?PageNumber=1&PageSize=10", face.PageQuery{Number: 1, Size: 10}, true, -1, 1, 10, nil, nil, "?PageNumber=2&PageSize=10"},
		{"in the middle", "?pagenumber=2&pagesize=10&ascending=True&showtotalcount=true",
			face.PageQuery{Number: 2, Size: 10, Ascending: true, Total: true}, true, 35, 2, 10, 35.,
			"?ascending=True&pagenumber=1&pagesize=10&showtotalcount=true", "?ascending=True&pagenumber=3&pagesize=10&showtotalcount=true"},
		{"an empty listing is counted", "?ShowTotalCount=true", face.PageQuery{Number: 1, Size: 100, Total: true}, false, 0, 1, 100, 0., nil, nil},
		{"past the end", "?PageNumber=9", face.PageQuery{Number: 9, Size: 100}, false, -1, 9, 100, nil, "?PageNumber=8", nil},
		{"larger than is answered", "?PageSize=2147483647", face.PageQuery{Number: 1, Size: 1000}, true, -1, 1, 1000, nil, nil, "?PageNumber=2&PageSize=2147483647"},
		{"other parameters stay", "?x=1&PageNumber=2&y=a%26b", face.PageQuery{Number: 2, Size: 100}, false, -1, 2, 100, nil, "?PageNumber=1&x=1&y=a%26b", nil},
	}
	for _, l := range listings {
		for _, tt := range tests {
			t.Run(l.route+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				g := newSampleGallery()
				g.watchlists.More, g.members.More, g.faces.More = tt.more, tt.more, tt.more
				g.watchlists.Total, g.members.Total, g.faces.Total = tt.total, tt.total, tt.total
				rec := newServer(t, g).do(t, http.MethodGet, l.path+tt.query, "", l.route)
				var asked any = tt.asked
				if strings.Contains(l.path, "%2F") {
					asked = []any{"a/b", tt.asked}
				}
				if diff := cmp.Diff(asked, g.got); diff != "" {
					t.Errorf("gallery: -want +got\n%s", diff)
				}
				link := func(v any) any {
					if v == nil {
						return nil
					}
					return l.path + v.(string)
				}
				var got map[string]any
				if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
					t.Fatal(err)
				}
				if items, _ := got["items"].([]any); len(items) != 1 {
					t.Errorf("items: got %v, want one", got["items"])
				}
				delete(got, "items")
				want := map[string]any{
					"totalItemsCount": tt.count, "pageSize": tt.size, "pageNumber": tt.number,
					"previousPage": link(tt.previous), "nextPage": link(tt.next),
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
			})
		}
		for _, query := range []string{
			"PageNumber=0", "PageNumber=-1", "PageNumber=x", "PageNumber=2147483648", "PageSize=0", "PageSize=1.5", "PageSize=",
			"Ascending=1", "ShowTotalCount=yes", "PageSize=%zz",
		} {
			t.Run(l.route+"?"+query, func(t *testing.T) {
				t.Parallel()
				g := newSampleGallery()
				if rec := newServer(t, g).do(t, http.MethodGet, l.path+"?"+query, "", l.route); rec.Code != http.StatusBadRequest || g.calls > 0 {
					t.Errorf("got %d after %d calls, want 400 after none", rec.Code, g.calls)
				}
			})
		}
	}
}

// Pages without items have [], never null.
func TestEmptyListings(t *testing.T) {
	t.Parallel()
	for path, route := range map[string]string{
		"/api/v1/Watchlists": "/api/v1/Watchlists", "/api/v1/WatchlistMembers": "/api/v1/WatchlistMembers",
		"/api/v1/Watchlists/x/WatchlistMembers": "/api/v1/Watchlists/{id}/WatchlistMembers",
		"/api/v1/WatchlistMembers/x/Faces":      "/api/v1/WatchlistMembers/{id}/Faces",
	} {
		rec := newServer(t, &fakeGallery{}).do(t, http.MethodGet, path, "", route)
		if !strings.Contains(rec.Body.String(), `"items":[]`) {
			t.Errorf("%s: got %s, want items []", path, rec.Body)
		}
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	const id = "b24530bd-cd48-48ab-ad8c-8f8a9678282e"
	tests := []struct {
		name, target string
		asked        any
		status       int
	}{
		{"as stored", "/api/v1/Images/" + id, []any{uuid.MustParse(id), gallery.ImageSize{}}, 200},
		{"as the web client asks", "/api/v1/images/" + strings.ToUpper(id), []any{uuid.MustParse(id), gallery.ImageSize{}}, 200},
		{"resized", "/api/v1/Images/" + id + "?minSize=10&MAXSIZE=4096", []any{uuid.MustParse(id), gallery.ImageSize{MinEdge: 10, MaxEdge: 4096}}, 200},
		{"size 0", "/api/v1/Images/" + id + "?minSize=0", nil, 400},
		{"size below 0", "/api/v1/Images/" + id + "?maxSize=-5", nil, 400},
		{"no size", "/api/v1/Images/" + id + "?maxSize=big", nil, 400},
		{"a size that would eat the memory", "/api/v1/Images/" + id + "?minSize=2147483647", nil, 400},
		{"no UUID", "/api/v1/Images/portrait", nil, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			rec := newServer(t, g).do(t, http.MethodGet, tt.target, "", "/api/v1/Images/{id}")
			if rec.Code != tt.status {
				t.Fatalf("got %d %s, want %d", rec.Code, rec.Body, tt.status)
			}
			if diff := cmp.Diff(tt.asked, g.got); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
			if tt.status == 200 && (rec.Body.String() != "\xff\xd8 a crop" || rec.Header().Get("Cache-Control") != "no-store") {
				t.Errorf("got %q with headers %v, want the crop, and no store", rec.Body, rec.Header())
			}
		})
	}
}
