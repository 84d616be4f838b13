package repository

import (
	"cmp"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/repository/repositorytest"
)

// table is what a schema says of a table, in words that both databases share.
type table struct {
	Columns []string // name, kind, and whether it may be null
	Keys    []string // what is unique, primary keys first
	Indexes []string // columns of the others, and their condition
	Links   []string // foreign keys, and what happens at the end of what they name
}

// TestSchemasAgree compares what SQLite and Postgres say of their schemas.
func TestSchemasAgree(t *testing.T) {
	t.Parallel()
	pg := openWith(t, Options{URL: repositorytest.Postgres(t)})
	want, got := sqliteTables(t, pool(t, openTest(t).read.ConnPool)), postgresTables(t, pool(t, pg.read.ConnPool))
	if len(want) != len(tables) {
		t.Errorf("SQLite has %d tables, want %d", len(want), len(tables))
	}
	// Postgres alone needs to tell what a snapshot shows: SQLite has one writer.
	outbox := got["outbox"]
	outbox.Columns = without(t, outbox.Columns, "xact xid8 not null")
	outbox.Indexes = without(t, outbox.Indexes, "xact")
	got["outbox"] = outbox
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("schemas (-sqlite +postgres):\n%s", diff)
	}
}

// TestMigrationsAgree holds that a version number means the same on both.
func TestMigrationsAgree(t *testing.T) {
	t.Parallel()
	names := func(files fs.FS, dir string) (out []string) {
		entries, err := fs.ReadDir(files, dir)
		must(t, err)
		for _, e := range entries {
			out = append(out, e.Name())
		}
		return out
	}
	if diff := gocmp.Diff(names(sqliteMigrations, "migrations/sqlite"), names(postgresMigrations, "migrations/postgres")); diff != "" {
		t.Errorf("migrations (-sqlite +postgres):\n%s", diff)
	}
}

func without(t *testing.T, all []string, one string) []string {
	t.Helper()
	i := slices.Index(all, one)
	if i < 0 {
		t.Fatalf("%q is not in %q", one, all)
	}
	return slices.Delete(slices.Clone(all), i, i+1)
}

// kinds are the types of Postgres in the words of SQLite.
var kinds = map[string]string{
	"uuid": "BLOB", "bytea": "BLOB", "text": "TEXT", "jsonb": "TEXT", "integer": "INTEGER", "bigint": "INTEGER", "double precision": "REAL",
}

func column(name, kind string, nullable bool) string {
	return name + " " + kind + map[bool]string{true: "", false: " not null"}[nullable]
}

// facts asks for rows of one table name and one fact each, and groups them.
func facts(t *testing.T, db *sql.DB, query string) map[string][]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var name, fact string
		must(t, rows.Scan(&name, &fact))
		out[name] = append(out[name], fact)
	}
	must(t, rows.Err())
	return out
}

// assemble sorts facts, so that neither names nor the order of making count.
func assemble(columns, keys, indexes, links map[string][]string) map[string]table {
	out := map[string]table{}
	for name := range columns {
		if strings.HasPrefix(name, "goose") || strings.HasPrefix(name, "sqlite") {
			continue
		}
		out[name] = table{sorted(columns[name]), sorted(keys[name]), sorted(indexes[name]), sorted(links[name])}
	}
	return out
}

func sorted[T cmp.Ordered](s []T) []T {
	slices.Sort(s)
	return s
}

func sqliteTables(t *testing.T, db *sql.DB) map[string]table {
	t.Helper()
	const of = " FROM sqlite_master m, "
	columns := facts(t, db, `SELECT m.name, c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END`+
		of+`pragma_table_info(m.name) c WHERE m.type = 'table'`)
	keyed := `SELECT m.name, (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
		|| CASE WHEN i.partial THEN ' where ' || (SELECT substr(sql, instr(sql, 'WHERE ') + 6) FROM sqlite_master WHERE name = i.name) ELSE '' END`
	keys := facts(t, db, keyed+of+`pragma_index_list(m.name) i WHERE m.type = 'table' AND i."unique"`)
	keys["outbox"] = append(keys["outbox"], "seq") // the row number itself: no index tells of it
	indexes := facts(t, db, keyed+of+`pragma_index_list(m.name) i WHERE m.type = 'table' AND NOT i."unique"`)
	links := facts(t, db, `SELECT m.name, f."from" || ' -> ' || f."table" || ' ' || f."to" || ' ' || lower(f.on_delete)`+
		of+`pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`)
	return assemble(columns, keys, indexes, links)
}

func postgresTables(t *testing.T, db *sql.DB) map[string]table {
	t.Helper()
	raw := facts(t, db, `SELECT table_name, column_name || '|' || CASE data_type WHEN 'USER-DEFINED' THEN udt_name ELSE data_type END || '|' || is_nullable
		FROM information_schema.columns WHERE table_schema = current_schema()`)
	columns := map[string][]string{}
	for name, all := range raw {
		for _, one := range all {
			part := strings.Split(one, "|")
			kind := cmp.Or(kinds[part[1]], part[1])
			columns[name] = append(columns[name], column(part[0], kind, part[2] == "YES"))
		}
	}
	index := `SELECT c.relname, (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(col, n)
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.col)
			|| coalesce(' where ' || trim(both '()' from pg_get_expr(i.indpred, c.oid)), '')
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = current_schema()::regnamespace AND `
	links := facts(t, db, `SELECT c.relname, a.attname || ' -> ' || r.relname || ' ' || b.attname || ' ' ||
			CASE f.confdeltype WHEN 'c' THEN 'cascade' ELSE f.confdeltype::text END
		FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1] JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = f.confkey[1]
		WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace`)
	return assemble(columns, facts(t, db, index+"i.indisunique"), facts(t, db, index+"NOT i.indisunique"), links)
}

// TestOpenAtOnce starts several servers on one empty database.
func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	url := repositorytest.Postgres(t)
	const servers = 4
	failures := make(chan error, servers)
	for range servers {
		go func() {
			r, err := Open(t.Context(), Options{URL: url, Connections: 2})
			if err == nil {
				err = r.Close()
			}
			failures <- err
		}()
	}
	for range servers {
		must(t, <-failures)
	}
	r := openWith(t, Options{URL: url})
	var n int
	must(t, r.read.Raw("SELECT count(*) FROM goose_db_version WHERE version_id > 0").Row().Scan(&n))
	if got, err := r.Schema(t.Context()); err != nil || got.Version != int64(n) {
		t.Errorf("%d migrations for version %d (%v), want each once", n, got.Version, err)
	}
	must(t, r.write.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)").Error)
	if _, err := Open(t.Context(), Options{URL: url}); err == nil || !strings.Contains(fmt.Sprint(err), "schema version 9999") {
		t.Errorf("Open of a newer schema = %v", err)
	}
}
