package engine

import (
	"context"
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// attribute measures one number of a face with a model that gives probabilities.
type attribute struct {
	attributeSpec
	batched
}

// attributeSpec says what the model sees and how its probabilities are read.
type attributeSpec struct {
	side    int64     // px of the square that it takes
	classes []float64 // what each probability is for: the result is the mean
}

// ageSpec: the classes are years.
func ageSpec() attributeSpec {
	s := attributeSpec{side: 64, classes: make([]float64, 81)}
	for year := range s.classes {
		s.classes[year] = float64(year)
	}
	s.classes[0] = 0.25 // the middle of what the model was taught as 0
	return s
}

// genderSpec: the classes are female and male on the scale of face.Attributes.
func genderSpec() attributeSpec {
	return attributeSpec{side: 32, classes: []float64{10000, -10000}}
}

// attributeNorm is that of dlib's networks.
func attributeNorm() pixel.Norm {
	return pixel.Norm{
		Mean:  [3]float32{122.782, 117.001, 104.298},
		Scale: [3]float32{1. / 256, 1. / 256, 1. / 256},
	}
}

// attribute loads the model of a role; nil if the set has none.
func (l *loader) attribute(role models.Role, spec attributeSpec) (*attribute, error) {
	m, err := l.optional(role, ModelSpec{Input: "images", Outputs: []string{"probabilities"}})
	if m == nil || err != nil {
		return nil, err
	}
	b := l.batched([]int64{3, spec.side, spec.side}, []int64{int64(len(spec.classes))}, m)
	return &attribute{attributeSpec: spec, batched: b}, nil
}

// measure cuts the squares of faces out of an image, upright, and returns the mean of
// the classes for each.
func (a *attribute) measure(ctx context.Context, m *pixel.Image, squares []pixel.Similarity) ([]float64, error) {
	norm, means := attributeNorm(), make([]float64, len(squares))
	err := a.run(ctx, len(squares), func(n int, in *pixel.Tensor) {
		crop := a.bufs.SketchSquare(m, squares[n], int(a.side))
		defer crop.Release()
		in.Fill(crop, &norm)
	}, func(n int, out []float32) (err error) {
		means[n], err = a.mean(out)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	return means, nil
}

// mean returns the mean of the classes by their probabilities.
func (a *attribute) mean(probabilities []float32) (float64, error) {
	var sum, mean float64
	for i, p := range probabilities {
		sum += float64(p)
		mean += float64(p) * a.classes[i]
	}
	mean /= sum
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return 0, face.Errorf(face.Internal, "the model gave no probabilities")
	}
	return mean, nil
}
