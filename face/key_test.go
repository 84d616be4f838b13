package face_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

func TestRoleNames(t *testing.T) {
	t.Parallel()
	for r, want := range map[face.Role]string{face.RoleSearch: "search", face.RoleEnrol: "enrol", face.RoleAdmin: "admin"} {
		if got := r.String(); got != want {
			t.Errorf("String: got %q, want %q", got, want)
		}
		if got, err := face.ParseRole(want); got != r || err != nil {
			t.Errorf("ParseRole(%q): got %v, %v, want %v", want, got, err, r)
		}
	}
	for _, r := range []face.Role{0, -1, 4} {
		if got, err := face.ParseRole(r.String()); got != 0 || face.KindOf(err) != face.Invalid {
			t.Errorf("ParseRole(%q): got %v, %v, want an Invalid error", r, got, err)
		}
	}
	for _, text := range []string{"", "Admin", "enroll", " search"} {
		if got, err := face.ParseRole(text); got != 0 || face.KindOf(err) != face.Invalid || face.FieldOf(err) != "role" {
			t.Errorf("ParseRole(%q): got %v, %v, want an Invalid error about role", text, got, err)
		}
	}
}

func TestRoleAllows(t *testing.T) {
	t.Parallel()
	roles := []face.Role{face.RoleSearch, face.RoleEnrol, face.RoleAdmin}
	for i, have := range roles {
		for j, need := range roles {
			if got := have.Allows(need); got != (i >= j) {
				t.Errorf("%v.Allows(%v): got %v, want %v", have, need, got, i >= j)
			}
		}
		for _, odd := range []face.Role{-1, 0, 4} {
			if have.Allows(odd) || odd.Allows(have) {
				t.Errorf("%v and %v: one allows the other, want nothing allowed", have, odd)
			}
		}
	}
}

func TestAPIKeyValidAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		key  face.APIKey
		want bool
	}{
		{"for ever", face.APIKey{}, true},
		{"a moment left", face.APIKey{ExpiresAt: now.Add(1)}, true},
		{"expired this moment", face.APIKey{ExpiresAt: now}, false},
		{"revoked", face.APIKey{RevokedAt: now.Add(-time.Hour)}, false},
		{"revoked before it expires", face.APIKey{RevokedAt: now, ExpiresAt: now.Add(time.Hour)}, false},
	}
	for _, tt := range tests {
		if got := tt.key.ValidAt(now); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestGrantOf(t *testing.T) {
	t.Parallel()
	if g, ok := face.GrantOf(t.Context()); ok {
		t.Errorf("a bare context: got %v, want none", g)
	}
	want := face.Grant{Key: uuid.New(), Role: face.RoleEnrol, Watchlists: []string{"staff"}}
	ctx, cancel := context.WithCancel(face.WithGrant(t.Context(), want))
	defer cancel()
	got, ok := face.GrantOf(ctx)
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("ok is %v (-want +got)\n%s", ok, diff)
	}
}
