package engine

import (
	"context"
	"time"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// subject is a face that is looked into, and what is known of it so far.
type subject struct {
	d *detection
	f *face.Inspected
}

// look finds out what the options ask for about faces: one thing of all of them after
// the other, so that a model sees many of them in one run.
func (i *inspection) look(ctx context.Context, found []detection) ([]face.Inspected, error) {
	if len(found) == 0 {
		return nil, nil
	}
	faces, all := make([]face.Inspected, len(found)), make([]subject, len(found))
	for n := range found {
		d := &found[n]
		faces[n] = face.Inspected{Finding: i.finding(d), Margin: i.margin(d.box)}
		all[n] = subject{d, &faces[n]}
	}
	for _, step := range []func(context.Context, []subject) error{
		i.measure, i.parts, i.pose, i.light, i.liveness, i.templates, i.pictures,
	} {
		if err := step(ctx, all); err != nil {
			return nil, err
		}
	}
	return faces, nil
}

// light measures what is told by the pixels themselves.
func (i *inspection) light(ctx context.Context, all []subject) error {
	for _, s := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		i.photometry(s.d, &s.f.Attributes)
		i.colours(s.d, &s.f.Attributes)
		i.background(s.d, &s.f.Attributes)
	}
	return nil
}

// templates extracts the templates, if the options ask for them.
func (i *inspection) templates(ctx context.Context, all []subject) error {
	if !i.opts.Templates {
		return nil
	}
	start, aligning := time.Now(), time.Duration(0)
	aligned := func(n int) *pixel.Image {
		defer func(start time.Time) { aligning += time.Since(start) }(time.Now())
		return i.aligned(all[n].d)
	}
	found, err := i.nets.extractor.extract(ctx, len(all), aligned)
	if err != nil {
		return err
	}
	i.took(stageAlign, aligning)
	i.took(stageExtract, time.Since(start)-aligning)
	for n, s := range all {
		s.f.Quality, s.f.TemplateQuality = parts(found[n].quality, mostQuality), parts(found[n].quality, mostTemplateQuality)
		s.f.Template = &face.Template{Label: i.nets.label, Vector: found[n].vector, Quality: s.f.TemplateQuality}
	}
	return nil
}

// aligned cuts a face out as the extractor wants it.
func (i *inspection) aligned(d *detection) *pixel.Image {
	toImage := i.img.FromPicture.After(align(d.landmarks).Inverse())
	return i.bufs.Warp(i.img.Image, toImage, alignedSide, alignedSide)
}

// pictures cuts out the portraits and crops that the options ask for.
func (i *inspection) pictures(ctx context.Context, all []subject) error {
	for _, s := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := i.portrait(s.d, s.f); err != nil {
			return err
		}
		if err := i.crop(s.d, s.f); err != nil {
			return err
		}
	}
	return nil
}

// crop cuts out the picture that an enrolment stores, if the options ask for it.
func (i *inspection) crop(d *detection, into *face.Inspected) (err error) {
	if !i.opts.Crops {
		return nil
	}
	defer i.since(stageCrop, time.Now())
	into.CropImage, err = i.cut(i.img.Image, i.img.FromPicture, upright(d, cropMargin))
	return err
}
