package gallery

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// IdentifyMembers answers which members the faces of a picture are: for each face that
// counts, the members that score at least MinScore, each once, with all their faces
// that do. Errors are those of Identify.
func (g *Gallery) IdentifyMembers(ctx context.Context, q MembersQuery) ([]IdentifiedMembers, error) {
	found, _, err := g.identifyMembers(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("identify members: %w", err)
	}
	return found, nil
}

// IdentifyOrEnrol is IdentifyMembers, but where nobody is found for any face, it enrols
// a new member by the first face on watchlists. The enrolment is nil where somebody was
// found.
func (g *Gallery) IdentifyOrEnrol(ctx context.Context, q MembersQuery, m face.Member, watchlistIDs []string) ([]IdentifiedMembers, *Enrolment, error) {
	m, err := g.newMember(m)
	if err != nil {
		return nil, nil, err
	}
	if err := g.rows.CheckEnrol(ctx, m.ID, watchlistIDs, nil); err != nil {
		return nil, nil, fmt.Errorf("identify or enrol: %w", err)
	}
	q.Inspect.Crops = true
	found, p, err := g.identifyMembers(ctx, q)
	if err != nil {
		return nil, nil, fmt.Errorf("identify or enrol: %w", err)
	}
	for _, f := range found {
		if len(f.Candidates) > 0 {
			return found, nil, nil
		}
	}
	made, err := g.enrolFound(ctx, m, watchlistIDs, p.Faces[0], keptPicture(q.Keep, p.image, p.Inspection))
	if err != nil {
		return nil, nil, fmt.Errorf("identify or enrol: %w", err)
	}
	return found, &made, nil
}

// enrolFound stores a new member by a face that was looked at already.
func (g *Gallery) enrolFound(ctx context.Context, m face.Member, watchlistIDs []string, found face.Inspected, picture *face.Image) (Enrolment, error) {
	f := face.Face{MemberUID: m.UID, CreatedAt: m.CreatedAt}
	var err error
	if f.ID, err = newUID(); err != nil {
		return Enrolment{}, err
	}
	if f.TrackletID, err = newUID(); err != nil {
		return Enrolment{}, err
	}
	enrolled, err := newFace(f, found, picture)
	if err != nil {
		return Enrolment{}, err
	}
	return g.enrol(ctx, m, watchlistIDs, []face.Enrolled{enrolled})
}

func (g *Gallery) identifyMembers(ctx context.Context, q MembersQuery) ([]IdentifiedMembers, probed, error) {
	p, err := g.probe(ctx, q)
	if err != nil {
		return nil, p, err
	}
	out, err := g.membersLike(ctx, p, q.IdentifyQuery)
	return out, p, err
}

// probed is a picture that was looked at, and who its faces may be.
type probed struct {
	face.Inspection

	image  []byte      // in the size that was asked for
	lists  []uuid.UUID // none stands for all
	filter *filter
}

// probe checks a query and looks at its picture, in which there is at least one face.
// The watchlists are looked up meanwhile, so that nobody waits for it; if that fails,
// the look at the picture is given up, and whatever came of it does not count.
func (g *Gallery) probe(ctx context.Context, q MembersQuery) (p probed, err error) {
	if err := checkIdentify(q.IdentifyQuery); err != nil {
		return p, err
	}
	ids, err := searchedIDs(ctx, q.WatchlistIDs)
	if err != nil {
		return p, err
	}
	if len(ids) == 0 {
		return g.look(ctx, q)
	}
	looking, stop := context.WithCancel(ctx)
	defer stop()
	var lists []uuid.UUID
	named := make(chan error, 1)
	go func() {
		var err error
		if lists, err = g.searchedUIDs(ctx, ids, len(q.WatchlistIDs) > 0); err != nil {
			stop()
		}
		named <- err
	}()
	p, err = g.look(looking, q)
	if err := <-named; err != nil {
		return probed{}, err
	}
	p.lists = lists
	return p, err
}

// look looks for the members that a query filters by, and at its picture.
func (g *Gallery) look(ctx context.Context, q MembersQuery) (p probed, err error) {
	if p.filter, err = g.filter(ctx, q.Filter); err != nil {
		return p, err
	}
	if p.image, err = g.fitted(ctx, q.Image, q.Fit); err != nil {
		return p, err
	}
	opts := q.Inspect
	opts.Templates = true
	if p.Inspection, err = g.engine.Inspect(ctx, p.image, opts); err != nil {
		return p, err
	}
	if len(p.Faces) == 0 {
		return p, face.Errorf(face.NoFace, "no face was found in the picture")
	}
	return p, nil
}

// membersLike finds the members nearest to each face.
func (g *Gallery) membersLike(ctx context.Context, p probed, q IdentifyQuery) ([]IdentifiedMembers, error) {
	out := make([]IdentifiedMembers, len(p.Faces))
	for i, f := range p.Faces {
		candidates, err := g.memberCandidates(ctx, f.Template, p.lists, q, p.filter)
		if err != nil {
			return nil, err
		}
		out[i] = IdentifiedMembers{Inspected: f, Candidates: candidates}
	}
	return out, nil
}

// memberCandidates finds the members nearest to a template.
func (g *Gallery) memberCandidates(ctx context.Context, t *face.Template, lists []uuid.UUID, q IdentifyQuery, filter *filter) ([]MemberCandidate, error) {
	members, err := g.nearMembers(ctx, t, lists, q, filter)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	uids := make([]uuid.UUID, len(members))
	for i, m := range members {
		uids[i] = m.UID
	}
	faces, err := g.facesNear(ctx, t, uids, q.MinScore)
	if err != nil {
		return nil, err
	}
	on, err := g.rows.WatchlistsOf(ctx, uids)
	if err != nil {
		return nil, err
	}
	out := make([]MemberCandidate, 0, len(members))
	for _, m := range members {
		if near := faces[m.UID]; len(near) > 0 { // none: deleted meanwhile
			out = append(out, MemberCandidate{Member: m, Watchlists: on[m.UID], Score: near[0].Score, Faces: near})
		}
	}
	slices.SortStableFunc(out, func(a, b MemberCandidate) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), q.MaxCandidates)], nil
}

// nearMembers returns members that score at least MinScore, the nearest first, as many
// as are asked for, each once.
func (g *Gallery) nearMembers(ctx context.Context, t *face.Template, lists []uuid.UUID, q IdentifyQuery, filter *filter) ([]face.Member, error) {
	if filter.includes() {
		return g.membersAmong(ctx, lists, filter.members)
	}
	wanted := q.MaxCandidates
	for {
		found, err := g.candidates(ctx, t, lists, q, filter.skip())
		if err != nil {
			return nil, err
		}
		members := membersOf(found)
		// A member has a row in each of its watchlists: there may be fewer members than
		// rows, and then more rows are asked for.
		if len(members) >= wanted || len(found) < q.MaxCandidates || q.MaxCandidates == maxCandidates {
			return members[:min(len(members), wanted)], nil
		}
		q.MaxCandidates = min(2*q.MaxCandidates, maxCandidates)
	}
}

// membersAmong returns those of some members that are on one of the watchlists; none
// stands for any.
func (g *Gallery) membersAmong(ctx context.Context, lists, members []uuid.UUID) ([]face.Member, error) {
	rows, err := g.rows.CandidatesOf(ctx, members, lists)
	if err != nil {
		return nil, err
	}
	return membersOf(rows), nil
}

// membersOf returns the members of candidates, each once, in their order.
func membersOf(candidates []face.Candidate) []face.Member {
	var out []face.Member
	seen := map[uuid.UUID]bool{}
	for _, c := range candidates {
		if !seen[c.Member.UID] {
			seen[c.Member.UID] = true
			out = append(out, c.Member)
		}
	}
	return out
}

// facesNear returns the faces of members that score at least so much, the nearest
// first. They are compared by their stored templates.
func (g *Gallery) facesNear(ctx context.Context, t *face.Template, members []uuid.UUID, least face.Score) (map[uuid.UUID][]FaceScore, error) {
	curve, err := g.scores.For(t.Label)
	if err != nil {
		return nil, err
	}
	faces, err := g.rows.FacesOf(ctx, members)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, all := range faces {
		for _, f := range all {
			ids = append(ids, f.ID)
		}
	}
	vectors, err := g.rows.Vectors(ctx, t.Label, ids)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID][]FaceScore{}
	for uid, all := range faces {
		var near []FaceScore
		for _, f := range all {
			if v := vectors[f.ID]; len(v) == len(t.Vector) {
				if score := curve.Score(face.Dot(t.Vector, v)); score >= least {
					near = append(near, FaceScore{Face: f, Score: score})
				}
			}
		}
		slices.SortStableFunc(near, func(a, b FaceScore) int { return cmp.Compare(b.Score, a.Score) })
		out[uid] = near
	}
	return out, nil
}
