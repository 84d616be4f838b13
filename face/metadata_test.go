package face_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

func TestMetadata(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", face.MaxLabelValueLength)
	tests := []struct {
		name, object string
		labels       []face.Label
		extra        string
	}{
		{"nothing", `{}`, nil, ``},
		{"strings are labels", `{"room":"12","floor":""}`, []face.Label{{Key: "floor", Value: ""}, {Key: "room", Value: "12"}}, ``},
		{"and arrays of them", `{"role":["cook","guard"]}`, []face.Label{{Key: "role", Value: "cook"}, {Key: "role", Value: "guard"}}, ``},
		{"but not of one, or none", `{"a":["x"],"b":[]}`, nil, `{"a":["x"],"b":[]}`},
		{"nor of others", `{"a":["x",null],"b":["x",1]}`, nil, `{"a":["x",null],"b":["x",1]}`},
		{"other values", `{"age":3,"at":{"x":1},"gone":null,"ok":true}`, nil, `{"age":3,"at":{"x":1},"gone":null,"ok":true}`},
		{"the longest label", `{"k":"` + long + `"}`, []face.Label{{Key: "k", Value: long}}, ``},
		{"too long for a label", `{"k":"` + long + `x"}`, nil, `{"k":"` + long + `x"}`},
		{"too long a key", `{"` + long + `":"v"}`, nil, `{"` + long + `":"v"}`},
		{"control characters", `{"k":"a\u0000b","l\n":"v"}`, nil, `{"k":"a\u0000b","l\n":"v"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var m face.Member
			m.SetMetadata(parse(t, tt.object))
			if diff := cmp.Diff(tt.labels, m.Labels); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
			if string(m.Extra) != tt.extra {
				t.Errorf("extra: got %s, want %s", m.Extra, tt.extra)
			}
			if diff := cmp.Diff(text(t, tt.object), text(t, m.Metadata())); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMetadataOfLabels holds that a label that another dialect set is told, whatever
// was beside it.
func TestMetadataOfLabels(t *testing.T) {
	t.Parallel()
	m := face.Member{
		Extra:  json.RawMessage(`{"age":3,"room":7}`),
		Labels: []face.Label{{Key: "room", Value: "12"}, {Key: "role", Value: "cook"}, {Key: "role", Value: "cook"}},
	}
	if diff := cmp.Diff(text(t, `{"age":3,"room":"12","role":["cook","cook"]}`), text(t, m.Metadata())); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func FuzzMetadata(f *testing.F) {
	f.Add(`{"a":"b","c":["d","e"],"f":{"g":[1,2.50,null]}}`)
	f.Add(`{"":"","a":["",""]," ":[["x","y"]]}`)
	f.Fuzz(func(t *testing.T, object string) {
		var values map[string]json.RawMessage
		if json.Unmarshal([]byte(object), &values) != nil || values == nil {
			t.Skip()
		}
		var m face.Member
		m.SetMetadata(values)
		if diff := cmp.Diff(text(t, values), text(t, m.Metadata())); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
	})
}

func parse(tb testing.TB, object string) (out map[string]json.RawMessage) {
	tb.Helper()
	if err := json.Unmarshal([]byte(object), &out); err != nil {
		tb.Fatal(err)
	}
	return out
}

// text returns JSON, or what can be written so, in one form.
func text(tb testing.TB, v any) string {
	tb.Helper()
	data, ok := v.(string)
	if !ok {
		made, err := json.Marshal(v)
		if err != nil {
			tb.Fatal(err)
		}
		data = string(made)
	}
	var decoded any
	if err := json.Unmarshal([]byte(data), &decoded); err != nil {
		tb.Fatal(err)
	}
	out, err := json.Marshal(decoded)
	if err != nil {
		tb.Fatal(err)
	}
	return string(out)
}

func TestUUIDs(t *testing.T) {
	t.Parallel()
	uid, id := uuid.MustParse("019a0000-0000-7000-8000-000000000001"), uuid.MustParse("497f6eca-6276-4993-bfeb-53cbbbba6f08")
	for in, want := range map[string]uuid.UUID{
		"juraj-custom-id": uid, "": uid, id.String(): id, strings.ToUpper(id.String()): uid, "{" + id.String() + "}": uid, "urn:uuid:" + id.String(): uid,
	} {
		if got := (face.Member{ID: in, UID: uid}).UUID(); got != want {
			t.Errorf("UUID of member %q: got %v, want %v", in, got, want)
		}
		if got := (face.Watchlist{ID: in, UID: uid}).UUID(); got != want {
			t.Errorf("UUID of watchlist %q: got %v, want %v", in, got, want)
		}
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	name := func(s string) *string { return &s }
	for _, tt := range []struct {
		display, full         *string
		wantDisplay, wantName string
	}{
		{nil, nil, "New", "New"},
		{name("Ann"), name("Ann"), "New", "New"},
		{name("Ann"), nil, "New", "New"},
		{name("Ann"), name("Ann Smith"), "Ann", "New"},
		{nil, name("Ann Smith"), "New", "New"},
	} {
		m := face.Member{DisplayName: tt.display, FullName: tt.full}
		m.Rename("New")
		if *m.DisplayName != tt.wantDisplay || m.Name() != tt.wantName {
			t.Errorf("after Rename: %q, %q, want %q, %q", *m.DisplayName, m.Name(), tt.wantDisplay, tt.wantName)
		}
	}
	w := face.Watchlist{DisplayName: "Staff", FullName: "All staff"}
	w.Rename("New")
	if w.DisplayName != "Staff" || w.Name() != "New" {
		t.Errorf("watchlist after Rename: %q, %q, want Staff, New", w.DisplayName, w.Name())
	}
}
