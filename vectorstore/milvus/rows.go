package milvus

import (
	"context"
	"fmt"
	"math"

	"github.com/google/uuid"
	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

// Row is a row as Milvus holds it. Several may stand for one (watchlist, face):
// the one of the highest Version, and of those of the highest ID, is in force.
type Row struct {
	face.IndexRow

	ID int64 // primary key, given by the server, higher from row to row
}

// RowQuery names rows of a label.
type RowQuery struct {
	Label      face.TemplateLabel
	Watchlists []uuid.UUID // empty: all
	After      uuid.UUID   // faces of higher ids alone; zero: all
	UpTo       uuid.UUID   // and of those at most this one; zero: all
	Vectors    bool        // read the vectors too
}

// pageRows is how many rows are read at once: 16 MB of vectors at 512 dimensions.
const pageRows = 8192

// Rows gives rows page by page to a function, in the order of their primary
// keys, until it returns an error, which Rows returns. It sees every write that
// returned before the call; of what is written meanwhile it may see some.
func (s *Store) Rows(ctx context.Context, q RowQuery, visit func([]Row) error) error {
	c, err := s.find(ctx, q.Label)
	if c == nil || err != nil {
		return err
	}
	return s.pages(ctx, c, and(isOneOf(fieldWatchlist, q.Watchlists), between(fieldFace, q.After, q.UpTo)), Strong, q.Vectors, visit)
}

func (s *Store) pages(ctx context.Context, c *collection, match string, level Consistency, vectors bool, visit func([]Row) error) error {
	last := int64(math.MinInt64 + 1)
	for {
		page, err := s.page(ctx, c, and(above(fieldID, last), match), level, vectors)
		if err != nil {
			return err
		}
		if len(page) > 0 {
			if err := visit(page); err != nil {
				return err
			}
			last = page[len(page)-1].ID
		}
		if len(page) < s.pageRows() {
			return nil
		}
	}
}

func (s *Store) pageRows() int { return or(s.pageSize, pageRows) }

// page reads the matching rows of the lowest primary keys, in their order.
func (s *Store) page(ctx context.Context, c *collection, match string, level Consistency, vectors bool) ([]Row, error) {
	fields := []string{fieldID, fieldWatchlist, fieldMember, fieldFace, fieldVersion}
	if vectors {
		fields = append(fields, fieldVector)
	}
	var rows []Row
	err := s.read(ctx, "read rows", func(ctx context.Context) error {
		found, err := s.client.Query(ctx, c.name, nil, match, fields, consistency(level), client.WithLimit(int64(s.pageRows())))
		if err != nil {
			return err
		}
		rows, err = rowsOf(found)
		return err
	})
	return rows, s.refused(c, err)
}

// rowsOf reads rows from columns; a column that was not asked for stays empty.
func rowsOf(columns client.ResultSet) ([]Row, error) {
	ids, versions := int64s(columns.GetColumn(fieldID)), int64s(columns.GetColumn(fieldVersion))
	if len(versions) == 0 {
		return nil, nil
	}
	rows := make([]Row, len(versions))
	for i := range rows {
		rows[i].Version = versions[i]
		if ids != nil {
			rows[i].ID = ids[i]
		}
	}
	for name, at := range map[string]func(*Row) *uuid.UUID{
		fieldWatchlist: func(r *Row) *uuid.UUID { return &r.Watchlist },
		fieldMember:    func(r *Row) *uuid.UUID { return &r.Member },
		fieldFace:      func(r *Row) *uuid.UUID { return &r.Face },
	} {
		if err := readUUIDs(columns.GetColumn(name), rows, at); err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
	}
	if vectors, ok := columns.GetColumn(fieldVector).(*entity.ColumnFloatVector); ok {
		for i, v := range vectors.Data() {
			rows[i].Vector = v
		}
	}
	return rows, nil
}

func readUUIDs(column entity.Column, rows []Row, at func(*Row) *uuid.UUID) error {
	text, ok := column.(*entity.ColumnVarChar)
	if !ok || text.Len() != len(rows) {
		return fmt.Errorf("want %d texts, got %T", len(rows), column)
	}
	for i, t := range text.Data() {
		id, err := uuid.Parse(t)
		if err != nil {
			return err
		}
		*at(&rows[i]) = id
	}
	return nil
}

// int64s returns the numbers of a column, and none of another or a missing one.
func int64s(column entity.Column) []int64 {
	if c, ok := column.(*entity.ColumnInt64); ok {
		return c.Data()
	}
	return nil
}

// Count counts the rows of a label, duplicates among them. It sees every write
// that returned before.
func (s *Store) Count(ctx context.Context, label face.TemplateLabel) (int, error) {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return 0, err
	}
	return s.count(ctx, c)
}

const countAll = "count(*)"

func (s *Store) count(ctx context.Context, c *collection) (int, error) {
	n := 0
	err := s.read(ctx, "count rows", func(ctx context.Context) error {
		found, err := s.client.Query(ctx, c.name, nil, "", []string{countAll}, consistency(Strong))
		if err != nil {
			return err
		}
		counts := int64s(found.GetColumn(countAll))
		if len(counts) != 1 {
			return fmt.Errorf("%d counts in the answer, want one", len(counts))
		}
		n = int(counts[0])
		return nil
	})
	return n, s.refused(c, err)
}

// Labels returns the labels that have a collection, empty ones too.
func (s *Store) Labels(ctx context.Context) ([]face.TemplateLabel, error) {
	all, err := s.collections(ctx)
	out := make([]face.TemplateLabel, len(all))
	for i, c := range all {
		out[i] = c.label
	}
	return out, err
}

// Stats implements vectorstore.Store. It reads the watchlist of every row, which
// takes seconds for a million: Count is the cheap one.
func (s *Store) Stats(ctx context.Context) (vectorstore.Stats, error) {
	stats := vectorstore.Stats{Rows: map[face.TemplateLabel]int{}}
	lists := map[uuid.UUID]bool{}
	err := s.eachCollection(ctx, func(c *collection) error {
		return s.pages(ctx, c, "", Strong, false, func(page []Row) error {
			stats.Rows[c.label] += len(page)
			for _, r := range page {
				lists[r.Watchlist] = true
			}
			return nil
		})
	})
	stats.Watchlists = len(lists)
	return stats, err
}
