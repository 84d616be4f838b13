package regula_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const annJSON = `{"name":"Ann","externalId":"e1","metadata":{"floor":3,"room":"12"},"groups":["` + groupID + `"],"ttl":null,
	"id":"` + annID + `","createdAt":"2026-01-05T12:54:01.000000Z","updatedAt":"2026-01-05T12:54:01.000000Z"}`

const jurajJSON = `{"name":"Juraj","metadata":{},"groups":["` + listID + `","` + groupID + `"],"ttl":null,
	"id":"` + jurajID + `","createdAt":"2026-01-05T12:54:01.000000Z","updatedAt":"2026-01-05T13:54:01.000000Z"}`

func TestCreatePerson(t *testing.T) {
	t.Parallel()
	group := []string{groupID}
	named := func(change ...func(*face.Member)) face.Member {
		m := face.Member{DisplayName: new("Ann"), FullName: new("Ann")}
		for _, c := range change {
			c(&m)
		}
		return m
	}
	tests := []struct {
		name, body string
		member     face.Member
		groups     []string
	}{
		{"a name alone goes to Default", `{"name":"Ann"}`, named(), []string{madeID}},
		{"nulls are left out", `{"name":"Ann","externalId":null,"metadata":null,"groups":null,"ttl":null,"expireAt":null}`, named(), []string{madeID}},
		{"no groups are Default", `{"name":"Ann","groups":[]}`, named(), []string{madeID}},
		{"an id in capitals", `{"name":"Ann","groups":["497F6ECA-6276-4993-BFEB-53CBBBBA6F08"]}`, named(), group},
		{"a group twice", `{"name":"Ann","groups":["` + groupID + `","` + groupID + `"]}`, named(), group},
		{"a watchlist of another dialect", `{"name":"Ann","groups":["` + listID + `"]}`, named(), []string{"employees"}},
		{"fields of later versions", `{"name":"Ann","tenant":"t","env":1,"groups":["` + groupID + `"]}`, named(), group},
		{"an empty name", `{"name":""}`, face.Member{DisplayName: new(""), FullName: new("")}, []string{madeID}},
		{"all", `{"name":"Ann","externalId":"e1","metadata":{"room":"12","floor":3,"keys":["a","b"]},"groups":["` + groupID + `"]}`,
			named(func(m *face.Member) {
				m.ExternalID, m.Extra = new("e1"), json.RawMessage(`{"floor":3}`)
				m.Labels = []face.Label{{Key: "keys", Value: "a"}, {Key: "keys", Value: "b"}, {Key: "room", Value: "12"}}
			}), group},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			rec := newServer(t, g).do(t, http.MethodPost, personsRoute, tt.body, personsRoute)
			if rec.Code != http.StatusCreated {
				t.Fatalf("got %d %s, want 201", rec.Code, rec.Body)
			}
			var got struct {
				ID     string
				Groups []string
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if id, err := uuid.Parse(got.ID); err != nil || id.Version() != 7 {
				t.Errorf("id: got %q, want a UUID of version 7", got.ID)
			}
			tt.member.ID = got.ID
			if diff := cmp.Diff([]any{"AddMember", tt.member, tt.groups}, g.did[len(g.did)-1]); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
		})
	}
}

// The default group is one for all: its id is fixed.
func TestDefaultGroup(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	newServer(t, g).do(t, http.MethodPost, personsRoute, `{"name":"Ann"}`, personsRoute)
	want := []any{"EnsureWatchlist", face.Watchlist{ID: madeID, DisplayName: "Default", FullName: "Default", Threshold: 40, PreviewColor: "#4adf62"}}
	if diff := cmp.Diff(want, g.did[0]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestPersonsThatEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]time.Duration{
		`"ttl":60`:                                   time.Minute,
		`"ttl":60.0`:                                 time.Minute,
		`"ttl":3000000000`:                           3_000_000_000 * time.Second,
		`"expireAt":"2000-01-01T01:00:00Z"`:          time.Hour,
		`"expireAt":"2000-01-01T03:00:00.5"`:         3*time.Hour + time.Second/2,
		`"expireAt":"2000-01-01T03:00:00+02:00"`:     time.Hour,
		`"ttl":null,"expireAt":null`:                 0,
		`"ttl":60,"expireAt":"2000-01-01T01:00:00Z"`: time.Minute,
	}
	for body, life := range tests {
		synctest.Test(t, func(t *testing.T) {
			g := sampleGallery()
			rec := newServer(t, g).do(t, http.MethodPost, personsRoute, `{"name":"Ann",`+body+`}`, personsRoute)
			m, ok := g.did[len(g.did)-1].([]any)[1].(face.Member)
			want := time.Time{}
			if life > 0 {
				want = time.Now().Add(life)
			}
			if !ok || !m.ExpiresAt.Equal(want) {
				t.Errorf("%s: got %v, want %v", body, m.ExpiresAt, want)
			}
			var got map[string]any
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			ttl, hasTTL := got["ttl"]
			if end, ends := got["expireAt"]; ends != (life > 0) || hasTTL == ends || ttl != nil {
				t.Errorf("%s: got ttl %v, expireAt %v, want null for who stays, and else the time alone", body, ttl, end)
			}
		})
	}
}

func TestGetPerson(t *testing.T) {
	t.Parallel()
	s := newServer(t, sampleGallery())
	for id, want := range map[string]string{annID: annJSON, jurajID: jurajJSON, "019B8A3C-5D5A-7C3E-9F4E-2F8D7F0C1A55/": annJSON} {
		rec := s.do(t, http.MethodGet, "/api/Persons/"+id, "", personRoute)
		if rec.Code != http.StatusOK {
			t.Fatalf("%s: got %d %s, want 200", id, rec.Code, rec.Body)
		}
		sameJSON(t, rec.Body.String(), want)
	}
}

func TestUpdatePerson(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		change     func(*face.Member)
		groups     *[]string
	}{
		{"nothing", `{}`, func(*face.Member) {}, nil},
		{"nulls", `{"name":null,"externalId":null,"metadata":null,"groups":null}`, func(*face.Member) {}, nil},
		{"the end stays", `{"ttl":5,"expireAt":"2026-01-01T00:00:00Z"}`, func(*face.Member) {}, nil},
		{"the name", `{"name":"Anna"}`, func(m *face.Member) { m.DisplayName, m.FullName = new("Anna"), new("Anna") }, nil},
		{"the id elsewhere", `{"externalId":""}`, func(m *face.Member) { m.ExternalID = new("") }, nil},
		{"no metadata", `{"metadata":{}}`, func(m *face.Member) { m.Labels, m.Extra = nil, nil }, nil},
		{"the groups", `{"groups":["` + listID + `"]}`, func(*face.Member) {}, &[]string{"employees"}},
		{"no groups", `{"groups":[]}`, func(*face.Member) {}, &[]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			rec := newServer(t, g).do(t, http.MethodPut, at(personRoute), tt.body, personRoute)
			if rec.Code != http.StatusNoContent {
				t.Fatalf("got %d %s, want 204", rec.Code, rec.Body)
			}
			want := g.members[0]
			tt.change(&want)
			if diff := cmp.Diff([]any{[]any{"ChangeMember", annID, changed{want, tt.groups}}}, g.did); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
		})
	}
}

func TestDeletePerson(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	s := newServer(t, g)
	if rec := s.do(t, http.MethodDelete, "/api/persons/"+jurajID, "", personRoute); rec.Code != http.StatusNoContent {
		t.Errorf("got %d %s, want 204", rec.Code, rec.Body)
	}
	if diff := cmp.Diff([]any{[]any{"DeleteMember", "juraj-custom-id"}}, g.did); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}
