package repository

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

func newKey(tb testing.TB, name string, lists ...string) (face.APIKey, face.KeyHash) {
	tb.Helper()
	h := face.KeyHash{Salt: [16]byte{1, 2, 15: 3}, Sum: [32]byte{4, 31: 5}}
	return face.APIKey{ID: newID(tb), Name: name, Role: face.RoleEnrol, Watchlists: append([]string{}, lists...), CreatedAt: epoch}, h
}

func TestKeyRows(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			table := openKind(t, kind).KeyTable()
			ctx := t.Context()
			forever, h := newKey(t, "gate")
			brief, _ := newKey(t, "kiosk", "staff", "it's \"odd\"")
			brief.Role, brief.ExpiresAt, brief.CreatedAt = face.RoleAdmin, epoch.Add(time.Hour), epoch.Add(time.Minute)
			must(t, table.CreateKey(ctx, brief, h))
			must(t, table.CreateKey(ctx, forever, h))
			for _, want := range []face.APIKey{forever, brief} {
				got, gotHash, err := table.Key(ctx, want.ID)
				if diff := cmp.Diff(want, got); diff != "" || gotHash != h || err != nil {
					t.Errorf("Key: hash %v (%v), (-want +got):\n%s", gotHash, err, diff)
				}
			}
			all, err := table.Keys(ctx)
			if diff := cmp.Diff([]face.APIKey{forever, brief}, all); diff != "" || err != nil {
				t.Errorf("Keys (%v, -want +got):\n%s", err, diff)
			}
			if _, _, err := table.Key(ctx, uuid.New()); face.KindOf(err) != face.NotFound {
				t.Errorf("an unknown id: %v, want NotFound", err)
			}
			again, _ := newKey(t, "gate")
			if err := table.CreateKey(ctx, again, h); face.KindOf(err) != face.Conflict {
				t.Errorf("a taken name: %v, want a Conflict", err)
			}
		})
	}
}

func TestRevokeKey(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			table := openKind(t, kind).KeyTable()
			ctx, first, later := t.Context(), epoch.Add(time.Hour), epoch.Add(2*time.Hour)
			old, h := newKey(t, "gate")
			must(t, table.CreateKey(ctx, old, h))
			if got, err := table.RevokeKeyNamed(ctx, "gate", first); got.ID != old.ID || !got.RevokedAt.Equal(first) || err != nil {
				t.Errorf("by name: got %+v (%v), want %v revoked at %v", got, err, old.ID, first)
			}
			if _, err := table.RevokeKeyNamed(ctx, "gate", later); face.KindOf(err) != face.NotFound {
				t.Errorf("by the name of a revoked one: %v, want NotFound", err)
			}
			if got, err := table.RevokeKey(ctx, old.ID, later); !got.RevokedAt.Equal(first) || err != nil {
				t.Errorf("again by id: got %+v (%v), want it as it was, %v", got, err, first)
			}
			if _, err := table.RevokeKey(ctx, uuid.New(), later); face.KindOf(err) != face.NotFound {
				t.Errorf("an unknown id: %v, want NotFound", err)
			}
			fresh, _ := newKey(t, "gate") // the name is free again
			must(t, table.CreateKey(ctx, fresh, h))
			if got, err := table.RevokeKeyNamed(ctx, "gate", later); got.ID != fresh.ID || err != nil {
				t.Errorf("by name: got %v (%v), want the new one, %v", got.ID, err, fresh.ID)
			}
		})
	}
}

// TestKeyNamesMeet has several servers want one name: one gets it.
func TestKeyNamesMeet(t *testing.T) {
	t.Parallel()
	servers := openServers(t, 3)
	var wg sync.WaitGroup
	var made atomic.Int32
	for _, r := range servers {
		k, h := newKey(t, "gate")
		wg.Go(func() {
			tell(t, &made, r.KeyTable().CreateKey(t.Context(), k, h), "There is a key with the name 'gate' already.")
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("the key was made %d times, want once", made.Load())
	}
}

// TestOpenKeyTable opens the table where there is no database yet, beside one that
// is in use, and after it.
func TestOpenKeyTable(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			opts := Options{Dir: t.TempDir()}
			if kind == "postgres" {
				opts = Options{URL: repositorytest.Postgres(t)}
			}
			h := createBeside(t, opts, "before")
			server := openWith(t, opts)
			createBeside(t, opts, "beside")
			create(t, server, "staff") // the server writes as it did
			createBeside(t, opts, "beside, later")
			all, err := server.KeyTable().Keys(t.Context())
			if err != nil || len(all) != 3 {
				t.Fatalf("the server sees %v (%v), want three keys", all, err)
			}
			if _, got, err := server.KeyTable().Key(t.Context(), all[2].ID); got != h || err != nil {
				t.Errorf("the server reads %v (%v), want %v", got, err, h)
			}
			if kind == "sqlite" {
				if _, err := Open(t.Context(), opts); !errors.Is(err, errDirInUse) {
					t.Errorf("another server: %v, want the folder to be in use still", err)
				}
			}
		})
	}
}

func createBeside(t *testing.T, opts Options, name string) face.KeyHash {
	t.Helper()
	table, err := OpenKeyTable(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	k, h := newKey(t, name)
	must(t, table.CreateKey(t.Context(), k, h))
	must(t, table.Close())
	return h
}

// TestOpenKeyTableDoesNotMigrate holds that a database of another version is left
// as it is, whether its server runs or not.
func TestOpenKeyTableDoesNotMigrate(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		for what, change := range map[string]string{
			"older": "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)",
			"newer": "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)",
		} {
			t.Run(kind+"/"+what, func(t *testing.T) {
				t.Parallel()
				opts := Options{Dir: t.TempDir()}
				if kind == "postgres" {
					opts = Options{URL: repositorytest.Postgres(t)}
				}
				r, err := Open(t.Context(), opts)
				must(t, err)
				must(t, r.write.Exec(change).Error)
				before, err := r.Schema(t.Context())
				must(t, err)
				refuse := func(when string) {
					if _, err := OpenKeyTable(t.Context(), opts); face.KindOf(err) != face.Unavailable {
						t.Errorf("%s: %v, want an Unavailable error", when, err)
					}
				}
				refuse("while it runs")
				if after, err := r.Schema(t.Context()); err != nil || after != before {
					t.Errorf("schema: got %v (%v), want %v", after, err, before)
				}
				must(t, r.Close())
				refuse("when nobody has it")
			})
		}
	}
}

// TestOpenKeyTableWhileMaking holds that nothing is made in a folder that a server
// has and has made nothing in so far.
func TestOpenKeyTableWhileMaking(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release, err := takeDir(dir)
	must(t, err)
	defer func() { must(t, release()) }()
	if _, err := OpenKeyTable(t.Context(), Options{Dir: dir}); face.KindOf(err) != face.Unavailable {
		t.Errorf("got %v, want an Unavailable error", err)
	}
}

// BenchmarkKey measures the look-up that each request with a key makes.
func BenchmarkKey(b *testing.B) {
	for _, kind := range databases {
		b.Run(kind, func(b *testing.B) {
			table := openKind(b, kind).KeyTable()
			ids := make([]uuid.UUID, 100)
			for i := range ids {
				k, h := newKey(b, uuid.NewString(), "staff", "guests")
				if err := table.CreateKey(b.Context(), k, h); err != nil {
					b.Fatal(err)
				}
				ids[i] = k.ID
			}
			b.ResetTimer() // after the database is made
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					if _, _, err := table.Key(context.Background(), ids[i%len(ids)]); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
