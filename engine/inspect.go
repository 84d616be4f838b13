package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// Inspect finds the faces of a picture, the file as the client sent it, and what
// the options ask for about each. A picture without a face that counts is no
// error. The errors are Invalid and TooLarge for a picture that cannot be or is
// not decoded, Overloaded when too many wait, Timeout and Canceled by the context,
// and Unavailable for a liveness check that there is no model for.
func (e *Engine) Inspect(ctx context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error) {
	if len(opts.Liveness) > 0 && e.nets.liveness.spoof == nil {
		return face.Inspection{}, face.Errorf(face.Unavailable, "no model for passive liveness is here")
	}
	if err := checkPortrait(opts.Portrait); err != nil {
		return face.Inspection{}, err
	}
	opts = opts.WithNeeds()
	var found face.Inspection
	err := e.run(ctx, data, func(ctx context.Context, src *picture.Source) error {
		i := &inspection{Engine: e, src: src, opts: &opts, timing: face.TimingOf(ctx)}
		defer i.close()
		var err error
		found, err = i.run(ctx)
		return err
	})
	if err != nil {
		return face.Inspection{}, fmt.Errorf("inspect: %w", err)
	}
	return found, nil
}

// inspection is one picture on a worker.
type inspection struct {
	*Engine

	src  *picture.Source
	opts *face.InspectOptions
	img  *picture.Scaled // the picture as decoded so far; nil before

	found  int          // faces of the size that is asked for
	timing *face.Timing // nil unless the request is timed
}

func (i *inspection) close() {
	if i.img != nil {
		i.img.Release()
	}
}

func (i *inspection) run(ctx context.Context) (face.Inspection, error) {
	w, h := i.src.Size()
	result := face.Inspection{Width: w, Height: h, Grey: i.src.Grey()}
	found, err := i.detect(ctx)
	if err != nil {
		return result, err
	}
	if found, err = i.counting(ctx, found); err != nil {
		return result, err
	}
	result.Found = max(i.found, len(found))
	i.metrics.faces.Add(float64(len(found)))
	if err := i.decode(ctx, i.neededScale(found)); err != nil {
		return result, err
	}
	result.Faces, err = i.look(ctx, found)
	return result, err
}

// decode makes sure that the picture is decoded at a scale of at least so much,
// or at full size. Whatever is decoded already is kept if it will do.
func (i *inspection) decode(ctx context.Context, scale float64) error {
	const enough = 0.99 // nobody sees a hundredth
	if i.img != nil && i.img.FromPicture.A >= enough*min(scale, 1) {
		return nil
	}
	defer i.since(stageDecode, time.Now())
	w, h := i.src.Size()
	img, err := i.src.Decode(ctx, int(float64(max(w, h))*scale+0.5))
	if err != nil {
		return err
	}
	i.close()
	i.img = img
	return nil
}

// neededScale returns the scale of the picture at which nothing that is cut out
// of it for a face would have to be magnified.
func (i *inspection) neededScale(found []detection) float64 {
	var scale float64
	for n := range found {
		d := &found[n]
		if i.opts.Templates {
			scale = max(scale, align(d.landmarks).Scale())
		}
		square := upright(d, cropMargin)
		if i.opts.Crops {
			scale = max(scale, float64(cropSide(square))/square.Scale())
		}
		scale = max(scale, i.portraitScale(d))
		scale = max(scale, i.livenessScale(d))
		for _, a := range i.attributes() {
			scale = max(scale, float64(a.side)/upright(d, 1).Scale())
		}
		scale = max(scale, i.partsScale(d))
		if i.opts.Pose && i.nets.poser != nil {
			scale = max(scale, poseSide/upright(d, poseMargin).Scale())
		}
		if photometric(i.opts) || colourful(i.opts) {
			scale = max(scale, middleScale*align(d.landmarks).Scale())
		}
		if i.opts.Background {
			scale = max(scale, backgroundScale(d))
		}
	}
	return scale
}

// attributes returns the models that the options ask for.
func (i *inspection) attributes() []*attribute {
	var as []*attribute
	if i.opts.Age && i.nets.age != nil {
		as = append(as, i.nets.age)
	}
	if i.opts.Gender && i.nets.gender != nil {
		as = append(as, i.nets.gender)
	}
	return as
}

// finding says where the face is, and how good as far as can be told without its
// vector.
func (i *inspection) finding(d *detection) face.Finding {
	confidence := i.nets.detector.scale().confidence(d.score)
	return face.Finding{
		Box: d.box, Landmarks: d.landmarks, Crop: quad(upright(d, cropMargin)),
		Confidence: confidence, Size: i.size(d), Area: i.area(d.box), Visible: i.areaInside(d.box) / d.box.Area(),
		Quality: parts(confidence, usualQuality),
	}
}

// margin returns the least room between a box and an edge of the picture, in parts of
// the longer side of the box.
func (i *inspection) margin(b face.Box) float64 {
	w, h := i.src.Size()
	return min(b.X, b.Y, float64(w)-b.X-b.W, float64(h)-b.Y-b.H) / max(b.W, b.H)
}

// area returns the part of the picture that a box covers.
func (i *inspection) area(b face.Box) float64 {
	w, h := i.src.Size()
	return i.areaInside(b) / (float64(w) * float64(h))
}

// areaInside returns the area of the part of a box that is inside the picture, in
// square px.
func (i *inspection) areaInside(b face.Box) float64 {
	w, h := i.src.Size()
	width := min(b.X+b.W, float64(w)) - max(b.X, 0)
	height := min(b.Y+b.H, float64(h)) - max(b.Y, 0)
	return max(width, 0) * max(height, 0)
}

// measure fills in age and gender as far as the options ask for them.
func (i *inspection) measure(ctx context.Context, all []subject) (err error) {
	if !i.opts.Age && !i.opts.Gender {
		return nil
	}
	defer i.since(stageAttributes, time.Now())
	var ages, genders []float64
	squares := i.squares(all, 1)
	if i.opts.Age && i.nets.age != nil {
		if ages, err = i.nets.age.measure(ctx, i.img.Image, squares); err != nil {
			return err
		}
	}
	if i.opts.Gender && i.nets.gender != nil {
		if genders, err = i.nets.gender.measure(ctx, i.img.Image, squares); err != nil {
			return err
		}
	}
	for n, s := range all {
		s.f.Attributes.Age, s.f.Attributes.Gender = nth(ages, n), nth(genders, n)
	}
	return nil
}

// squares returns the maps from the unit square to the squares around faces, of a
// margin, in the image as decoded.
func (i *inspection) squares(all []subject, margin float64) []pixel.Similarity {
	squares := make([]pixel.Similarity, len(all))
	for n, s := range all {
		squares[n] = i.inImage(s.d, margin)
	}
	return squares
}

// nth returns a measurement; nil if none were made.
func nth(all []float64, n int) *float64 {
	if all == nil {
		return nil
	}
	return &all[n]
}
