package repository

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

// TestOpenKeepsSecrets fails to open in several ways, and looks for the password
// in what is said of it.
func TestOpenKeepsSecrets(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := closed.Addr().String()
	must(t, closed.Close())
	const secret = "hunter2"
	tests := []struct {
		name, url string
		kind      face.Kind
	}{
		{"another scheme", "mysql://me:hunter2@127.0.0.1/x", face.Invalid},
		{"key and value", "host=127.0.0.1 password=hunter2", face.Invalid},
		{"a bad port", "postgres://me:hunter2@127.0.0.1:port/x", face.Invalid},
		{"a bad escape", "postgres://me:hunter2%zz@127.0.0.1/x", face.Invalid},
		{"a bad setting", "postgres://me:hunter2@127.0.0.1/x?sslmode=hunter2", face.Invalid},
		{"nobody there", "postgres://me:hunter2@" + address + "/x", face.Unavailable},
	}
	for _, tt := range tests {
		var log bytes.Buffer
		_, err := Open(t.Context(), Options{URL: tt.url, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if face.KindOf(err) != tt.kind {
			t.Errorf("%s: %v, want kind %v", tt.name, err, tt.kind)
		}
		if said := fmt.Sprintf("%v %+v %s", err, err, &log); strings.Contains(said, secret) {
			t.Errorf("%s: the password is in %q", tt.name, said)
		}
	}
}

func TestOpenUnknownDatabase(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(repositorytest.Postgres(t))
	must(t, err)
	u.Path = "/there_is_no_such_database"
	_, err = Open(t.Context(), Options{URL: u.String()})
	if face.KindOf(err) != face.Unavailable || !strings.Contains(face.MessageOf(err), "refuses") {
		t.Errorf("Open = %v, want an Unavailable error", err)
	}
}

// TestPostgresSession reads back what a connection asks for.
func TestPostgresSession(t *testing.T) {
	t.Parallel()
	u := repositorytest.Postgres(t)
	separator := "?"
	if strings.Contains(u, "?") {
		separator = "&"
	}
	r := openWith(t, Options{URL: u + separator + "application_name=mine", StatementLimit: 7 * time.Second, Connections: 3})
	for name, want := range map[string]string{
		"application_name": "mine", "TimeZone": "UTC", "statement_timeout": "7s", "lock_timeout": "5s",
		"idle_in_transaction_session_timeout": "45s",
	} {
		var got string
		if err := r.read.Raw("SELECT current_setting(?)", name).Row().Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
	if got := pool(t, r.read.ConnPool).Stats().MaxOpenConnections; got != 3 {
		t.Errorf("%d connections at most, want 3", got)
	}
}

// TestPostgresLimits runs into the time limits of the database.
func TestPostgresLimits(t *testing.T) {
	t.Parallel()
	r := openWith(t, Options{URL: repositorytest.Postgres(t), StatementLimit: 100 * time.Millisecond, LockLimit: 50 * time.Millisecond})
	create(t, r, "staff")
	long := func(ctx context.Context) error {
		return r.view(ctx, func(tx *gorm.DB) error { return tx.Exec("SELECT pg_sleep(60)").Error })
	}
	if err := long(t.Context()); face.KindOf(err) != face.Timeout {
		t.Errorf("a long statement: %v, want a Timeout error", err)
	}
	for _, want := range []face.Kind{face.Timeout, face.Canceled} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		if want == face.Canceled {
			inner, stop := context.WithCancel(t.Context())
			context.AfterFunc(ctx, stop)
			if err := long(inner); face.KindOf(err) != want {
				t.Errorf("a request that is given up: %v", err)
			}
		} else if err := long(ctx); face.KindOf(err) != want {
			t.Errorf("a request out of time: %v", err)
		}
		cancel()
	}
	holder := r.write.Begin()
	must(t, holder.Exec("UPDATE watchlists SET threshold = 1").Error)
	err := r.DeleteWatchlist(t.Context(), "staff", epoch)
	if face.KindOf(err) != face.Unavailable || !strings.Contains(face.MessageOf(err), "busy") {
		t.Errorf("DeleteWatchlist of a locked one = %v, want an Unavailable error", err)
	}
	must(t, holder.Rollback().Error)
	must(t, r.DeleteWatchlist(t.Context(), "staff", epoch))
	if err := r.CreateMember(t.Context(), newMember(t, "a\x00b")); face.KindOf(err) != face.Invalid {
		t.Errorf("an id with a zero byte: %v, want an Invalid error", err)
	}
}

// TestPostgresCountsTakeTime holds that counts of everything are not bound by the
// limit of statements.
func TestPostgresCountsTakeTime(t *testing.T) {
	t.Parallel()
	r := openWith(t, Options{URL: repositorytest.Postgres(t), StatementLimit: 100 * time.Millisecond})
	create(t, r, "staff")
	enrol(t, r, "ann", []string{"staff"}, 2)
	must(t, r.write.Exec("ALTER TABLE templates RENAME TO all_templates").Error)
	must(t, r.write.Exec("CREATE VIEW templates AS SELECT t.* FROM all_templates t, pg_sleep(0.3)").Error)
	if err := r.read.Exec("SELECT count(*) FROM templates").Error; err == nil {
		t.Fatal("templates are counted as fast as ever: nothing is tested")
	}
	for name, count := range map[string]func(context.Context) (map[face.TemplateLabel]int, error){"CountRows": r.CountRows, "TemplateLabels": r.TemplateLabels} {
		got, err := count(t.Context())
		total := 0
		for _, n := range got {
			total += n
		}
		if err != nil || total != 2 {
			t.Errorf("%s = %v (%v), want 2 templates", name, got, err)
		}
	}
}

// disconnectAll ends every connection of a repository from outside.
func disconnectAll(t *testing.T, other *Repository) {
	t.Helper()
	must(t, other.read.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Error)
}

// TestPostgresConnectionsEnd breaks connections in the middle of transactions: a
// write begins anew, a read says that the database is away, and both work after.
func TestPostgresConnectionsEnd(t *testing.T) {
	t.Parallel()
	servers := openServers(t, 2)
	r, other := servers[0], servers[1]
	create(t, r, "staff")
	m, runs := newMember(t, "ann"), 0
	must(t, r.update(t.Context(), func(tx *gorm.DB) error {
		if runs++; runs == 1 {
			disconnectAll(t, other)
		}
		return insertMember(tx, m)
	}))
	if _, err := r.Member(t.Context(), "ann"); err != nil || runs != 2 {
		t.Errorf("after %d runs: %v", runs, err)
	}
	err := r.view(t.Context(), func(tx *gorm.DB) error {
		disconnectAll(t, other)
		_, err := findMember(tx, "ann")
		return err
	})
	if face.KindOf(err) != face.Unavailable {
		t.Errorf("a read whose connection ends: %v, want an Unavailable error", err)
	}
	must(t, r.Ping(t.Context()))
}

// TestApplierDies ends the connection of a server while it applies changes: they
// are another's at once, and the first cannot note them any more.
func TestApplierDies(t *testing.T) {
	t.Parallel()
	servers := openServers(t, 2)
	create(t, servers[0], "staff")
	enrol(t, servers[0], "ann", []string{"staff"}, 2)
	n, err := servers[0].ApplyChanges(t.Context(), 10, nil, func(_ context.Context, changes []face.IndexChange) ([]int64, error) {
		disconnectAll(t, servers[1])
		for len(applyAll(t, servers[1])) == 0 {
			runtime.Gosched() // Postgres takes a moment to see that the connection is gone
		}
		return numbers(changes), nil
	})
	if n != 0 || face.KindOf(err) != face.Unavailable {
		t.Errorf("ApplyChanges = %d, %v, want an Unavailable error", n, err)
	}
}

// TestTailBeginsAnew gives positions of another server or of long ago.
func TestTailBeginsAnew(t *testing.T) {
	t.Parallel()
	r := openServers(t, 1)[0]
	create(t, r, "staff")
	enrol(t, r, "ann", []string{"staff"}, 1)
	next, _, err := r.Tail(t.Context(), "", bound, func(face.IndexChange, time.Duration) {})
	must(t, err)
	now, ok := parsePosition(next)
	if !ok {
		t.Fatalf("no position: %q", next)
	}
	restarted, old := now, now
	restarted.server++
	old.read -= (tailLife + time.Second).Microseconds()
	for name, after := range map[string]string{
		"nowhere": "", "nonsense": "a b c", "a server restarted since": restarted.String(), "long ago": old.String(),
	} {
		given := 0
		_, whole, err := r.Tail(t.Context(), after, bound, func(face.IndexChange, time.Duration) { given++ })
		if !whole || given != 1 || err != nil {
			t.Errorf("after %s: %d changes, whole %v (%v), want everything", name, given, whole, err)
		}
	}
}

func TestClassifyCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]face.Kind{
		"23505": face.Conflict, "23503": face.NotFound, "40001": face.Unavailable, "40P01": face.Unavailable,
		"53300": face.Unavailable, "53100": face.Unavailable, "57P01": face.Unavailable, "57P03": face.Unavailable,
		"08006": face.Unavailable, "28P01": face.Unavailable, "25006": face.Unavailable, "58030": face.Unavailable,
		"57014": face.Timeout, "25P03": face.Timeout, "22021": face.Invalid, "23514": face.Internal, "42601": face.Internal,
	} {
		r := &Repository{backend: &postgresBackend{}}
		err := r.fault(t.Context(), fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code}))
		if got := face.KindOf(err); got != want {
			t.Errorf("%s is %v, want %v", code, got, want)
		}
	}
}

// TestUpdateRetries begins a transaction anew as often as is sensible.
func TestUpdateRetries(t *testing.T) {
	t.Parallel()
	r := openServers(t, 1)[0]
	for _, tt := range []struct {
		code string
		want int
	}{{codeSerialization, attempts}, {codeDeadlock, attempts}, {codeUnique, attempts}, {"42601", 1}} {
		runs := 0
		err := r.update(t.Context(), func(*gorm.DB) error {
			runs++
			return &pgconn.PgError{Code: tt.code}
		})
		if runs != tt.want || err == nil {
			t.Errorf("%s: %d runs (%v), want %d", tt.code, runs, err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	err := r.update(ctx, func(*gorm.DB) error {
		runs++
		cancel()
		return errors.Join(&pgconn.PgError{Code: codeDeadlock})
	})
	if runs != 1 || err == nil {
		t.Errorf("given up: %d runs (%v), want 1", runs, err)
	}
}
