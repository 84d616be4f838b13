package regula_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const (
	staffJSON = `{"name":"Employees","metadata":{"floor":3},"id":"` + groupID + `","createdAt":"2026-01-05T12:54:01.000000Z"}`
	listJSON  = `{"name":"Staff","metadata":{},"id":"` + listID + `","createdAt":"2026-01-05T12:54:01.000000Z"}`
)

func TestGroups(t *testing.T) {
	t.Parallel()
	newest := face.PageQuery{Number: 1, Size: 1000, Total: true}
	third := face.PageQuery{Number: 3, Size: 1, Total: true}
	both := `{"items":[` + staffJSON + `,` + listJSON + `],"page":1,"totalPages":1}`
	tests := []struct {
		name, method, route, query, body string
		status                           int
		answer                           string
		did                              []any
	}{
		{"list", "GET", groupsRoute, "", "", 200, both, []any{"Watchlists", newest}},
		{"a page of the list", "GET", groupsRoute, "?page=3&size=1", "", 200, `{"items":[` + staffJSON + `,` + listJSON + `],"page":3,"totalPages":2}`, []any{"Watchlists", third}},
		{"more than a page can be", "GET", groupsRoute, "?size=2147483647", "", 200, both, []any{"Watchlists", newest}},
		{"get", "GET", groupRoute, "", "", 200, staffJSON, nil},
		{"update", "PUT", groupRoute, "", `{"name":"Guests","metadata":{"b":1,"a":null},"tag":"s-1"}`, 204, "", []any{"ChangeWatchlist", groupID, face.Watchlist{
			ID: groupID, DisplayName: "Guests", FullName: "Guests", Metadata: json.RawMessage(`{"a":null,"b":1}`), Threshold: 40, PreviewColor: "#4adf62", CreatedAt: sampleTime,
		}}},
		{"delete", "DELETE", groupRoute, "", "", 204, "", []any{"DeleteWatchlist", groupID}},
		{"groups of a person", "GET", personGroups, "", "", 200, both, []any{"MemberWatchlists", annID, newest}},
		{"persons of a group", "GET", groupPersons, "", "", 200, `{"items":[` + annJSON + `,` + jurajJSON + `],"page":1,"totalPages":1}`, []any{"WatchlistMembers", groupID, newest}},
		{"change the persons", "PUT", groupPersons, "", `{"addItems":["` + annID + `","` + annID + `"],"removeItems":["` + jurajID + `"]}`, 204, "",
			[]any{"Relink", groupID, []string{annID}, []string{"juraj-custom-id"}}},
		{"add persons", "PUT", groupPersons, "", `{"addItems":["` + annID + `"]}`, 204, "", []any{"Relink", groupID, []string{annID}, []string{}}},
		{"change nobody", "PUT", groupPersons, "", `{"addItems":null}`, 204, "", []any{"Relink", groupID, []string{}, []string{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			rec := newServer(t, g).do(t, tt.method, at(tt.route)+tt.query, tt.body, tt.route)
			if rec.Code != tt.status {
				t.Fatalf("got %d %s, want %d", rec.Code, rec.Body, tt.status)
			}
			if tt.answer != "" {
				sameJSON(t, rec.Body.String(), tt.answer)
			}
			var want []any
			if tt.did != nil {
				want = []any{tt.did}
			}
			if diff := cmp.Diff(want, g.did); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
		})
	}
}

func TestCreateGroup(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	rec := newServer(t, g).do(t, http.MethodPost, groupsRoute, `{"name":"Guests","metadata":{"a":"b"}}`, groupsRoute)
	var got struct{ ID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", rec.Code, rec.Body)
	}
	if id, err := uuid.Parse(got.ID); err != nil || id.Version() != 7 {
		t.Errorf("id: got %q, want a UUID of version 7", got.ID)
	}
	want := face.Watchlist{ID: got.ID, DisplayName: "Guests", FullName: "Guests", Metadata: json.RawMessage(`{"a":"b"}`), Threshold: 40, PreviewColor: "#4adf62"}
	if diff := cmp.Diff([]any{[]any{"CreateWatchlist", want}}, g.did); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}

func TestEmptyPages(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	g.watchlists, g.total = nil, 0
	rec := newServer(t, g).do(t, http.MethodGet, groupsRoute, "", groupsRoute)
	sameJSON(t, rec.Body.String(), `{"items":[],"page":1,"totalPages":0}`)
}
