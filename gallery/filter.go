package gallery

import (
	"context"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// maxFiltered bounds the members that a filter may name: they are held in memory.
const maxFiltered = 100000

// filter is a MemberFilter whose members are known. Nil lets all pass.
type filter struct {
	exclude bool
	members []uuid.UUID
	faces   map[uuid.UUID]bool // of the members, if they are to be excluded
}

// filter looks for the members that a filter is about.
func (g *Gallery) filter(ctx context.Context, f *MemberFilter) (*filter, error) {
	if f == nil {
		return nil, nil
	}
	if len(f.Values) > maxIDs {
		return nil, face.FieldErrorf("filter", "filter holds %d values, at most %d are allowed", len(f.Values), maxIDs)
	}
	find := g.rows.MembersByName
	if f.Field == MemberExternalID {
		find = g.rows.MembersByExternalID
	}
	members, err := find(ctx, f.Values)
	if err != nil {
		return nil, err
	}
	if len(members) > maxFiltered {
		return nil, face.FieldErrorf("filter", "filter names %d members, at most %d are allowed", len(members), maxFiltered)
	}
	out := &filter{exclude: f.Exclude, members: members}
	if f.Exclude {
		faces, err := g.rows.FaceIDsOf(ctx, members)
		if err != nil {
			return nil, err
		}
		out.faces = make(map[uuid.UUID]bool, len(faces))
		for _, id := range faces {
			out.faces[id] = true
		}
	}
	return out, nil
}

// includes reports whether only some members pass: then there is no need for the index.
func (f *filter) includes() bool { return f != nil && !f.exclude }

// skip returns what the index has to leave out, nil for nothing.
func (f *filter) skip() func(face.IndexKey) bool {
	if f == nil || len(f.faces) == 0 {
		return nil
	}
	return func(key face.IndexKey) bool { return f.faces[key.Face] }
}
