package gallery

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// maxCandidates bounds the candidates of one face.
const maxCandidates = 10000

// Identify answers who is in a picture: for each face that counts, the members
// of the watchlists that score at least MinScore, the nearest first. No face is
// NoFace, an unknown watchlist id NotFound. If the index is behind the database
// and cannot follow, the answer is Unavailable rather than silently less.
func (g *Gallery) Identify(ctx context.Context, q IdentifyQuery) ([]Identified, error) {
	p, err := g.probe(ctx, MembersQuery{IdentifyQuery: q})
	if err != nil {
		return nil, fmt.Errorf("identify: %w", err)
	}
	out := make([]Identified, len(p.Faces))
	for i, f := range p.Faces {
		candidates, err := g.candidates(ctx, f.Template, p.lists, q, nil)
		if err != nil {
			return nil, fmt.Errorf("identify: %w", err)
		}
		out[i] = Identified{Inspected: f, Candidates: candidates}
	}
	return out, nil
}

// checkIdentify refuses what can be refused without looking at anything.
func checkIdentify(q IdentifyQuery) error {
	if q.MaxCandidates < 1 || q.MaxCandidates > maxCandidates {
		return face.Errorf(face.Invalid, "between 1 and %d candidates can be asked for, not %d", maxCandidates, q.MaxCandidates)
	}
	return checkFewIDs("watchlistIds", q.WatchlistIDs)
}

// searchRounds bounds how often a search is repeated because the index named
// what the database does not know. Once is the rule while faces are deleted; more
// needs an index with many rows that should not be there.
const searchRounds = 8

// cosineSlack widens a search by more than the rounding of the inverse curve;
// the score decides afterwards.
const cosineSlack = 1e-6

// candidates finds the members nearest to a template. A hit that the database does
// not know (it was deleted a moment ago, or the index holds what it should not)
// may stand for others that are not named: what came behind it, or another face of
// its member. So the index is searched again without such rows, instead of
// answering with what is left. Rows that skip names, if it is not nil, are left out
// anyway.
func (g *Gallery) candidates(ctx context.Context, t *face.Template, lists []uuid.UUID, q IdentifyQuery, skip func(face.IndexKey) bool) ([]face.Candidate, error) {
	if t == nil {
		return nil, fmt.Errorf("the engine returned a face without template")
	}
	if lists != nil && len(lists) == 0 {
		return []face.Candidate{}, nil // the index takes none for all
	}
	curve, err := g.scores.For(t.Label)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := g.sync.CatchUp(ctx); err != nil {
		return nil, err
	}
	g.took(ctx, stepSync, start)
	query := face.IndexQuery{
		Label: t.Label, Vector: t.Vector, Watchlists: lists,
		Limit: q.MaxCandidates, MinCosine: curve.Cosine(q.MinScore) - cosineSlack, Exact: q.Exact,
	}
	unknown := map[face.IndexKey]bool{}
	query.Skip = skip
	for range searchRounds {
		hits, rows, err := g.nearest(ctx, query)
		if err != nil {
			return nil, err
		}
		if len(rows) == len(hits) {
			return scored(rows, hits, curve, q), nil
		}
		noteUnknown(unknown, hits, rows)
		query.Skip = func(key face.IndexKey) bool { return unknown[key] || skip != nil && skip(key) }
		if err := g.sync.Flush(ctx); err != nil {
			return nil, err
		}
	}
	return nil, face.Errorf(face.Unavailable, "the index is behind the database: try again soon")
}

// nearest searches the index once, and returns what the database knows of the hits.
func (g *Gallery) nearest(ctx context.Context, q face.IndexQuery) ([]face.Hit, []face.Candidate, error) {
	start := time.Now()
	hits, err := g.index.Search(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	g.took(ctx, stepSearch, start)
	defer g.took(ctx, stepResolve, time.Now())
	rows, err := g.rows.Resolve(ctx, hits)
	return hits, rows, err
}

// noteUnknown adds the keys of hits that have no row.
func noteUnknown(unknown map[face.IndexKey]bool, hits []face.Hit, rows []face.Candidate) {
	known := make(map[face.IndexKey]bool, len(rows))
	for _, r := range rows {
		known[face.IndexKey{Watchlist: r.Watchlist.UID, Face: r.FaceID}] = true
	}
	for _, h := range hits {
		if key := (face.IndexKey{Watchlist: h.Watchlist, Face: h.Face}); !known[key] {
			unknown[key] = true
		}
	}
}

// scored gives rows, one for each hit, their score, and leaves out what is below
// the least.
func scored(rows []face.Candidate, hits []face.Hit, curve *face.Calibration, q IdentifyQuery) []face.Candidate {
	type ranked struct {
		face.Candidate
		cosine float64
	}
	all := make([]ranked, 0, len(rows))
	for i, c := range rows {
		c.Score = curve.Score(hits[i].Cosine)
		if c.Score >= q.MinScore {
			all = append(all, ranked{c, hits[i].Cosine})
		}
	}
	// By cosine rather than score: it agrees with the score, and still tells
	// candidates apart where the curve has reached its end.
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.Member.ID, b.Member.ID), cmp.Compare(a.Watchlist.ID, b.Watchlist.ID))
	})
	out := make([]face.Candidate, 0, min(len(all), q.MaxCandidates))
	for _, r := range all[:min(len(all), q.MaxCandidates)] {
		out = append(out, r.Candidate)
	}
	return out
}
