package engine_test

import (
	"image"
	"image/draw"
	"math"
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// bothKinds asks for both checks, on any condition there may be.
func bothKinds(conditions ...face.Condition) []face.LivenessCheck {
	return []face.LivenessCheck{{Kind: face.Distant, Conditions: conditions}, {Kind: face.Nearby, Conditions: conditions}}
}

// threshold is what a score has to be above unless a client says otherwise.
const threshold = 90

func TestLivenessOfRealAttacks(t *testing.T) {
	t.Parallel()
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		t.Run(string(pack), func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, pack, engine.Config{})
			for file, live := range map[string]bool{"live_1.jpg": true, "attack_1.jpg": false, "attack_2.jpg": false} {
				f := only(t, e, read(t, "shared/images/spoof/"+file), face.InspectOptions{MaxFaces: 1, Liveness: bothKinds()})
				if len(f.Liveness) != 2 || f.Liveness[0].Kind != face.Distant || f.Liveness[1].Kind != face.Nearby {
					t.Fatalf("%s: got %+v, want a result for each check in order", file, f.Liveness)
				}
				for _, l := range f.Liveness {
					if !l.Performed || l.Unmet != nil || (l.Score > threshold) != live {
						t.Errorf("%s: got %+v, want live %v", file, l, live)
					}
				}
			}
		})
	}
}

func TestLivenessOfPeople(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	dir := above(t, "shared/images/people")
	if dir == "" {
		t.Skip("no shared/images/people here")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*_[0-9].jpg"))
	if err != nil || len(files) < 9 {
		t.Fatalf("got %d portraits (%v), want at least 9", len(files), err)
	}
	for _, file := range files {
		for _, l := range only(t, e, read(t, "shared/images/people/"+filepath.Base(file)), face.InspectOptions{MaxFaces: 1, Liveness: bothKinds()}).Liveness {
			if l.Score <= threshold {
				t.Errorf("%s: got %+v, want a score above %d", filepath.Base(file), l, threshold)
			}
		}
	}
}

// Every face has its own result, wherever it is: an attack beside a living face, and
// a face that the edge of the picture cuts.
func TestLivenessOfEachFace(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	live := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	attack := clockwise(decodeJPEG(t, read(t, "shared/images/spoof/attack_2.jpg")))
	canvas := image.NewRGBA(image.Rect(0, 0, live.Bounds().Dx()+attack.Bounds().Dx(), live.Bounds().Dy()))
	draw.Draw(canvas, live.Bounds(), live, image.Point{}, draw.Src)
	draw.Draw(canvas, attack.Bounds().Add(image.Pt(live.Bounds().Dx(), 0)), attack, image.Point{}, draw.Src)
	got := inspect(t, e, encodePNG(t, canvas), face.InspectOptions{MinFaceSize: 60, Liveness: bothKinds()})
	if len(got.Faces) != 2 {
		t.Fatalf("got %d faces, want 2", len(got.Faces))
	}
	for _, f := range got.Faces {
		isLive := f.Box.Center().X < float64(live.Bounds().Dx())
		for _, l := range f.Liveness {
			if (l.Score > threshold) != isLive {
				t.Errorf("the face at %v: got %+v, want live %v", f.Box.Center(), l, isLive)
			}
		}
	}
}

// clockwise returns the picture turned by a quarter.
func clockwise(m image.Image) image.Image {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dx() {
		for x := range b.Dy() {
			out.Set(x, y, m.At(b.Min.X+y, b.Max.Y-1-x))
		}
	}
	return out
}

func TestLivenessOfAFaceAtTheEdge(t *testing.T) {
	t.Parallel()
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		t.Run(string(pack), func(t *testing.T) {
			t.Parallel()
			livenessAtTheEdge(t, newEngine(t, pack, engine.Config{}))
		})
	}
}

func livenessAtTheEdge(t *testing.T, e *engine.Engine) {
	t.Helper()
	portrait := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	whole := only(t, e, encodePNG(t, portrait), face.InspectOptions{}).Box
	cuts := map[string]image.Rectangle{
		"tight":    image.Rect(int(whole.X), int(whole.Y), int(whole.X+whole.W), int(whole.Y+whole.H)),
		"no chin":  image.Rect(0, 0, portrait.Bounds().Dx(), int(whole.Y+0.8*whole.H)),
		"no brow":  image.Rect(0, int(whole.Y+0.2*whole.H), portrait.Bounds().Dx(), portrait.Bounds().Dy()),
		"one side": image.Rect(int(whole.X+0.3*whole.W), 0, portrait.Bounds().Dx(), portrait.Bounds().Dy()),
	}
	for name, part := range cuts {
		for _, f := range inspect(t, e, encodePNG(t, scaledTo(portrait, part, part.Dx(), part.Dy())), face.InspectOptions{Liveness: bothKinds()}).Faces {
			for _, l := range f.Liveness {
				if !l.Performed || !(l.Score >= 0 && l.Score <= 100) {
					t.Errorf("%s: got %+v, want a score of 0…100", name, l)
				}
			}
		}
	}
}

// A tiny face is checked if its conditions let it, and a check is not performed where
// they do not.
func TestLivenessConditions(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	portrait := decodeJPEG(t, read(t, "docs/portraits/obama.jpg"))
	tiny := encodePNG(t, scaledTo(portrait, portrait.Bounds(), 80, 100))
	large := face.Condition{Measure: face.FaceSize, Least: 200, Most: math.Inf(1)}
	f := only(t, e, tiny, face.InspectOptions{MinFaceSize: 5, Liveness: []face.LivenessCheck{
		{Kind: face.Nearby, Conditions: []face.Condition{large}}, {Kind: face.Distant},
	}})
	if l := f.Liveness[0]; l.Performed || l.Score != 0 || len(l.Unmet) != 1 || l.Unmet[0].Value != f.Size || l.Unmet[0].Condition != large {
		t.Errorf("got %+v, want it not performed for size %v", l, f.Size)
	}
	if l := f.Liveness[1]; !l.Performed || l.Unmet != nil || l.Score <= 0 {
		t.Errorf("got %+v, want it performed", l)
	}
}
