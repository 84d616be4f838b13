package engine

import (
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
type poser struct {
	models []Model
	bufs   *pixel.Buffers
}

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
	p := &poser{bufs: l.bufs}
	for _, role := range []models.Role{models.HeadPose1, models.HeadPose2} {
		m, err := l.optional(role, ModelSpec{Input: "input", Outputs: []string{"output"}})
		if m == nil || err != nil {
			return nil, err
		}
		p.models = append(p.models, m)
	}
	return p, nil
}

// poseNorm is that of FSA-Net.
func poseNorm() pixel.Norm {
	const mean, scale = 127.5, 1. / 128
	return pixel.Norm{Mean: [3]float32{mean, mean, mean}, Scale: [3]float32{scale, scale, scale}, BGR: true}
}

// measure cuts the square of the face out of an image, upright, and returns the
// angles. The models know little roll; what the square is turned by is added to
// theirs.
func (p *poser) measure(m *pixel.Image, square pixel.Similarity) (pose, error) {
	crop := p.bufs.Warp(m, square.After(pixel.Scaling(1./poseSide)), poseSide, poseSide)
	defer crop.Release()
	in := p.bufs.Tensor(1, 3, poseSide, poseSide)
	defer in.Release()
	norm := poseNorm()
	in.Fill(crop, &norm)
	out := p.bufs.Tensor(1, 3)
	defer out.Release()
	var mean [3]float64 // yaw to the left of the picture, pitch up, roll clockwise
	for _, model := range p.models {
		if err := model.Run(in, []*pixel.Tensor{out}); err != nil {
			return pose{}, fmt.Errorf("measure the pose: %w", err)
		}
		for n, v := range out.Data {
			mean[n] += float64(v) / float64(len(p.models))
		}
	}
	turned := math.Atan2(square.B, square.A) * 180 / math.Pi // clockwise
	if sum := mean[0] + mean[1] + mean[2]; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return pose{}, face.Errorf(face.Internal, "the pose models gave no angles")
	}
	return pose{
		yaw: mean[0], pitch: mean[1] - levelPitch,
		roll: math.Remainder(-mean[2]-turned, 360),
	}, nil
}

// pose fills in the angles if the options ask for them.
func (i *inspection) pose(d *detection, into *face.Attributes) error {
	if !i.opts.Pose || i.nets.poser == nil {
		return nil
	}
	defer i.since(stageAttributes, time.Now())
	p, err := i.nets.poser.measure(i.img.Image, i.img.FromPicture.After(upright(d, poseMargin)))
	if err != nil {
		return err
	}
	into.Yaw, into.Pitch, into.Roll = &p.yaw, &p.pitch, &p.roll
	return nil
}
