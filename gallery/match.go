package gallery

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/face"
)

// Inspect tells what is in a picture. No face is no error.
func (g *Gallery) Inspect(ctx context.Context, image []byte, opts face.InspectOptions) (face.Inspection, error) {
	found, err := g.engine.Inspect(ctx, image, opts)
	if err != nil {
		return face.Inspection{}, fmt.Errorf("inspect: %w", err)
	}
	return found, nil
}

// matchAtATime bounds the pictures of one query that are looked at together: a query
// of many leaves room in the queue for others.
const matchAtATime = 4

// Match compares every face of some pictures with every other. A picture that cannot
// be read, or has no face that counts, has an error of its own and no pairs; any other
// error ends it all.
func (g *Gallery) Match(ctx context.Context, q MatchQuery) (Matched, error) {
	out := Matched{Sides: make([]MatchSide, len(q.Pictures))}
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(matchAtATime)
	for i, p := range q.Pictures {
		all.Go(func() (err error) {
			out.Sides[i], err = g.matchSide(inner, p)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return Matched{}, fmt.Errorf("match: %w", err)
	}
	var err error
	if out.Pairs, err = g.pairs(out.Sides); err != nil {
		return Matched{}, fmt.Errorf("match: %w", err)
	}
	return out, nil
}

// matchSide looks at one picture. What is wrong with the picture itself is part of the
// answer.
func (g *Gallery) matchSide(ctx context.Context, p MatchPicture) (MatchSide, error) {
	opts := p.Inspect
	opts.Templates = true
	found, err := g.engine.Inspect(ctx, p.Image, opts)
	switch kind := face.KindOf(err); {
	case err == nil && len(found.Faces) == 0:
		return MatchSide{Inspection: found, Err: face.Errorf(face.NoFace, "no face was found in the picture")}, nil
	case err == nil:
		return MatchSide{Inspection: found}, nil
	case kind == face.Invalid, kind == face.TooLarge:
		return MatchSide{Err: err}, nil
	}
	return MatchSide{}, err
}

// pairs compares all faces.
func (g *Gallery) pairs(sides []MatchSide) ([]MatchPair, error) {
	type place struct{ side, face int }
	var places []place
	for i, s := range sides {
		for j, f := range s.Faces {
			if f.Template == nil {
				return nil, errors.New("the engine returned a face without template")
			}
			places = append(places, place{i, j})
		}
	}
	var out []MatchPair
	for n, a := range places {
		for _, b := range places[n+1:] {
			score, err := g.compare(sides[a.side].Faces[a.face].Template, sides[b.side].Faces[b.face].Template)
			if err != nil {
				return nil, err
			}
			out = append(out, MatchPair{First: a.side, FirstFace: a.face, Second: b.side, SecondFace: b.face, Score: score})
		}
	}
	return out, nil
}
