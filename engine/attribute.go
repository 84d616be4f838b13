package engine

import (
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// attribute measures one number of a face with a model that gives probabilities.
type attribute struct {
	attributeSpec

	model Model
	bufs  *pixel.Buffers
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
	return &attribute{attributeSpec: spec, model: m, bufs: l.bufs}, nil
}

// measure cuts the square of the face out of an image, upright, and returns the
// mean of the classes.
func (a *attribute) measure(m *pixel.Image, square pixel.Similarity) (*float64, error) {
	side := int(a.side)
	toImage := square.After(pixel.Scaling(1 / float64(side)))
	crop := a.bufs.Warp(m, toImage, side, side)
	defer crop.Release()
	in := a.bufs.Tensor(1, 3, a.side, a.side)
	defer in.Release()
	norm := attributeNorm()
	in.Fill(crop, &norm)
	out := a.bufs.Tensor(1, int64(len(a.classes)))
	defer out.Release()
	if err := a.model.Run(in, []*pixel.Tensor{out}); err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	var sum, mean float64
	for i, p := range out.Data {
		sum += float64(p)
		mean += float64(p) * a.classes[i]
	}
	mean /= sum
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return nil, face.Errorf(face.Internal, "the model gave no probabilities")
	}
	return &mean, nil
}
