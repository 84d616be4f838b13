package engine

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

var near = cmpopts.EquateApprox(0, 1e-5)

func TestConfidenceScale(t *testing.T) {
	t.Parallel()
	for _, s := range []confidenceScale{yunet{}.scale(), centerface{}.scale()} {
		tests := []struct{ score, confidence float64 }{
			{0, 0}, {s.cut / 2, 0.0225}, {s.cut, 0.045}, {(1 + s.cut) / 2, 0.5225}, {1, 1},
		}
		for _, tt := range tests {
			if got := s.confidence(tt.score); math.Abs(got-tt.confidence) > 1e-12 {
				t.Errorf("cut %v: confidence(%v) = %v, want %v", s.cut, tt.score, got, tt.confidence)
			}
			if got := s.score(tt.confidence); tt.confidence > 0 && math.Abs(got-tt.score) > 1e-12 {
				t.Errorf("cut %v: score(%v) = %v, want %v", s.cut, tt.confidence, got, tt.score)
			}
		}
		if got := s.score(0); got != s.cut {
			t.Errorf("score(0) = %v, want the detector's own cut %v", got, s.cut)
		}
		last := -1.0
		for score := 0.0; score <= 1; score += 1. / 64 {
			c := s.confidence(score)
			if c <= last || c > 1 {
				t.Errorf("cut %v: confidence(%v) = %v after %v, want it to rise within 0…1", s.cut, score, c, last)
			}
			last = c
		}
	}
}

func TestSuppress(t *testing.T) {
	t.Parallel()
	box := func(x, score float64) detection { return detection{box: face.Box{X: x, W: 10, H: 10}, score: score} }
	got := suppress([]detection{box(0, .7), box(2, .9), box(5, .8), box(20, .5)})
	// (2, .9) and (0, .7) share 80 of 120, (2) and (5) 70 of 130; 20 stands alone.
	want := []detection{box(2, .9), box(20, .5)}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(detection{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := suppress(nil); got != nil {
		t.Errorf("of nothing: got %v, want nothing", got)
	}
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	a := face.Box{W: 10, H: 10}
	tests := []struct {
		name string
		b    face.Box
		want float64
	}{
		{"same", a, 1},
		{"half", face.Box{X: 5, W: 10, H: 10}, 50. / 150},
		{"inside", face.Box{X: 2, Y: 2, W: 5, H: 5}, 0.25},
		{"touching", face.Box{X: 10, W: 10, H: 10}, 0},
		{"apart", face.Box{X: 30, Y: 30, W: 10, H: 10}, 0},
	}
	for _, tt := range tests {
		if got := overlap(a, tt.b); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// frontal is a face of eye distance 40, its eyes at (80, 100) and (120, 100).
func frontal() detection {
	return detection{
		box: face.Box{X: 60, Y: 70, W: 80, H: 100}, score: 0.9,
		landmarks: face.Landmarks{
			LeftEye: face.Point{X: 80, Y: 100}, RightEye: face.Point{X: 120, Y: 100}, Nose: face.Point{X: 100, Y: 123},
			LeftMouth: face.Point{X: 84, Y: 146}, RightMouth: face.Point{X: 116, Y: 146},
		},
	}
}

func TestAlignPutsLandmarksInPlace(t *testing.T) {
	t.Parallel()
	d := frontal()
	for _, turn := range []float64{0, 30, -75, 180} {
		rad := turn * math.Pi / 180
		m := pixel.Similarity{A: 3 * math.Cos(rad), B: 3 * math.Sin(rad), TX: 7, TY: -9}
		l := mapLandmarks(d.landmarks, m.Apply)
		p := l.Points()
		for i, want := range alignedLandmarks() {
			if got := align(l).Apply(p[i]); got.Distance(want) > 2.5 {
				t.Errorf("turned by %v: landmark %d goes to %v, want about %v", turn, i, got, want)
			}
		}
	}
}

// The stored crop is an upright square around the face, whatever the face's roll.
func TestCropTurnsWithTheFace(t *testing.T) {
	t.Parallel()
	d := frontal()
	straight := quad(upright(&d, cropMargin))
	const side = 180 // 1.8 × 100
	want := face.Quad{
		LeftTop: face.Point{X: 10, Y: 30}, RightTop: face.Point{X: 190, Y: 30},
		LeftBottom: face.Point{X: 10, Y: 210}, RightBottom: face.Point{X: 190, Y: 210},
	}
	if diff := cmp.Diff(want, straight, cmpopts.EquateApprox(0, 1)); diff != "" {
		t.Errorf("a straight face (-want +got):\n%s", diff)
	}
	turn := pixel.Similarity{A: math.Cos(0.5), B: math.Sin(0.5)}
	turned := d.mappedUpright(turn)
	q := quad(upright(&turned, cropMargin))
	if got := q.LeftTop.Distance(q.RightTop); math.Abs(got-side) > 1e-6 {
		t.Errorf("got a side of %v, want %v", got, side)
	}
	top := q.RightTop.Sub(q.LeftTop)
	if got := math.Atan2(top.Y, top.X); math.Abs(got-0.5) > 0.02 {
		t.Errorf("got a roll of %v, want 0.5", got)
	}
	if mid := q.LeftTop.Mid(q.RightBottom); mid.Distance(turned.box.Center()) > 1e-6 {
		t.Errorf("got its middle at %v, want %v", mid, turned.box.Center())
	}
}

func TestMirrored(t *testing.T) {
	t.Parallel()
	d := frontal()
	m := d.mirrored(200)
	if m.landmarks.LeftEye.X >= m.landmarks.RightEye.X || m.landmarks.LeftMouth.X >= m.landmarks.RightMouth.X {
		t.Errorf("got %+v, want left on the left", m.landmarks)
	}
	if diff := cmp.Diff(d, m.mirrored(200), cmp.AllowUnexported(detection{}), near); diff != "" {
		t.Errorf("mirrored twice (-want +got):\n%s", diff)
	}
}

func TestInputSize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		longSide int
		opts     face.InspectOptions
		want     int
	}{
		{"tiny picture", 20, face.InspectOptions{MinFaceSize: 35}, 320},
		{"LFW", 250, face.InspectOptions{MinFaceSize: 35}, 320},
		{"web picture, default size", 1200, face.InspectOptions{MinFaceSize: 35}, 448},
		{"camera picture, default size", 4000, face.InspectOptions{MinFaceSize: 35}, 1152},
		{"camera picture, large faces", 4000, face.InspectOptions{MinFaceSize: 150}, 448},
		{"camera picture, any face", 4000, face.InspectOptions{}, 640},
		{"small picture, any face", 400, face.InspectOptions{}, 448},
		{"vast picture, tiny faces", 60000, face.InspectOptions{MinFaceSize: 1}, 2560},
		{"accurate", 1200, face.InspectOptions{MinFaceSize: 35, Detector: face.Accurate}, 704},
		{"accurate, faces of a few pixels", 1200, face.InspectOptions{MinFaceSize: 10, Detector: face.Accurate}, 2432},
		{"accurate, LFW", 250, face.InspectOptions{Detector: face.Accurate}, 512},
		{"accurate, tiny picture", 20, face.InspectOptions{Detector: face.Accurate}, 320},
		{"accurate, any face", 4000, face.InspectOptions{Detector: face.Accurate}, 1280},
	}
	for _, tt := range tests {
		if got := inputSize(tt.longSide, &tt.opts); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1, 320, 1024, 1025, 1143, 1152, 1920, 1921, 2560, 5000} {
		all := spans(length)
		if (len(all) == 1) != (length <= tileSide) {
			t.Errorf("%d: got %d tiles", length, len(all))
		}
		end := 0
		for i, s := range all {
			if i > 0 && end-s.start < tileOverlap {
				t.Errorf("%d: tile %d overlaps the one before by %d, want at least %d", length, i, end-s.start, tileOverlap)
			}
			if s.length > tileSide || s.start < 0 {
				t.Errorf("%d: got tile %v", length, s)
			}
			end = s.start + s.length
		}
		if all[0].start != 0 || end != length {
			t.Errorf("%d: got %v, want the whole length", length, all)
		}
	}
}

func TestResized(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name             string
		w, h, minE, maxE int
		wantW, wantH     int
	}{
		{"nothing asked", 300, 200, 0, 0, 300, 200},
		{"shorter edge", 300, 200, 100, 0, 150, 100},
		{"longer edge", 300, 200, 0, 150, 150, 100},
		{"longer edge grows", 300, 200, 0, 600, 600, 400},
		{"shorter first, longer caps", 300, 200, 100, 120, 120, 80},
		{"cap that does not bite", 300, 200, 100, 500, 150, 100},
		{"never nothing", 4000, 10, 0, 20, 20, 1},
	}
	for _, tt := range tests {
		w, h, err := resized(tt.w, tt.h, tt.minE, tt.maxE)
		if err != nil || w != tt.wantW || h != tt.wantH {
			t.Errorf("%s: got %d x %d, %v, want %d x %d", tt.name, w, h, err, tt.wantW, tt.wantH)
		}
	}
	if _, _, err := resized(300, 200, 100000, 0); face.KindOf(err) != face.Invalid || err == nil {
		t.Errorf("a giant: got %v, want Invalid", err)
	}
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	v := []float32{3, 4}
	if length, err := normalize(v); err != nil || length != 5 {
		t.Fatalf("got length %v, error %v, want 5", length, err)
	}
	if diff := cmp.Diff([]float32{0.6, 0.8}, v, cmpopts.EquateApprox(0, 1e-7)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, bad := range [][]float32{{0, 0}, {nan, 1}, {inf, 1}, {}} {
		if _, err := normalize(bad); err == nil || face.KindOf(err) != face.Internal {
			t.Errorf("%v: got %v, want Internal", bad, err)
		}
	}
}
