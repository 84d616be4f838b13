package regula

import (
	"context"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// fetcher gets pictures from addresses that clients name. Its errors are the
// client's to read.
type fetcher interface {
	Fetch(ctx context.Context, field, address string) ([]byte, error)
}

// maxEdge bounds the edges that pictures are resized to, in px.
const maxEdge = 4096

// defaultQuality is the quality of resized pictures.
const defaultQuality = 100

// check refuses what is wrong with a picture before anything is fetched.
func (p *picture) check(field string) (face.Fitting, error) {
	if p == nil {
		return face.Fitting{}, face.FieldErrorf(field, "%s is required", field)
	}
	return p.ResizeOptions.fitting(field + ".resizeOptions")
}

// bytes returns the file of a picture: its content, or else what is at its address.
func (p *picture) bytes(ctx context.Context, field string, from fetcher) ([]byte, error) {
	if p.Content.Empty() && httpx.OrDefault(p.ImageURL, "") != "" {
		return from.Fetch(ctx, field+".imageUrl", *p.ImageURL)
	}
	return p.Content.Bytes(field + ".content")
}

// fitting returns the size that a picture shall have.
func (r *resizeOptions) fitting(field string) (fit face.Fitting, err error) {
	if r == nil {
		return fit, nil
	}
	if fit.Width, err = integer(field+".width", r.Width, 0, 0, maxEdge); err != nil {
		return fit, err
	}
	if fit.Height, err = integer(field+".height", r.Height, 0, 0, maxEdge); err != nil {
		return fit, err
	}
	fit.Quality, err = integer(field+".quality", r.Quality, defaultQuality, 1, 100)
	return fit, err
}

// integer returns an integer of a request within bounds, or the default.
func integer(field string, n *httpx.Int, def, least, most int) (int, error) {
	v := int(httpx.OrDefault(n, httpx.Int(def)))
	if v < least || v > most {
		return 0, face.FieldErrorf(field, "%s must be between %d and %d, and is %d", field, least, most, v)
	}
	return v, nil
}

// aboutPicture names the picture of a request in an error of the gallery, which
// knows it by another name or by none.
func aboutPicture(field string, err error) error {
	switch face.KindOf(err) { //nolint:exhaustive // the kinds that say what is wrong with a picture
	case face.Invalid, face.NoFace, face.ManyFaces, face.LowQuality, face.TooLarge:
		return &face.Error{Kind: face.KindOf(err), Msg: face.MessageOf(err), Field: field, Err: err}
	}
	return err
}
