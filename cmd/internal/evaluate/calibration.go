package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/face/eval"
)

// Calibration is the outcome of fitting the score scale to a folder of people.
type Calibration struct {
	Fitted  *face.Calibration // on everybody
	NoFace  int               // pictures in which no face counted
	Genuine []float64         // cosines of all mated pairs
	halves  [2]crossCheck
}

// crossCheck is a curve fitted on one half of the people, tried on the others.
type crossCheck struct {
	fitted   *face.Calibration
	observed *eval.Histogram // impostor cosines of the half it was not fitted on
}

// person is all templates of one name.
type person struct {
	half      int
	templates [][]float32
}

// Calibrate extracts every picture of a folder of people (one folder a person)
// and fits the score scale to all pairs of different persons. It fits each half
// of the people as well, to try the curve on people that it has not seen; which
// half a person is in depends on the name alone.
func Calibrate(ctx context.Context, o Options, label face.TemplateLabel) (*Calibration, error) {
	files, err := pictureFiles(o.Images)
	if err != nil {
		return nil, err
	}
	vectors, err := Templates(ctx, o, files)
	if err != nil {
		return nil, err
	}
	people := groupByPerson(files, vectors)
	all, halves, err := impostors(ctx, people)
	if err != nil {
		return nil, err
	}
	c := &Calibration{NoFace: len(files) - len(vectors), Genuine: genuine(people)}
	if c.Fitted, err = eval.Calibrate(label, all); err != nil {
		return nil, err
	}
	c.Fitted.Persons, c.Fitted.Pictures = len(people), len(vectors)
	for i := range halves {
		fitted, err := eval.Calibrate(label, halves[i])
		if err != nil {
			return nil, fmt.Errorf("half %d of the people: %w", i+1, err)
		}
		c.halves[i] = crossCheck{fitted, halves[1-i]}
	}
	return c, nil
}

// pictureFiles lists NAME/*.jpg, *.jpeg, *.png and *.webp in order of name.
func pictureFiles(images fs.FS) ([]string, error) {
	var files []string
	for _, pattern := range []string{"*/*.jpg", "*/*.jpeg", "*/*.png", "*/*.webp"} {
		found, err := fs.Glob(images, pattern)
		if err != nil {
			return nil, fmt.Errorf("list pictures: %w", err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, face.Errorf(face.Invalid, "the folder holds no pictures of the form NAME/picture.jpg")
	}
	slices.Sort(files)
	return files, nil
}

func groupByPerson(files []string, vectors map[string][]float32) []person {
	var people []person
	last := ""
	for _, f := range files {
		v := vectors[f]
		if v == nil {
			continue
		}
		if name := path.Dir(f); name != last || len(people) == 0 {
			h := fnv.New32a()
			_, _ = h.Write([]byte(name)) // a hash never fails to write
			people, last = append(people, person{half: int(h.Sum32() % 2)}), name
		}
		p := &people[len(people)-1]
		p.templates = append(p.templates, v)
	}
	return people
}

// impostors counts the cosines of all pairs of pictures of different persons:
// of all people, and of the pairs within each half.
func impostors(ctx context.Context, people []person) (all *eval.Histogram, halves [2]*eval.Histogram, err error) {
	workers := runtime.GOMAXPROCS(0)
	type counts struct {
		halves [2]eval.Histogram
		across eval.Histogram
	}
	parts := make([]*counts, workers)
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		part := new(counts)
		parts[w] = part
		g.Go(func() error {
			for i := w; i < len(people) && ctx.Err() == nil; i += workers {
				for _, other := range people[i+1:] {
					h := &part.across
					if people[i].half == other.half {
						h = &part.halves[other.half]
					}
					addPairs(h, people[i], other)
				}
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, halves, fmt.Errorf("compare people: %w", err)
	}
	all, halves = new(eval.Histogram), [2]*eval.Histogram{new(eval.Histogram), new(eval.Histogram)}
	for _, part := range parts {
		all.Merge(&part.across)
		for i := range halves {
			all.Merge(&part.halves[i])
			halves[i].Merge(&part.halves[i])
		}
	}
	return all, halves, nil
}

func addPairs(h *eval.Histogram, a, b person) {
	for _, x := range a.templates {
		for _, y := range b.templates {
			h.Add(face.Dot(x, y))
		}
	}
}

// genuine returns the cosines of all pairs of pictures of one person.
func genuine(people []person) []float64 {
	var cosines []float64
	for _, p := range people {
		for i, x := range p.templates {
			for _, y := range p.templates[i+1:] {
				cosines = append(cosines, face.Dot(x, y))
			}
		}
	}
	slices.Sort(cosines)
	return cosines
}

// Report writes the outcome as a person reads it.
func (c *Calibration) Report(w io.Writer) error {
	f := c.Fitted
	_, _ = fmt.Fprintf(w, "%s: %d people, %d pictures (%d without a face), %d impostor and %d genuine pairs\n",
		f.Label, f.Persons, f.Pictures, c.NoFace, f.ImpostorPairs, len(c.Genuine))
	_, _ = fmt.Fprintf(w, "counted down to FMR %.1e (score %.1f); above, a normal tail of mean %.4f and standard deviation %.4f\n\n",
		face.Score(f.ExtrapolatedFrom).FMR(), f.ExtrapolatedFrom, f.TailMean, f.TailSD)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "score\tnominal FMR\tcosine\tFNMR\tobserved FMR, people not fitted on\t")
	for _, s := range []face.Score{20, 30, 40, 50, 60} {
		_, _ = fmt.Fprintf(t, "%.0f\t%.0e\t%.3f\t%.4f\t%s\t\n", float64(s), s.FMR(), f.Cosine(s), c.fnmr(f.Cosine(s)), c.observed(s))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (c *Calibration) fnmr(threshold float64) float64 {
	i, _ := slices.BinarySearch(c.Genuine, threshold)
	return float64(i) / float64(len(c.Genuine))
}

// observed returns the false match rates of a score on the half of the people
// that the curve was not fitted on, either way round.
func (c *Calibration) observed(s face.Score) string {
	rates := make([]string, 0, len(c.halves))
	for _, half := range c.halves {
		rates = append(rates, fmt.Sprintf("%.2e", half.observed.FMR(half.fitted.Cosine(s))))
	}
	return strings.Join(rates, " and ")
}

// File returns the calibration file.
func (c *Calibration) File() ([]byte, error) {
	data, err := json.MarshalIndent(c.Fitted, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write calibration: %w", err)
	}
	return append(data, '\n'), nil
}
