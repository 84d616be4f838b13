package regula

import (
	"context"
	"math"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// Bounds on one request: every face is compared with every other.
const (
	maxMatchImages = 32
	maxMatchFaces  = 256 // of all pictures together, the largest of each
)

// comparison is what a request asks for, and what came of it.
type comparison struct {
	code   resultCode // why nothing needs to be looked at; 0: it does
	wanted wanted
	sides  []side
	query  gallery.MatchQuery
	found  gallery.Matched
}

// side is one picture of a comparison.
type side struct {
	index, source int
	at            int   // its place in the query; -1 if it is not looked at
	err           error // why not
}

// comparison checks and converts.
func (r *matchRequest) comparison() (*comparison, error) {
	if r.Images == nil {
		return nil, face.FieldErrorf("images", "images is required")
	}
	m := &comparison{}
	var portrait *face.Portrait
	var err error
	if m.wanted, portrait, err = r.OutputImageParams.wanted("outputImageParams", r.thumbnails()); err != nil {
		return nil, err
	}
	if m.sides, err = r.sides(); err != nil {
		return nil, err
	}
	if err := checkTag(r.Tag); err != nil {
		return nil, err
	}
	if m.code = r.count(); m.code != codeOK {
		m.sides = nil
		return m, nil
	}
	for i := range r.Images {
		m.add(&r.Images[i], &m.sides[i], portrait, maxMatchFaces/len(r.Images))
	}
	return m, nil
}

// count returns what is wrong with the number of pictures.
func (r *matchRequest) count() resultCode {
	switch n := len(r.Images); {
	case n > maxMatchImages:
		return codeTooManyImages
	case n == 0, n == 1 && !bool(httpx.OrDefault(r.Images[0].DetectAll, false)):
		return codeLessThanTwoImages
	}
	return codeOK
}

// add puts a picture into the query, if it can be looked at.
func (m *comparison) add(image *matchImage, s *side, portrait *face.Portrait, faces int) {
	s.at = -1
	if image.Data.Empty() {
		s.err = errEmpty
		return
	}
	var data []byte
	if data, s.err = image.Data.Bytes("data"); s.err != nil {
		return
	}
	s.at = len(m.query.Pictures)
	m.query.Pictures = append(m.query.Pictures, gallery.MatchPicture{Image: data, Inspect: face.InspectOptions{
		Central: !bool(httpx.OrDefault(image.DetectAll, false)), MaxFaces: faces, Portrait: portrait,
	}})
}

// compare looks at the pictures, and returns the code of the whole.
func (m *comparison) compare(ctx context.Context, g matcher) (code resultCode, failed bool, err error) {
	if m.code != codeOK {
		return m.code, false, nil
	}
	err = m.run(ctx, g)
	code, failed = m.outcome(err)
	return code, failed, err
}

// run compares what can be looked at.
func (m *comparison) run(ctx context.Context, g matcher) (err error) {
	if len(m.query.Pictures) == 0 {
		return nil
	}
	if m.found, err = g.Match(ctx, m.query); err != nil {
		return err
	}
	for i := range m.sides {
		if s := &m.sides[i]; s.at >= 0 {
			s.err = m.found.Sides[s.at].Err
		}
	}
	return nil
}

// outcome returns the code of the whole: that of the first picture that nothing could
// be made of, unless any two faces could be compared.
func (m *comparison) outcome(err error) (code resultCode, failed bool) {
	if err != nil {
		code, failed = outcome(err, 0)
		if code == codeOK || code == codeImageDecode {
			code = codeInternal
		}
		m.sides, m.found = nil, gallery.Matched{}
		return code, failed
	}
	if len(m.found.Pairs) > 0 {
		return codeOK, false
	}
	for _, s := range m.sides {
		if code := m.status(s); code != codeOK {
			return code, false
		}
	}
	return codeFacesNotMatched, false
}

// status returns the code of one picture.
func (m *comparison) status(s side) resultCode {
	faces := 0
	if s.at >= 0 {
		faces = len(m.found.Sides[s.at].Faces)
	}
	code, _ := outcome(s.err, faces)
	return code
}

// answer writes what was found and compared.
func (m *comparison) answer(code resultCode, err error) matchResponse {
	out := matchResponse{Code: code, Results: []matchResult{}}
	out.Detections = httpx.SliceOf(m.sides, m.detection)
	if code != codeOK {
		out.Msg = m.message(code, err)
	}
	byPlace := make([]side, len(m.query.Pictures))
	for _, s := range m.sides {
		if s.at >= 0 {
			byPlace[s.at] = s
		}
	}
	for _, p := range m.found.Pairs {
		first, second := byPlace[p.First], byPlace[p.Second]
		out.Results = append(out.Results, matchResult{
			FirstIndex: first.index, FirstFaceIndex: p.FirstFace, First: first.source,
			SecondIndex: second.index, SecondFaceIndex: p.SecondFace, Second: second.source,
			Score: distanceOf(p.Score), Similarity: similarityOf(p.Score),
		})
	}
	return out
}

// message says what the code of the whole means: in the words of the picture that it
// is of.
func (m *comparison) message(code resultCode, err error) string {
	for _, s := range m.sides {
		if m.status(s) == code {
			return messageOf(code, s.err)
		}
	}
	return messageOf(code, err)
}

// detection writes what was found in one picture.
func (m *comparison) detection(s side) matchDetection {
	out := matchDetection{ImageIndex: s.index, Status: m.status(s), Faces: []matchFace{}}
	if out.Status != codeOK {
		out.Msg = messageOf(out.Status, s.err)
	}
	if s.at < 0 {
		return out
	}
	for i, f := range m.found.Sides[s.at].Faces {
		out.Faces = append(out.Faces, matchFace{
			FaceIndex: i, Landmarks: landmarksOf(f.Landmarks), ROI: roiOf(f.Box),
			RotationAngle: rotation(f.Crop), portraits: m.wanted.portraits(&f),
		})
	}
	return out
}

// rotation returns by how many degrees a face is turned clockwise in the picture: the
// roll that a crop takes out.
func rotation(q face.Quad) float64 {
	top := q.RightTop.Sub(q.LeftTop)
	return math.Round(math.Atan2(top.Y, top.X)*180/math.Pi*100) / 100
}
