package smartface_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

const askSpoofCheck = `{"image":{"data":"/9j/"},"spoofDetectorResourceIds":["liveness_distant_any_remote","liveness_nearby_any_remote"]}`

// What a check found is recorded, one transaction for each face, all with one tag.
func TestChecksAreRecorded(t *testing.T) {
	t.Parallel()
	live := checkedAs(performed(face.Distant, 97.5), performed(face.Nearby, 95))
	attack := checkedAs(performed(face.Distant, 97.5), performed(face.Nearby, 12))
	unknown := checkedAs(performed(face.Distant, 97.5), face.Liveness{Kind: face.Nearby})
	of := func(f face.Inspected, confirmed *bool, score float64) face.LivenessTransaction {
		return face.LivenessTransaction{Confirmed: confirmed, Score: score, Age: f.Attributes.Age}
	}
	tests := []struct {
		name, path, body string
		faces            []face.Inspected
		want             []face.LivenessTransaction
	}{
		{"live", spoofCheckPath, askSpoofCheck, []face.Inspected{live}, []face.LivenessTransaction{of(live, new(true), 95)}},
		{"an attack", spoofCheckPath, askSpoofCheck, []face.Inspected{attack}, []face.LivenessTransaction{of(attack, new(false), 12)}},
		{"not performed", spoofCheckPath, askSpoofCheck, []face.Inspected{unknown}, []face.LivenessTransaction{of(unknown, nil, 0)}},
		{"a search", searchPath, askSpoofCheck, []face.Inspected{live, attack}, []face.LivenessTransaction{of(live, new(true), 95), of(attack, new(false), 12)}},
		{"a search without a check", searchPath, `{"image":{"data":"/9j/"},"spoofDetectorResourceIds":["none"]}`, []face.Inspected{checkedAs()}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			g.checked, g.identified = tt.faces[0], nil
			for _, f := range tt.faces {
				g.identified = append(g.identified, gallery.Identified{Inspected: f})
			}
			rec := newServer(t, g, withLiveness).do(t, http.MethodPost, tt.path, tt.body, tt.path)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
			}
			if diff := cmp.Diff(tt.want, g.transactions, cmpopts.IgnoreFields(face.LivenessTransaction{}, "ID", "Tag")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			ids := make([]string, 0, len(g.transactions))
			for _, kept := range g.transactions {
				ids = append(ids, kept.ID.String())
				if kept.ID == uuid.Nil || kept.Tag == "" || kept.Tag != g.transactions[0].Tag {
					t.Errorf("got id %v and tag %q, want an id and the tag of all", kept.ID, kept.Tag)
				}
			}
			if got, want := rec.Header().Get("X-Facekeep-Transaction-Id"), strings.Join(ids, ", "); got != want {
				t.Errorf("header: got %q, want %q", got, want)
			}
		})
	}
}

// An answer stands, whether its check can be recorded or not.
func TestChecksThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	for _, path := range []string{spoofCheckPath, searchPath} {
		g := newSampleGallery()
		g.keepErr = face.Errorf(face.Unavailable, "the disk is full")
		g.checked = checkedAs(performed(face.Distant, 97.5), performed(face.Nearby, 95))
		g.identified = []gallery.Identified{{Inspected: g.checked}, {Inspected: g.checked}}
		rec := newServer(t, g, withLiveness).do(t, http.MethodPost, path, askSpoofCheck, path)
		if got := rec.Header().Get("X-Facekeep-Transaction-Id"); rec.Code != http.StatusOK || got != "" || len(g.transactions) != 1 {
			t.Errorf("%s: got %d with header %q after %d attempts, want 200 without one, after one", path, rec.Code, got, len(g.transactions))
		}
	}
}
