package apikey_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/apikey"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

var start = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// clock is a time that a test moves.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// onEach runs a test on an empty table of each database.
func onEach(t *testing.T, test func(t *testing.T, keys *apikey.Keys, c *clock)) {
	t.Helper()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			opts := repository.Options{Dir: t.TempDir()}
			if kind == "postgres" {
				opts = repository.Options{URL: repositorytest.Postgres(t)}
			}
			table, err := repository.OpenKeyTable(t.Context(), opts)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := table.Close(); err != nil {
					t.Error(err)
				}
			})
			c := &clock{start}
			test(t, apikey.New(table, c.now), c)
		})
	}
}

func create(t *testing.T, keys *apikey.Keys, r apikey.Request) (face.APIKey, string) {
	t.Helper()
	made, key, err := keys.Create(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return made, key
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, keys *apikey.Keys, c *clock) {
		t.Helper()
		made, key := create(t, keys, apikey.Request{
			Name: "gate", Role: face.RoleEnrol, Watchlists: []string{"staff", "guests", "staff"}, ExpiresAt: start.Add(time.Hour),
		})
		want := face.Grant{Key: made.ID, Role: face.RoleEnrol, Watchlists: []string{"guests", "staff"}}
		for _, sent := range []string{key, strings.ToUpper(key[3:])} {
			if sent != key {
				sent = "fk_" + sent
			}
			got, err := keys.Authenticate(t.Context(), sent)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
		c.Time = start.Add(time.Hour - 1)
		if _, err := keys.Authenticate(t.Context(), key); err != nil {
			t.Errorf("a moment before the key expires: %v", err)
		}
		c.Time = start.Add(time.Hour)
		refuses(t, keys, key, "it is expired: "+made.ID.String())
		_, other := create(t, keys, apikey.Request{Name: "kiosk", Role: face.RoleSearch})
		revoked, err := keys.Revoke(t.Context(), "kiosk")
		if err != nil || !revoked.RevokedAt.Equal(c.Time) {
			t.Errorf("Revoke: got %+v (%v), want it revoked at %v", revoked, err, c.Time)
		}
		refuses(t, keys, other, "it is revoked: "+revoked.ID.String())
	})
}

// refuses wants an error that tells the client nothing and the log why.
func refuses(t *testing.T, keys *apikey.Keys, key, why string) {
	t.Helper()
	got, err := keys.Authenticate(t.Context(), key)
	if face.KindOf(err) != face.Unauthenticated || face.MessageOf(err) != "the API key is not valid" || !strings.Contains(err.Error(), why) {
		t.Errorf("%q: got %v, want Unauthenticated because %q", key, err, why)
	}
	if got.Role != 0 || len(key) > 20 && strings.Contains(err.Error(), key[len(key)-20:]) {
		t.Errorf("%q: got the grant %v and the error %v, want no grant, and nothing of the secret", key, got, err)
	}
}

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, keys *apikey.Keys, _ *clock) {
		t.Helper()
		made, key := create(t, keys, apikey.Request{Name: "gate", Role: face.RoleAdmin})
		_, other := create(t, keys, apikey.Request{Name: "kiosk", Role: face.RoleSearch})
		id, secret := key[:36], key[36:]
		flip := map[byte]string{'0': "1"}[key[len(key)-1]]
		if flip == "" {
			flip = "0"
		}
		for sent, why := range map[string]string{
			"":                                "it does not read like a key",
			"fk_":                             "it does not read like a key",
			key[:len(key)-1]:                  "it does not read like a key",
			key + "0":                         "it does not read like a key",
			" " + key[1:]:                     "it does not read like a key",
			key[:len(key)-1] + "g":            "it does not read like a key",
			strings.Replace(key, "_", "-", 2): "it does not read like a key",
			strings.Repeat("_", len(key)):     "it does not read like a key",
			strings.Repeat("ÿ", 1<<16):        "it does not read like a key",
			key[:len(key)-1] + flip:           "its secret is wrong: " + made.ID.String(),
			id + other[36:]:                   "its secret is wrong: " + made.ID.String(),
			id + strings.Repeat("0", 64):      "its secret is wrong: " + made.ID.String(),
			"fk_" + strings.Repeat("0", 32) + "_" + secret: "there is none with its id",
		} {
			refuses(t, keys, sent, why)
		}
		if _, err := keys.Authenticate(t.Context(), key); err != nil {
			t.Errorf("the key itself: %v", err)
		}
	})
}

func TestCreate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, keys *apikey.Keys, _ *clock) {
		t.Helper()
		made, key := create(t, keys, apikey.Request{Name: "gate", Role: face.RoleSearch})
		want := face.APIKey{ID: made.ID, Name: "gate", Role: face.RoleSearch, Watchlists: []string{}, CreatedAt: start}
		all, err := keys.List(t.Context())
		if diff := cmp.Diff([]face.APIKey{want}, all); diff != "" || err != nil {
			t.Errorf("List (%v, -want +got):\n%s", err, diff)
		}
		if !strings.HasPrefix(key, "fk_"+strings.ReplaceAll(made.ID.String(), "-", "")+"_") {
			t.Errorf("the key %q does not tell its id %v", key, made.ID)
		}
		tests := []struct {
			name string
			r    apikey.Request
			want face.Kind
		}{
			{"a taken name", apikey.Request{Name: "gate", Role: face.RoleAdmin}, face.Conflict},
			{"no name", apikey.Request{Role: face.RoleAdmin}, face.Invalid},
			{"a long name", apikey.Request{Name: strings.Repeat("ä", 201), Role: face.RoleAdmin}, face.Invalid},
			{"a name that is an id", apikey.Request{Name: uuid.NewString(), Role: face.RoleAdmin}, face.Invalid},
			{"control characters", apikey.Request{Name: "a\x1b[2Jb", Role: face.RoleAdmin}, face.Invalid},
			{"bad bytes", apikey.Request{Name: "a\xff", Role: face.RoleAdmin}, face.Invalid},
			{"no role", apikey.Request{Name: "a"}, face.Invalid},
			{"an empty watchlist", apikey.Request{Name: "a", Role: face.RoleAdmin, Watchlists: []string{"staff", ""}}, face.Invalid},
			{"too many watchlists", apikey.Request{Name: "a", Role: face.RoleAdmin, Watchlists: make([]string, 1001)}, face.Invalid},
			{"expired already", apikey.Request{Name: "a", Role: face.RoleAdmin, ExpiresAt: start}, face.Invalid},
		}
		for _, tt := range tests {
			if _, key, err := keys.Create(t.Context(), tt.r); face.KindOf(err) != tt.want || err == nil || key != "" {
				t.Errorf("%s: got %q, %v, want %v", tt.name, key, err, tt.want)
			}
		}
	})
}

func TestAnyValid(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, keys *apikey.Keys, c *clock) {
		t.Helper()
		check := func(when string, want bool) {
			t.Helper()
			if got, err := keys.AnyValid(t.Context()); got != want || err != nil {
				t.Errorf("%s: got %v (%v), want %v", when, got, err, want)
			}
		}
		check("no keys", false)
		made, _ := create(t, keys, apikey.Request{Name: "gate", Role: face.RoleSearch})
		create(t, keys, apikey.Request{Name: "kiosk", Role: face.RoleSearch, ExpiresAt: start.Add(time.Hour)})
		check("two keys", true)
		if _, err := keys.Revoke(t.Context(), made.ID.String()); err != nil {
			t.Error(err)
		}
		check("one revoked", true)
		c.Time = start.Add(time.Hour)
		check("the other expired", false)
	})
}

func TestRevokeUnknown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, keys *apikey.Keys, _ *clock) {
		t.Helper()
		for _, which := range []string{"", "gate", uuid.NewString()} {
			if _, err := keys.Revoke(t.Context(), which); face.KindOf(err) != face.NotFound {
				t.Errorf("%q: %v, want NotFound", which, err)
			}
		}
	})
}

// brokenTable fails as a database that is away does.
type brokenTable struct{ *repository.KeyTable }

func (brokenTable) Key(context.Context, uuid.UUID) (face.APIKey, face.KeyHash, error) {
	return face.APIKey{}, face.KeyHash{}, face.Wrap(face.Unavailable, errors.New("refused"), "the database is away")
}

// While the database is away nobody is let in, and nobody is told that a good key
// is bad.
func TestAuthenticateWithoutDatabase(t *testing.T) {
	t.Parallel()
	key := "fk_" + strings.Repeat("0", 32) + "_" + strings.Repeat("0", 64)
	if got, err := apikey.New(brokenTable{}, nil).Authenticate(t.Context(), key); face.KindOf(err) != face.Unavailable || got.Role != 0 {
		t.Errorf("got %v, %v, want Unavailable", got, err)
	}
}

func FuzzAuthenticate(f *testing.F) {
	f.Add("fk_" + strings.Repeat("0", 32) + "_" + strings.Repeat("0", 64))
	f.Add("fk_")
	keys := apikey.New(noTable{}, nil)
	f.Fuzz(func(t *testing.T, key string) {
		if got, err := keys.Authenticate(t.Context(), key); face.KindOf(err) != face.Unauthenticated || got.Role != 0 {
			t.Errorf("%q: got %v, %v, want Unauthenticated", key, got, err)
		}
	})
}

// noTable holds no keys.
type noTable struct{ *repository.KeyTable }

func (noTable) Key(context.Context, uuid.UUID) (face.APIKey, face.KeyHash, error) {
	return face.APIKey{}, face.KeyHash{}, face.Errorf(face.NotFound, "none")
}
