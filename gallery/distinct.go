package gallery

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// IdentifyDistinct is IdentifyMembers for a picture in which nobody is twice: each
// member answers for one face at most, and each face has one candidate at most.
// Faces and members are paired so that the sum of the candidates' similarities is
// the largest; MaxCandidates does not matter.
func (g *Gallery) IdentifyDistinct(ctx context.Context, q MembersQuery) ([]IdentifiedMembers, error) {
	q.MaxCandidates = 1 // until it is known how many faces there are
	p, err := g.probe(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("identify distinct members: %w", err)
	}
	q.MaxCandidates = min(len(p.Faces), maxCandidates)
	found, err := g.membersLike(ctx, p, q.IdentifyQuery)
	if err != nil {
		return nil, fmt.Errorf("identify distinct members: %w", err)
	}
	makeDistinct(found)
	return found, nil
}

// makeDistinct leaves each face the candidate that it is paired with. It is enough to
// know as many candidates of a face as there are faces: if a face were paired with a
// farther one, one of those nearer would be free, because there are fewer other faces,
// and would do at least as well.
func makeDistinct(found []IdentifiedMembers) {
	columns := map[uuid.UUID]int{} // by member, in the order in which they are met
	for _, f := range found {
		for _, c := range f.Candidates {
			if _, met := columns[c.Member.UID]; !met {
				columns[c.Member.UID] = len(columns)
			}
		}
	}
	similarity := newGains(len(found), len(columns))
	for i, f := range found {
		for _, c := range f.Candidates {
			similarity.set(i, columns[c.Member.UID], c.Score.Similarity())
		}
	}
	for i, column := range assign(similarity) {
		found[i].keepOnly(columns, column)
	}
}

// keepOnly leaves the face the candidate of one column, or none.
func (f *IdentifiedMembers) keepOnly(columns map[uuid.UUID]int, column int) {
	for _, c := range f.Candidates {
		if columns[c.Member.UID] == column {
			f.Candidates = []MemberCandidate{c}
			return
		}
	}
	f.Candidates = nil
}
