package gallery_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// FuzzMemberText holds that whatever text a member is made of is either refused
// as Invalid, or read back as it was.
func FuzzMemberText(f *testing.F) {
	s := open(f, f.TempDir())
	f.Add("id", "Jürgen", "line 1\nline 2", "key", "value")
	f.Add("a/b?c#d%2F", "'; DROP TABLE members; --", "\u202e", "\ufeff", "\U0001f642")
	f.Add("\x00", "\xff", "\x7f", "\u0085", "")
	f.Fuzz(func(t *testing.T, id, name, note, key, value string) {
		m, err := s.UpsertMember(t.Context(), face.Member{
			ID: id, DisplayName: &name, FullName: &name, Note: &note, Labels: []face.Label{{Key: key, Value: value}},
		})
		if err != nil {
			if face.KindOf(err) != face.Invalid || face.FieldOf(err) == "" {
				t.Errorf("UpsertMember = %v, want an Invalid error that names its field", err)
			}
			return
		}
		got, err := s.Member(t.Context(), m.ID)
		if diff := cmp.Diff(m, got); diff != "" || err != nil {
			t.Errorf("Member (%v) (-made +stored):\n%s", err, diff)
		}
		if id != "" && got.ID != id || *got.FullName != name || *got.Note != note || got.Labels[0] != (face.Label{Key: key, Value: value}) {
			t.Errorf("%+v is stored as %+v", []string{id, name, note, key, value}, got)
		}
	})
}
