package engine

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// extractor turns an aligned face into the vector of a template.
type extractor struct {
	extractorFamily
	batched
}

// extractorFamily says what an extractor takes and gives. All take 112×112 px.
type extractorFamily struct {
	name          string // in labels
	input, output string
	batch         string // the shape that fixes it
	norm          pixel.Norm
	length        int64 // of the vector
	quality       qualityScale
}

func familyOfExtractor(m models.Model) (extractorFamily, error) {
	switch m.File {
	case "MobileFaceNet.onnx":
		return extractorFamily{
			name: "mobilefacenet", input: "input0", output: "output0", batch: "/Constant_output_0", length: 128,
			norm: pixel.Norm{
				Mean:  [3]float32{.485 * 255, .456 * 255, .406 * 255},
				Scale: [3]float32{1 / (.229 * 255), 1 / (.224 * 255), 1 / (.225 * 255)},
			},
			quality: qualityScale{middle: 16.5, width: 2.45},
		}, nil
	case "fr_feature.onnx":
		return extractorFamily{
			name: "frfeature", input: "input", output: "output", batch: "703", length: 512,
			norm:    pixel.Norm{Mean: [3]float32{127, 127, 127}, Scale: [3]float32{1. / 128, 1. / 128, 1. / 128}},
			quality: qualityScale{middle: 3.19, width: 0.477},
		}, nil
	}
	return extractorFamily{}, fmt.Errorf("the extractor %s (family %s) is not one that the engine can read", m.File, m.Family)
}

// extractor loads the extractor of the set; name is what labels call it.
func (l *loader) extractor() (x *extractor, name string, err error) {
	x = &extractor{}
	m, ok, err := l.load(models.Extractor, func(m models.Model) (ModelSpec, error) {
		var err error
		x.extractorFamily, err = familyOfExtractor(m)
		return ModelSpec{Input: x.input, Outputs: []string{x.output}, FreeDims: []int{0}, FreeShapes: []string{x.batch}}, err
	})
	if err == nil && !ok {
		err = fmt.Errorf("the %s pack has no extractor", l.set.Pack())
	}
	x.batched = l.batched([]int64{3, alignedSide, alignedSide}, []int64{x.length}, m)
	return x, x.name, err
}

// extracted is what the extractor tells of a face.
type extracted struct {
	vector  []float32 // of length 1
	quality float64   // 0…1
}

// extract returns what there is to tell of n faces. aligned cuts one of them out; it is
// released here. A vector that is none is an Internal error.
func (x *extractor) extract(ctx context.Context, n int, aligned func(i int) *pixel.Image) ([]extracted, error) {
	all := make([]extracted, n)
	err := x.run(ctx, n, func(i int, in *pixel.Tensor) {
		m := aligned(i)
		defer m.Release()
		in.Fill(m, &x.norm)
	}, func(i int, out []float32) error {
		vector := slices.Clone(out)
		length, err := normalize(vector)
		all[i] = extracted{vector: vector, quality: x.quality.quality(length)}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	return all, nil
}

// normalize scales a vector to length 1 and returns the length that it had.
func normalize(v []float32) (length float64, err error) {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	length = math.Sqrt(square)
	if !(length > 1e-12) || math.IsInf(length, 0) {
		return 0, face.Errorf(face.Internal, "the model gave a vector of length %v", length)
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / length)
	}
	return length, nil
}
