package milvus

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// writeBatch bounds the rows of one call: some 2 MB at 512 dimensions.
const writeBatch = 1000

// Upsert implements vectorstore.Store. Rows are inserted first, in batches, and
// then what they replace is deleted, as far as the store's Consistency shows it:
// an older row that is missed does no harm to searches, and the next write of the
// face or a reconciliation takes it away. On an error some rows may be in; doing
// the same again makes up for it.
func (s *Store) Upsert(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if err := contextError(ctx); err != nil || len(rows) == 0 {
		return err
	}
	if err := checkRows(label, rows, len(rows[0].Vector)); err != nil {
		return err
	}
	c, err := s.ensure(ctx, label, len(rows[0].Vector))
	if err != nil {
		return err
	}
	if err := checkRows(label, rows, c.dim); err != nil {
		return err
	}
	for batch := range slices.Chunk(lastOfEach(rows), writeBatch) {
		if err := s.replace(ctx, c, batch); err != nil {
			return err
		}
	}
	return nil
}

// checkRows refuses rows that do not fit the label, before any is stored.
func checkRows(label face.TemplateLabel, rows []face.IndexRow, dim int) error {
	for _, r := range rows {
		if len(r.Vector) != dim {
			return face.Errorf(face.Invalid, "face %s has a template of dimension %d, want %d for label %q", r.Face, len(r.Vector), dim, label)
		}
		if err := face.CheckVector(r.Vector); err != nil {
			return face.Wrap(face.Invalid, err, "face "+r.Face.String()+" has a template that is not of unit length")
		}
	}
	return nil
}

// lastOfEach keeps the last row of each key, as one write after another would.
func lastOfEach(rows []face.IndexRow) []face.IndexRow {
	at := make(map[face.IndexKey]int, len(rows))
	out := make([]face.IndexRow, 0, len(rows))
	for _, r := range rows {
		k := face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}
		if i, ok := at[k]; ok {
			out[i] = r
			continue
		}
		at[k] = len(out)
		out = append(out, r)
	}
	return out
}

// replace inserts rows, none of one key, and deletes older rows of their keys.
func (s *Store) replace(ctx context.Context, c *collection, rows []face.IndexRow) error {
	version := s.versions.next()
	inserted, err := s.insert(ctx, c, rows, version)
	if err != nil {
		return s.refused(c, err)
	}
	older, err := s.older(ctx, c, rows, version, inserted)
	if err != nil || len(older) == 0 {
		return err
	}
	return s.deleteIDs(ctx, c, older)
}

// refused forgets a collection that is gone or released, so that the next write
// makes it and the next call loads it.
func (s *Store) refused(c *collection, err error) error {
	if isMissing(err) || isUnloaded(err) {
		s.forget(c)
	}
	return err
}

func (s *Store) insert(ctx context.Context, c *collection, rows []face.IndexRow, version int64) (map[int64]bool, error) {
	columns := columnsOf(rows, c.dim, version)
	ids := make(map[int64]bool, len(rows))
	err := s.write(ctx, "insert rows", func(ctx context.Context) error {
		got, err := s.client.Insert(ctx, c.name, "", columns...)
		if err != nil {
			return err
		}
		for _, id := range int64s(got) {
			ids[id] = true
		}
		return nil
	})
	return ids, err
}

func columnsOf(rows []face.IndexRow, dim int, version int64) []entity.Column {
	n := len(rows)
	lists, members, faces := make([]string, n), make([]string, n), make([]string, n)
	versions, vectors := make([]int64, n), make([][]float32, n)
	for i, r := range rows {
		lists[i], members[i], faces[i] = r.Watchlist.String(), r.Member.String(), r.Face.String()
		versions[i], vectors[i] = version, r.Vector
	}
	return []entity.Column{
		entity.NewColumnVarChar(fieldWatchlist, lists), entity.NewColumnVarChar(fieldMember, members),
		entity.NewColumnVarChar(fieldFace, faces), entity.NewColumnInt64(fieldVersion, versions),
		entity.NewColumnFloatVector(fieldVector, dim, vectors),
	}
}

// older returns the primary keys of rows that the rows just inserted replace.
// Those of a higher version are somebody's later write, and stay.
func (s *Store) older(ctx context.Context, c *collection, rows []face.IndexRow, version int64, inserted map[int64]bool) ([]int64, error) {
	keys := make(map[face.IndexKey]bool, len(rows))
	lists, faces := make([]uuid.UUID, 0, len(rows)), make([]uuid.UUID, 0, len(rows))
	for _, r := range rows {
		keys[face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}] = true
		lists, faces = append(lists, r.Watchlist), append(faces, r.Face)
	}
	var out []int64
	match := and(isOneOf(fieldWatchlist, lists), isOneOf(fieldFace, faces), atMost(fieldVersion, version))
	err := s.pages(ctx, c, match, s.opts.Consistency, false, func(page []Row) error {
		for _, r := range page {
			if keys[face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}] && !inserted[r.ID] {
				out = append(out, r.ID)
			}
		}
		return nil
	})
	return out, err
}

func (s *Store) deleteIDs(ctx context.Context, c *collection, ids []int64) error {
	for batch := range slices.Chunk(ids, writeBatch) {
		if err := s.deleteWhere(ctx, c, hasID(batch)); err != nil {
			return err
		}
	}
	return nil
}

// deleteWhere deletes the rows that match. The server finds them as a reader at
// Strong does, so rows that were inserted a moment ago are among them.
func (s *Store) deleteWhere(ctx context.Context, c *collection, match string) error {
	return s.write(ctx, "delete rows", func(ctx context.Context) error {
		err := s.client.Delete(ctx, c.name, "", match)
		if isMissing(err) {
			s.forget(c)
			return nil // with its collection the row is gone
		}
		return s.refused(c, err)
	})
}

// deleteBatch bounds the keys of one expression.
const deleteBatch = 500

// Delete implements vectorstore.Store. It takes out every row of the keys,
// whatever the store's Consistency.
func (s *Store) Delete(ctx context.Context, keys []face.IndexKey) error {
	if err := contextError(ctx); err != nil || len(keys) == 0 {
		return err
	}
	return s.eachCollection(ctx, func(c *collection) error {
		for batch := range slices.Chunk(keys, deleteBatch) {
			if err := s.deleteWhere(ctx, c, isKey(batch)); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropWatchlist implements vectorstore.Store.
func (s *Store) DropWatchlist(ctx context.Context, watchlist uuid.UUID) error {
	if err := contextError(ctx); err != nil {
		return err
	}
	return s.eachCollection(ctx, func(c *collection) error {
		return s.deleteWhere(ctx, c, isOneOf(fieldWatchlist, []uuid.UUID{watchlist}))
	})
}

// DeleteRows takes single rows of a label out by their primary keys, as Rows
// gives them: duplicates, for example.
func (s *Store) DeleteRows(ctx context.Context, label face.TemplateLabel, ids []int64) error {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return err
	}
	return s.deleteIDs(ctx, c, ids)
}

func (s *Store) eachCollection(ctx context.Context, do func(*collection) error) error {
	all, err := s.collections(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := do(c); err != nil {
			return err
		}
	}
	return nil
}

// consistency is an option of a search or a query.
func consistency(level Consistency) client.SearchQueryOptionFunc {
	return client.WithSearchQueryConsistencyLevel(level.level())
}
