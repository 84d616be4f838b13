package engine

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

const (
	poseSide = 64 // px of the square that the models look at

	// poseMargin is the side of that square over the longer side of the face's
	// box: where the two models agree best, with each other and with themselves on
	// the mirrored picture.
	poseMargin = 1.4

	// levelPitch is what the models say of a head held level: their median of
	// frontal portraits, and of the pictures of LFW.
	levelPitch = -5 // degrees
)

// poser measures where a head points, with models whose answers are averaged.
type poser struct{ batched }

// pose holds the angles of a head in degrees, with the signs of DIN 9300 for a body
// whose x axis points out of the face, y to the person's right, and z down: yaw is
// positive when the person turns to their right (the nose goes to the left of the
// picture), pitch when they look up, roll when the right ear goes to the right
// shoulder (the head turns anticlockwise in the picture).
//
// Yaw and pitch are those of the head as if the camera had been rolled with it.
type pose struct{ yaw, pitch, roll float64 }

// poser loads the pose models of the set; nil unless all of them are there.
func (l *loader) poser() (*poser, error) {
	var both []Model
	for _, role := range []models.Role{models.HeadPose1, models.HeadPose2} {
		m, err := l.optional(role, ModelSpec{Input: "input", Outputs: []string{"output"}, FreeDims: []int{0}})
		if m == nil || err != nil {
			return nil, err
		}
		both = append(both, m)
	}
	return &poser{l.batched([]int64{3, poseSide, poseSide}, []int64{3}, both...)}, nil
}

// poseNorm is that of FSA-Net.
func poseNorm() pixel.Norm {
	const mean, scale = 127.5, 1. / 128
	return pixel.Norm{Mean: [3]float32{mean, mean, mean}, Scale: [3]float32{scale, scale, scale}, BGR: true}
}

// measure cuts the squares of faces out of an image, upright, and returns the angles of
// each. The models know little roll; what a square is turned by is added to theirs.
func (p *poser) measure(ctx context.Context, m *pixel.Image, squares []pixel.Similarity) ([]pose, error) {
	norm := poseNorm()
	sums := make([][3]float64, len(squares)) // yaw to the left of the picture, pitch up, roll clockwise
	err := p.run(ctx, len(squares), func(n int, in *pixel.Tensor) {
		crop := p.bufs.Square(m, squares[n], poseSide)
		defer crop.Release()
		in.Fill(crop, &norm)
	}, func(n int, out []float32) error {
		for angle, v := range out {
			sums[n][angle] += float64(v) / float64(len(p.models))
		}
		return nil
	})
	poses := make([]pose, len(squares))
	for n := range poses {
		if err == nil {
			poses[n], err = newPose(sums[n], squares[n])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("measure the pose: %w", err)
	}
	return poses, nil
}

// newPose returns the pose that the models see in a square.
func newPose(mean [3]float64, square pixel.Similarity) (pose, error) {
	if sum := mean[0] + mean[1] + mean[2]; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return pose{}, face.Errorf(face.Internal, "the models gave no angles")
	}
	turned := math.Atan2(square.B, square.A) * 180 / math.Pi // clockwise
	return pose{
		yaw: mean[0], pitch: mean[1] - levelPitch,
		roll: math.Remainder(-mean[2]-turned, 360),
	}, nil
}

// pose fills in the angles if the options ask for them.
func (i *inspection) pose(ctx context.Context, all []subject) error {
	if !i.opts.Pose || i.nets.poser == nil {
		return nil
	}
	defer i.since(stageAttributes, time.Now())
	poses, err := i.nets.poser.measure(ctx, i.img.Image, i.squares(all, poseMargin))
	if err != nil {
		return err
	}
	for n, s := range all {
		p := &poses[n]
		s.f.Attributes.Yaw, s.f.Attributes.Pitch, s.f.Attributes.Roll = &p.yaw, &p.pitch, &p.roll
	}
	return nil
}
