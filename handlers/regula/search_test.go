package regula_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

const detectionJSON = `{"code":0,"idx":0,"landmarks":[[120,130],[160,131],[140,152],[124,172],[157,173]],"roi":[100,90,90,110]}`

func TestSearchAnswer(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	rec := newServer(t, g).do(t, http.MethodPost, searchRoute,
		`{"groupIds":[],"image":{"content":"/9j/","contentType":"image/jpeg"},"threshold":0.8,"limit":10,"tag":"s-1"}`, searchRoute)
	if rec.Code != http.StatusOK {
		t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
	}
	hit := strings.TrimSuffix(annJSON, "}") + `,"detection":` + detectionJSON +
		`,"images":[` + strings.TrimSuffix(imageJSON, "}") + `,"similarity":0.99,"distance":0.01}]}`
	sameJSON(t, rec.Body.String(), `{"code":0,"persons":[`+hit+`]}`)
}

func TestSearchQuery(t *testing.T) {
	t.Parallel()
	usual := func(change ...func(*gallery.MembersQuery)) gallery.MembersQuery {
		q := gallery.MembersQuery{IdentifyQuery: gallery.IdentifyQuery{
			Image: []byte{0xff, 0xd8, 0xff}, WatchlistIDs: []string{}, MinScore: 40, MaxCandidates: 100, Inspect: face.InspectOptions{Central: true},
		}, Keep: true}
		for _, c := range change {
			c(&q)
		}
		return q
	}
	tests := []struct {
		name, body string
		want       gallery.MembersQuery
	}{
		{"a picture alone", ``, usual()},
		{"as the Python client sends it", `,"detectAll":false`, usual()},
		{"nulls", `,"groupIds":null,"filter":null,"createPerson":null,"threshold":null,"limit":null,"tag":null,"detectAll":null,"outputImageParams":null`, usual()},
		{"all faces", `,"detectAll":true`, usual(func(q *gallery.MembersQuery) { q.Inspect.Central = false })},
		{"threshold and limit", `,"threshold":0.9,"limit":3.0`, usual(func(q *gallery.MembersQuery) {
			q.MinScore, q.MaxCandidates = face.ScoreOfSimilarity(0.9), 3
		})},
		{"everybody", `,"threshold":0`, usual(func(q *gallery.MembersQuery) { q.MinScore = 0 })},
		{"groups", `,"groupIds":["` + groupID + `","` + listID + `"]`, usual(func(q *gallery.MembersQuery) { q.WatchlistIDs = []string{groupID, "employees"} })},
		{"names", `,"filter":{"op":"in","field":"name","value":["Ann"]}`, usual(func(q *gallery.MembersQuery) {
			q.Filter = &gallery.MemberFilter{Field: gallery.MemberName, Values: []string{"Ann"}}
		})},
		{"all but some", `,"filter":{"op":"nin","field":"externalId","value":["e1"]}`, usual(func(q *gallery.MembersQuery) {
			q.Filter = &gallery.MemberFilter{Field: gallery.MemberExternalID, Values: []string{"e1"}, Exclude: true}
		})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			rec := newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"}`+tt.body+`}`, searchRoute)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
			}
			if diff := cmp.Diff([]any{[]any{"IdentifyMembers", tt.want}}, g.did); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
		})
	}
}

func TestSearchResizes(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/","resizeOptions":{"width":640}}}`, searchRoute)
	if q, ok := g.did[0].([]any)[1].(gallery.MembersQuery); !ok || q.Fit != (face.Fitting{Width: 640, Quality: 100}) {
		t.Errorf("got %+v, want the picture resized", g.did)
	}
}

func TestSearchExactly(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{"true": 200, "": 200, "yes": 400} {
		g := sampleGallery()
		req := httptest.NewRequest(http.MethodPost, searchRoute, strings.NewReader(`{"image":{"content":"/9j/"}}`))
		req.Header.Set("X-Facekeep-Exact", header)
		rec := newServer(t, g).send(t, req, searchRoute)
		if rec.Code != want {
			t.Errorf("%q: got %d, want %d", header, rec.Code, want)
		}
		if want == 200 && g.did[0].([]any)[1].(gallery.MembersQuery).Exact != (header == "true") {
			t.Errorf("%q: got %+v", header, g.did)
		}
	}
}

// Persons of all faces come in one order, and the limit is for all of them.
func TestSearchOrder(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	candidate := func(name string, score face.Score) gallery.MemberCandidate {
		return gallery.MemberCandidate{Member: face.Member{UID: uuid.New(), FullName: &name}, Score: score}
	}
	g.identified = []gallery.IdentifiedMembers{
		{Candidates: []gallery.MemberCandidate{candidate("a", 90), candidate("b", 50)}},
		{},
		{Candidates: []gallery.MemberCandidate{candidate("c", 100), candidate("d", 60), candidate("a", 41)}},
	}
	rec := newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"},"detectAll":true,"limit":4}`, searchRoute)
	var got struct {
		Persons []struct {
			Name      string
			Detection struct{ Idx int }
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var names strings.Builder
	for _, p := range got.Persons {
		names.WriteString(p.Name + string(rune('0'+p.Detection.Idx)) + " ")
	}
	if want := "c2 a0 d2 b0 "; names.String() != want {
		t.Errorf("got %s, want %s", names.String(), want)
	}
}

func TestSearchFindsNobody(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	g.identified[0].Candidates = nil
	rec := newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"}}`, searchRoute)
	sameJSON(t, rec.Body.String(), `{"code":0,"persons":[]}`)
}

func TestSearchMakesAPerson(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		groups     []string
		member     face.Member
	}{
		{"in the Default group", `"createPerson":{"name":"Bob"}`, []string{madeID}, face.Member{DisplayName: new("Bob"), FullName: new("Bob")}},
		{"in the groups that were searched", `"createPerson":{"name":"Bob","metadata":{"room":"7"}},"groupIds":["` + groupID + `"]`, []string{groupID},
			face.Member{DisplayName: new("Bob"), FullName: new("Bob"), Labels: []face.Label{{Key: "room", Value: "7"}}}},
		{"without a name", `"createPerson":{"name":null,"ttl":null}`, []string{madeID}, face.Member{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			g.enrolled = &gallery.Enrolment{Member: g.members[0], Watchlists: g.watchlists[:1]}
			rec := newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"},`+tt.body+`}`, searchRoute)
			if rec.Code != http.StatusCreated {
				t.Fatalf("got %d %s, want 201", rec.Code, rec.Body)
			}
			sameJSON(t, rec.Body.String(), annJSON)
			last, ok := g.did[len(g.did)-1].([]any)
			if !ok || last[0] != "IdentifyOrEnrol" {
				t.Fatalf("gallery: got %v, want a search that may enrol", g.did)
			}
			m, _ := last[2].(face.Member)
			tt.member.ID = m.ID
			if diff := cmp.Diff([]any{tt.member, tt.groups}, last[2:]); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
		})
	}
}

func TestSearchFindsWhoIsThere(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	rec := newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"},"createPerson":{"name":"Bob","ttl":60}}`, searchRoute)
	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `"name":"Ann"`) {
		t.Errorf("got %d %s, want 200 with Ann", rec.Code, rec.Body)
	}
}

// Whoever may only search makes nobody.
func TestSearchNeedsARoleToMake(t *testing.T) {
	t.Parallel()
	for role, want := range map[face.Role]int{face.RoleSearch: 403, face.RoleEnrol: 200} {
		g := sampleGallery()
		req := httptest.NewRequest(http.MethodPost, searchRoute, strings.NewReader(`{"image":{"content":"/9j/"},"createPerson":{"name":"Bob"}}`))
		req = req.WithContext(face.WithGrant(context.Background(), face.Grant{Role: role}))
		if rec := newServer(t, g).send(t, req, searchRoute); rec.Code != want {
			t.Errorf("%v: got %d %s, want %d", role, rec.Code, rec.Body, want)
		}
		if asked := len(g.did) > 0; asked != (want == 200) {
			t.Errorf("%v: the gallery was asked %v", role, g.did)
		}
	}
}

// A group that goes away between two looks is one that does not exist.
func TestSearchInAGroupThatIsGone(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	g.errs["IdentifyMembers"] = face.Errorf(face.NotFound, "Watchlists with specified ids were not found.")
	rec := newServer(t, g).do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"},"groupIds":["`+groupID+`"]}`, searchRoute)
	if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Metadata["field"] != "groupIds" {
		t.Errorf("got %d %+v, want 400 about groupIds", rec.Code, got)
	}
}

func TestSearchTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := sampleGallery()
		g.hangs = true
		s := newServer(t, g, func(o *handlers.Options) { o.Timeout = 3 * time.Second })
		start := time.Now()
		rec := s.do(t, http.MethodPost, searchRoute, `{"image":{"content":"/9j/"}}`, searchRoute)
		if got := logOf(t, rec); rec.Code != http.StatusGatewayTimeout || got.Type != "TimeoutException" || time.Since(start) != 3*time.Second {
			t.Errorf("got %d %+v after %v, want 504 after 3 s", rec.Code, got, time.Since(start))
		}
	})
}
