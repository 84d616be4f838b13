package evaluate

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"text/tabwriter"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/face/eval"
)

// Quality is the outcome of asking whether quality foretells which comparisons fail.
type Quality struct {
	Discard   *eval.Discard
	Qualities []int // of the pictures with a face, ascending, 0…10000
	NoFace    int   // pictures in which no face counted
	Threshold float64
}

// reportedParts are the parts of comparisons that are left out in a report.
func reportedParts() []float64 { return []float64{0, 0.05, 0.1, 0.2, 0.3} }

// MatedPairs returns the pairs of pictures of one person in a folder of people, of
// the first so many pictures of each: else the few who were photographed often
// would decide.
func MatedPairs(o Options, perPerson int) ([]Pair, error) {
	files, err := pictureFiles(o.Images)
	if err != nil {
		return nil, err
	}
	var pairs []Pair
	for from := 0; from < len(files); {
		to := from
		for to < len(files) && path.Dir(files[to]) == path.Dir(files[from]) {
			to++
		}
		of := files[from:min(to, from+perPerson)]
		for i, a := range of {
			for _, b := range of[i+1:] {
				pairs = append(pairs, Pair{A: a, B: b, Same: true, Fold: 1})
			}
		}
		from = to
	}
	return pairs, nil
}

// RateQuality compares the mated ones of the pairs at a threshold of cosine, and
// orders them by quality. A picture without a face has the lowest.
func RateQuality(ctx context.Context, o Options, pairs []Pair, threshold float64) (*Quality, error) {
	var files []string
	for _, p := range pairs {
		if p.Same {
			files = append(files, p.A, p.B)
		}
	}
	if len(files) == 0 {
		return nil, face.Errorf(face.Invalid, "no two of the pictures show one person")
	}
	slices.Sort(files)
	files = slices.Compact(files)
	found, err := subjects(ctx, o, files)
	if err != nil {
		return nil, err
	}
	q := &Quality{NoFace: len(files) - len(found), Threshold: threshold}
	for _, s := range found {
		q.Qualities = append(q.Qualities, s.Quality)
	}
	slices.Sort(q.Qualities)
	rated := make([]eval.Rated, 0, len(pairs))
	for _, p := range pairs {
		if p.Same {
			rated = append(rated, rate(found[p.A], found[p.B]))
		}
	}
	q.Discard = eval.NewDiscard(rated, threshold)
	return q, nil
}

// rate compares two faces; nil is a picture without one.
func rate(a, b *face.Inspected) eval.Rated {
	if a == nil || b == nil {
		return eval.Rated{Cosine: eval.Failed, Quality: -1}
	}
	return eval.Rated{Cosine: face.Dot(a.Template.Vector, b.Template.Vector), Quality: float64(min(a.Quality, b.Quality))}
}

// Report writes the outcome as a person reads it.
func (q *Quality) Report(w io.Writer) error {
	_, _ = fmt.Fprintf(w, "%d pairs of pictures of one person, threshold cosine %.3f; %d pictures without a face\n",
		q.Discard.Total(), q.Threshold, q.NoFace)
	_, _ = fmt.Fprint(w, "quality of the pictures:")
	for _, part := range []float64{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99} {
		_, _ = fmt.Fprintf(w, "  %.0f %% %d", 100*part, q.quantile(part))
	}
	_, _ = fmt.Fprint(w, "\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "left out\tFNMR, lowest quality first\tby chance\tideal\t")
	for _, part := range reportedParts() {
		_, _ = fmt.Fprintf(t, "%.0f %%\t%.4f\t%.4f\t%.4f\t\n", 100*part, q.Discard.FNMR(part), q.Discard.Random(), q.Discard.Ideal(part))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// quantile returns the quality that a part of the pictures does not exceed; 0 if
// none has a face.
func (q *Quality) quantile(part float64) int {
	if len(q.Qualities) == 0 {
		return 0
	}
	return q.Qualities[int(part*float64(len(q.Qualities)-1))]
}
