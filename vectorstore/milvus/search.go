package milvus

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"github.com/google/uuid"
	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

// Milvus answers with rows, and several may be of one member, so more are asked
// for than hits are wanted; and once more if that was too few.
const (
	overFetch = 2     // rows asked for per hit
	extraRows = 16    // and so many more
	widenBy   = 4     // times as many rows in the next round
	maxRows   = 16384 // that Milvus answers with at most
)

// rounding is how far equal cosines may lie apart in a server's answer.
const rounding = 1e-6

// Search implements vectorstore.Store, at the store's Consistency. With a Flat
// index the answer is exact, with others a near member may be missed; a query
// that is Exact is refused by those as Invalid. Where more than 16,384 rows would
// have to be looked at, farther members may be missed too, and the log says so.
//
// A search that takes longer than SearchTimeout, whatever it waits for, is
// Unavailable, so that it can be answered from elsewhere.
func (s *Store) Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	if err := contextError(ctx); err != nil {
		return nil, err
	}
	if err := vectorstore.CheckQuery(q); err != nil {
		return nil, err
	}
	soon, cancel := context.WithTimeout(ctx, s.opts.SearchTimeout)
	defer cancel()
	hits, err := s.searchLabel(soon, q)
	if face.KindOf(err) == face.Timeout && contextError(ctx) == nil {
		return nil, face.Wrap(face.Unavailable, err, "the index of templates did not answer in time: try again soon")
	}
	return hits, err
}

func (s *Store) searchLabel(ctx context.Context, q face.IndexQuery) ([]face.Hit, error) {
	c, err := s.find(ctx, q.Label)
	if c == nil || err != nil {
		return nil, err
	}
	if len(q.Vector) != c.dim {
		return nil, face.Errorf(face.Invalid, "the probe has dimension %d, want %d for label %q", len(q.Vector), c.dim, q.Label)
	}
	if q.Exact && c.kind != Flat {
		return nil, face.Errorf(face.Invalid, "the index %s is approximate: it cannot answer an exact search", c.kind)
	}
	return s.search(ctx, c, q)
}

func (s *Store) search(ctx context.Context, c *collection, q face.IndexQuery) ([]face.Hit, error) {
	limit := min(q.Limit, vectorstore.MaxLimit)
	for rows := min(limit*overFetch+extraRows, maxRows); ; rows = min(rows*widenBy, maxRows) {
		near, err := s.nearest(ctx, c, q, rows)
		if err != nil {
			return nil, s.refused(c, err)
		}
		all, beyond := len(near) < rows, -1.0 // how near a row can be that was not read
		if !all {
			beyond = near[len(near)-1].cosine
		}
		if s.rounds(c) {
			beyond += rounded
			if near, err = s.rescore(ctx, q, near); err != nil {
				return nil, err
			}
		}
		hits := merge(near, q.MinCosine, q.Skip)
		if all || settled(beyond, hits, limit, q.MinCosine) {
			return hits[:min(len(hits), limit)], nil
		}
		if rows == maxRows {
			if len(hits) < limit {
				s.opts.Log.WarnContext(ctx, "a search met the limit of rows", slog.Int("hits", len(hits)), slog.Int("limit", limit))
			}
			return hits[:min(len(hits), limit)], nil
		}
	}
}

// settled reports whether rows beyond those that were read, at most so near,
// cannot change the first hits: they are farther than the last one, or too far to
// count.
func settled(beyond float64, hits []face.Hit, limit int, minCosine float64) bool {
	return beyond < minCosine || len(hits) >= limit && beyond < hits[limit-1].Cosine-rounding
}

// nearRow is a row of an answer.
type nearRow struct {
	Row

	cosine float64
}

// nearest asks for so many rows, the nearest first.
func (s *Store) nearest(ctx context.Context, c *collection, q face.IndexQuery, rows int) ([]nearRow, error) {
	var out []nearRow
	fields := []string{fieldWatchlist, fieldMember, fieldFace, fieldVersion}
	err := s.read(ctx, "search", func(ctx context.Context) error {
		results, err := s.client.Search(ctx, c.name, nil, isOneOf(fieldWatchlist, q.Watchlists), fields,
			[]entity.Vector{entity.FloatVector(q.Vector)}, fieldVector, c.metric.entity(), rows,
			s.opts.Index.searchParam(rows), consistency(s.opts.Consistency))
		if err != nil || len(results) == 0 {
			return err
		}
		out, err = nearRows(results[0], c.metric)
		return err
	})
	return out, err
}

func nearRows(result client.SearchResult, metric Metric) ([]nearRow, error) {
	if result.ResultCount == 0 {
		return nil, nil // the SDK calls this an error too
	}
	if result.Err != nil {
		return nil, result.Err
	}
	rows, err := rowsOf(result.Fields)
	if err != nil {
		return nil, err
	}
	ids := int64s(result.IDs)
	out := make([]nearRow, len(rows))
	for i, r := range rows {
		r.ID = ids[i]
		out[i] = nearRow{Row: r, cosine: metric.cosine(result.Scores[i])}
	}
	return out, nil
}

// merge makes hits of rows: of each face that is not skipped the row in force, of
// each member in a watchlist the nearest face, in the order of an answer.
func merge(near []nearRow, minCosine float64, skip func(face.IndexKey) bool) []face.Hit {
	inForce := make(map[face.IndexKey]nearRow, len(near))
	for _, r := range near {
		k := face.IndexKey{Watchlist: r.Watchlist, Face: r.Face}
		if other, ok := inForce[k]; !ok || newer(r.Row, other.Row) {
			inForce[k] = r
		}
	}
	hits := make([]face.Hit, 0, len(inForce))
	for key, r := range inForce {
		if r.cosine >= minCosine && (skip == nil || !skip(key)) {
			hits = append(hits, face.Hit{Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Cosine: r.cosine})
		}
	}
	slices.SortFunc(hits, face.Hit.Compare)
	seen := make(map[[2]uuid.UUID]bool, len(hits))
	return slices.DeleteFunc(hits, func(h face.Hit) bool {
		who := [2]uuid.UUID{h.Watchlist, h.Member}
		again := seen[who]
		seen[who] = true
		return again
	})
}

func newer(a, b Row) bool {
	return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.ID, b.ID)) > 0
}
