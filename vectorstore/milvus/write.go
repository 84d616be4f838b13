package milvus

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// writeBatch bounds the rows of one call: some 4 MB at 512 dimensions. A call costs a
// fixed time beside that of its rows, and the look-up of rows to replace costs more
// than its share in batches of 4,096 (BenchmarkBatch).
const writeBatch = 2048

// Upsert implements vectorstore.Store. Rows are inserted first, in batches, and
// then what is not the newest of their keys is deleted, as far as the store's
// Consistency shows it: an older row that is missed does no harm to searches, and
// the next write of the face or a reconciliation takes it away. On an error some rows may be in; doing
// the same again makes up for it.
func (s *Store) Upsert(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if err := contextError(ctx); err != nil || len(rows) == 0 {
		return err
	}
	c, err := s.collectionFor(ctx, label, rows)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(newestOfEach(rows), writeBatch) {
		if err := s.replace(ctx, c, batch); err != nil {
			return err
		}
	}
	return nil
}

// collectionFor returns the collection that rows of a label go into, making it if
// there is none. Rows that do not fit it are Invalid, and none of them is stored.
func (s *Store) collectionFor(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) (*collection, error) {
	if err := checkRows(label, rows, len(rows[0].Vector)); err != nil {
		return nil, err
	}
	c, err := s.ensure(ctx, label, len(rows[0].Vector))
	if err != nil {
		return nil, err
	}
	return c, checkRows(label, rows[:1], c.dim) // the others are of the same dimension
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

// newestOfEach keeps of each key the row of the highest version, and of those the
// last, as one write after another would.
func newestOfEach(rows []face.IndexRow) []face.IndexRow {
	at := make(map[face.IndexKey]int, len(rows))
	out := make([]face.IndexRow, 0, len(rows))
	for _, r := range rows {
		k := face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}
		switch i, ok := at[k]; {
		case !ok:
			at[k] = len(out)
			out = append(out, r)
		case r.Version >= out[i].Version:
			out[i] = r
		}
	}
	return out
}

// replace inserts rows, none of one key, and deletes what is not the newest of
// their keys: older rows, or the inserted one itself where it comes late.
func (s *Store) replace(ctx context.Context, c *collection, rows []face.IndexRow) error {
	inserted, err := s.insert(ctx, c, rows)
	if err != nil {
		return s.refused(c, err)
	}
	old, err := s.superseded(ctx, c, inserted)
	if err != nil || len(old) == 0 {
		return err
	}
	return s.deleteIDs(ctx, c, old)
}

// refused forgets a collection that is gone or released, so that the next write
// makes it and the next call loads it.
func (s *Store) refused(c *collection, err error) error {
	if isMissing(err) || isUnloaded(err) {
		s.forget(c)
	}
	return err
}

// insert returns the rows with the primary keys that they were given.
func (s *Store) insert(ctx context.Context, c *collection, rows []face.IndexRow) ([]Row, error) {
	columns := columnsOf(rows, c.dim)
	out := make([]Row, len(rows))
	err := s.write(ctx, "insert rows", func(ctx context.Context) error {
		got, err := s.client.Insert(ctx, c.name, "", columns...)
		if err != nil {
			return err
		}
		ids := int64s(got)
		if len(ids) != len(rows) {
			return fmt.Errorf("%d primary keys in the answer, want %d", len(ids), len(rows))
		}
		for i, r := range rows {
			out[i] = Row{IndexRow: r, ID: ids[i]}
		}
		return nil
	})
	if err == nil {
		s.wrote(c.label, len(rows))
	}
	return out, err
}

func columnsOf(rows []face.IndexRow, dim int) []entity.Column {
	n := len(rows)
	lists, members, faces := make([]string, n), make([]string, n), make([]string, n)
	versions, vectors := make([]int64, n), make([][]float32, n)
	for i, r := range rows {
		lists[i], members[i], faces[i] = r.Watchlist.String(), r.Member.String(), r.Face.String()
		versions[i], vectors[i] = r.Version, r.Vector
	}
	return []entity.Column{
		entity.NewColumnVarChar(fieldWatchlist, lists), entity.NewColumnVarChar(fieldMember, members),
		entity.NewColumnVarChar(fieldFace, faces), entity.NewColumnInt64(fieldVersion, versions),
		entity.NewColumnFloatVector(fieldVector, dim, vectors),
	}
}

// superseded returns the primary keys of all rows of the keys of those just
// inserted, except the one in force of each. Every writer leaves that one, so of
// several at once the newest stays, whoever is the last.
func (s *Store) superseded(ctx context.Context, c *collection, inserted []Row) (old []int64, err error) {
	inForce := make(map[face.IndexKey]Row, len(inserted))
	lists, faces := make([]uuid.UUID, 0, len(inserted)), make([]uuid.UUID, 0, len(inserted))
	for _, r := range inserted {
		inForce[face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}] = r
		lists, faces = append(lists, r.Watchlist), append(faces, r.Face)
	}
	match := and(isOneOf(fieldWatchlist, lists), isOneOf(fieldFace, faces))
	err = s.pages(ctx, c, match, s.opts.Consistency, false, func(page []Row) error {
		for _, r := range page {
			k := face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}
			switch known, ok := inForce[k]; {
			case !ok || r.ID == known.ID:
			case newer(r, known):
				inForce[k] = r
				old = append(old, known.ID)
			default:
				old = append(old, r.ID)
			}
		}
		return nil
	})
	return old, err
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

// Delete implements vectorstore.Store. It takes out every row of the keys that is
// older than its removal, whatever the store's Consistency. It finds them first
// and then deletes them by their primary keys, which are never given twice: what
// is inserted in between stays, however long the deletion is under way.
func (s *Store) Delete(ctx context.Context, removals []face.IndexRemoval) error {
	if err := contextError(ctx); err != nil || len(removals) == 0 {
		return err
	}
	return s.eachCollection(ctx, func(c *collection) error {
		for batch := range slices.Chunk(removals, deleteBatch) {
			ids, err := s.olderThan(ctx, c, batch)
			if err != nil {
				return err
			}
			if err := s.deleteIDs(ctx, c, ids); err != nil {
				return err
			}
		}
		return nil
	})
}

// olderThan returns the primary keys of the rows that removals are about.
func (s *Store) olderThan(ctx context.Context, c *collection, removals []face.IndexRemoval) (ids []int64, err error) {
	before := make(map[face.IndexKey]int64, len(removals))
	keys := make([]face.IndexKey, len(removals))
	for i, r := range removals {
		keys[i] = r.IndexKey
		before[r.IndexKey] = max(r.Before, before[r.IndexKey])
	}
	err = s.pages(ctx, c, isKey(keys), Strong, false, func(page []Row) error {
		for _, r := range page {
			if r.Version < before[face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}] {
				ids = append(ids, r.ID)
			}
		}
		return nil
	})
	if isMissing(err) {
		return nil, nil // with their collection the rows are gone
	}
	return ids, err
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
