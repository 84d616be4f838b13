package evaluate_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/evaluate"
	"github.com/facekeep/facekeep/face"
)

// scoreEngine reads a picture as the score of its largest face, which the nearby check
// halves; "none" holds no face.
type scoreEngine struct{ shown *atomic.Int64 }

func (e scoreEngine) Inspect(_ context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error) {
	e.shown.Add(1)
	if string(data) == "none" {
		return face.Inspection{}, nil
	}
	var score float64
	if _, err := fmt.Sscan(string(data), &score); err != nil {
		return face.Inspection{}, face.Errorf(face.Invalid, "not a picture")
	}
	if opts.MaxFaces != 1 || len(opts.Liveness) != 1 || opts.Liveness[0].Conditions != nil {
		return face.Inspection{}, face.Errorf(face.Internal, "asked for %+v", opts)
	}
	if opts.Liveness[0].Kind == face.Nearby {
		score /= 2
	}
	return face.Inspection{Faces: []face.Inspected{{Liveness: []face.Liveness{{Performed: true, Score: score}}}}}, nil
}

func livePictures() fstest.MapFS {
	return fstest.MapFS{
		"Ann/Ann_0001.jpg": {Data: []byte("99")}, "Ann/Ann_0002.JPEG": {Data: []byte("97")},
		"deep/er/still/bo.png": {Data: []byte("80")}, "cy.webp": {Data: []byte("none")}, "notes.txt": {Data: []byte("junk")},
	}
}

func attackPictures() fstest.MapFS {
	return fstest.MapFS{
		"print/a.jpg": {Data: []byte("1")}, "print/b/c.jpg": {Data: []byte("95")},
		"replay/a.jpg": {Data: []byte("2")}, "replay/none.jpg": {Data: []byte("none")}, "x.jpg": {Data: []byte("3")},
	}
}

func TestCheckLiveness(t *testing.T) {
	t.Parallel()
	var shown atomic.Int64
	steps := 0
	o := evaluate.LivenessOptions{
		Engine: scoreEngine{&shown}, Live: livePictures(), Attacks: attackPictures(),
		Progress: func(int, int) { steps++ },
	}
	got, err := evaluate.CheckLiveness(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if shown.Load() != 9 || steps != 9 {
		t.Errorf("got %d pictures shown in %d steps, want 9", shown.Load(), steps)
	}
	if diff := cmp.Diff([]string{"cy.webp", "replay/none.jpg"}, got.NoFace); diff != "" {
		t.Errorf("without a face: -want +got\n%s", diff)
	}
	var report bytes.Buffer
	if err := got.Report(&report, 90); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"3 pictures, and 1 without a face", "BPCER 33.33 % at 90", "attacks: attack", "attacks: print",
		"APCER 50.00 % at 90", "1 pictures, and 1 without a face", "worst attack", "print, APCER 50.00 %", "cy.webp, replay/none.jpg",
	} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, report.String())
		}
	}
	if rows := regexp.MustCompile(`(?m)^ +90 +33.33 %`).FindAllString(report.String(), -1); len(rows) != 1 {
		t.Errorf("want a table with each threshold once:\n%s", report.String())
	}
}

func TestCheckLivenessOfAKindAndALimit(t *testing.T) {
	t.Parallel()
	var shown atomic.Int64
	live := fstest.MapFS{}
	for i := range 100 {
		live[fmt.Sprintf("%02d.jpg", i)] = &fstest.MapFile{Data: fmt.Append(nil, i)}
	}
	got, err := evaluate.CheckLiveness(t.Context(), evaluate.LivenessOptions{
		Engine: scoreEngine{&shown}, Live: live, Attacks: attackPictures(), Kind: face.Nearby, Limit: 4,
	})
	if err != nil {
		t.Fatal(err)
	}
	// 0, 25, 50 and 75, each halved by the check of the other kind.
	if n, _ := got.Rates.BonaFide(); n != 4 || got.Rates.BPCER(12.4) != 0.25 || got.Rates.BPCER(25) != 0.75 || shown.Load() != 8 {
		t.Errorf("got %d live pictures, BPCER %v and %v, want 4 evenly chosen", n, got.Rates.BPCER(12.4), got.Rates.BPCER(25))
	}
}

func TestCheckLivenessRefuses(t *testing.T) {
	t.Parallel()
	var shown atomic.Int64
	junk := fstest.MapFS{"some/junk.jpg": {Data: []byte("junk")}}
	tests := []struct {
		name          string
		live, attacks fstest.MapFS
		want          string
	}{
		{"a picture that is none", livePictures(), junk, "some/junk.jpg"},
		{"no live picture", fstest.MapFS{"a.txt": {}}, attackPictures(), "live pictures"},
		{"no attack", livePictures(), fstest.MapFS{}, "attacks"},
	}
	for _, tt := range tests {
		_, err := evaluate.CheckLiveness(t.Context(), evaluate.LivenessOptions{Engine: scoreEngine{&shown}, Live: tt.live, Attacks: tt.attacks})
		if face.KindOf(err) != face.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want Invalid with %q", tt.name, err, tt.want)
		}
	}
}
