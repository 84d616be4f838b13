package evaluate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/face/eval"
)

// Verification is the outcome of comparing labelled pairs.
type Verification struct {
	Curve    *eval.Curve
	Accuracy eval.Accuracy
	Pictures int
	NoFace   []string // pictures in which no face counted, in order of name
	scored   []scoredPair
}

type scoredPair struct {
	mated bool
	score face.Score
}

// reportedFMRs are the operating points that a report names.
var reportedFMRs = []float64{1e-2, 1e-3, 1e-4}

// Verify compares labelled pairs.
func Verify(ctx context.Context, o Options, pairs []Pair, cal *face.Calibration) (*Verification, error) {
	if len(pairs) == 0 {
		return nil, face.Errorf(face.Invalid, "the list of pairs is empty")
	}
	files := make([]string, 0, 2*len(pairs))
	for _, p := range pairs {
		files = append(files, p.A, p.B)
	}
	slices.Sort(files)
	files = slices.Compact(files)
	vectors, err := Templates(ctx, o, files)
	if err != nil {
		return nil, err
	}
	v := &Verification{Pictures: len(files)}
	for _, f := range files {
		if vectors[f] == nil {
			v.NoFace = append(v.NoFace, f)
		}
	}
	trials := make([]eval.Trial, 0, len(pairs))
	for _, p := range pairs {
		t := eval.Trial{Cosine: eval.Failed, Mated: p.Same, Fold: p.Fold}
		if a, b := vectors[p.A], vectors[p.B]; a != nil && b != nil {
			t.Cosine = face.Dot(a, b)
		}
		trials = append(trials, t)
		if cal != nil {
			v.scored = append(v.scored, scoredPair{p.Same, cal.Score(t.Cosine)})
		}
	}
	v.Curve, v.Accuracy = eval.NewCurve(trials), eval.FoldAccuracy(trials)
	return v, nil
}

// Report writes the outcome as a person reads it.
func (v *Verification) Report(w io.Writer) error {
	mated, nonMated := v.Curve.Counts()
	eer, at := v.Curve.EER()
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { _, _ = fmt.Fprintf(t, name+"\t"+format+"\n", args...) }
	row("pairs", "%d mated, %d non-mated, of %d pictures (%d without a face)", mated, nonMated, v.Pictures, len(v.NoFace))
	row("accuracy", "%.4f ± %.4f over %d folds", v.Accuracy.Mean, v.Accuracy.StdErr, len(v.Accuracy.Folds))
	row("", "%s", foldList(v.Accuracy.Folds))
	row("EER", "%.4f (at cosine %.3f)", eer, at)
	for _, fmr := range reportedFMRs {
		threshold := v.Curve.ThresholdAt(fmr)
		note := ""
		if fmr*float64(nonMated) < 1 {
			note = fmt.Sprintf("; %d non-mated pairs cannot tell so small a rate", nonMated)
		}
		row(fmt.Sprintf("FNMR at FMR %.0e", fmr), "%.4f (above cosine %.3f%s)", v.Curve.FNMR(threshold), threshold, note)
	}
	if len(v.scored) > 0 {
		row("at score 40", "%s", v.atScore(40))
	}
	if len(v.NoFace) > 0 {
		row("no face in", "%s", someOf(v.NoFace, 5))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// atScore says how the pairs fare at a threshold of the score scale.
func (v *Verification) atScore(threshold face.Score) string {
	var falseMatch, falseNonMatch, mated int
	for _, p := range v.scored {
		match := p.score >= threshold
		switch {
		case p.mated && !match:
			falseNonMatch++
		case !p.mated && match:
			falseMatch++
		}
		if p.mated {
			mated++
		}
	}
	return fmt.Sprintf("%d of %d non-mated pairs match, FNMR %.4f",
		falseMatch, len(v.scored)-mated, float64(falseNonMatch)/float64(max(mated, 1)))
}

func foldList(folds []float64) string {
	words := make([]string, len(folds))
	for i, f := range folds {
		words[i] = fmt.Sprintf("%.4f", f)
	}
	return strings.Join(words, " ")
}

func someOf(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}
