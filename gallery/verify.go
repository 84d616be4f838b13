package gallery

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/facekeep/facekeep/face"
)

// Verify compares the largest face of one picture with that of another. A
// picture without a face that counts is NoFace, and the message names its side.
func (g *Gallery) Verify(ctx context.Context, q VerifyQuery) (Verification, error) {
	reference := make(chan side, 1)
	go func() { reference <- g.largest(ctx, "reference", q.Reference) }()
	probe := g.largest(ctx, "probe", q.Probe)
	ref := <-reference
	// The probe's error where both failed: the answer is the same each time.
	if err := cmp.Or(probe.err, ref.err); err != nil {
		return Verification{}, fmt.Errorf("verify: %w", err)
	}
	score, err := g.compare(probe.face.Template, ref.face.Template)
	if err != nil {
		return Verification{}, fmt.Errorf("verify: %w", err)
	}
	return Verification{Score: score, Probe: probe.face, Reference: ref.face}, nil
}

// side is what was found on one side.
type side struct {
	face face.Inspected
	err  error
}

// largest returns the largest face of a picture.
func (g *Gallery) largest(ctx context.Context, name string, s VerifySide) side {
	opts := s.Inspect
	opts.Templates, opts.MaxFaces = true, 1
	found, err := g.engine.Inspect(ctx, s.Image, opts)
	if err != nil {
		return side{err: aboutSide(name, err)}
	}
	if len(found.Faces) == 0 {
		return side{err: face.Errorf(face.NoFace, "no face was found in the %s picture", name)}
	}
	if found.Faces[0].Template == nil {
		return side{err: errors.New("the engine returned a face without template")}
	}
	return side{face: found.Faces[0]}
}

// aboutSide says which picture an error is about.
func aboutSide(name string, err error) error {
	e, ok := errors.AsType[*face.Error](err)
	if !ok {
		return fmt.Errorf("inspect the %s picture: %w", name, err)
	}
	named := *e
	named.Msg, named.Field = name+" picture: "+e.Msg, name
	return &named
}

// compare scores two templates of one label.
func (g *Gallery) compare(a, b *face.Template) (face.Score, error) {
	if a.Label != b.Label || len(a.Vector) != len(b.Vector) {
		return 0, fmt.Errorf("templates %q and %q cannot be compared", a.Label, b.Label)
	}
	curve, err := g.scores.For(a.Label)
	if err != nil {
		return 0, err
	}
	return curve.Score(face.Dot(a.Vector, b.Vector)), nil
}
