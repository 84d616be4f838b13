package evaluate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/evaluate"
	"github.com/facekeep/facekeep/face"
)

func TestReadPairs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []evaluate.Pair
		err      string
	}{
		{
			name: "table",
			in:   "name_a\tindex_a\tname_b\tindex_b\tsame\tfold\nAnn_Lee\t1\tAnn_Lee\t12\t1\t1\nAnn_Lee\t2\tBo\t3\t0\t2\n",
			want: []evaluate.Pair{
				{A: "Ann_Lee/Ann_Lee_0001.jpg", B: "Ann_Lee/Ann_Lee_0012.jpg", Same: true, Fold: 1},
				{A: "Ann_Lee/Ann_Lee_0002.jpg", B: "Bo/Bo_0003.jpg", Fold: 2},
			},
		},
		{
			name: "pairs.txt, one pair of each kind in a fold",
			in:   "2\t1\nAnn\t1\t2\nAnn\t1\tBo\t1\nBo\t1\t2\nBo\t2\tAnn\t3\n",
			want: []evaluate.Pair{
				{A: "Ann/Ann_0001.jpg", B: "Ann/Ann_0002.jpg", Same: true, Fold: 1},
				{A: "Ann/Ann_0001.jpg", B: "Bo/Bo_0001.jpg", Fold: 1},
				{A: "Bo/Bo_0001.jpg", B: "Bo/Bo_0002.jpg", Same: true, Fold: 2},
				{A: "Bo/Bo_0002.jpg", B: "Ann/Ann_0003.jpg", Fold: 2},
			},
		},
		{name: "empty", in: "", err: "empty"},
		{name: "blank first line", in: "\nAnn 1 2\n", err: "line 1"},
		{name: "neither form", in: "hello world again\n", err: "line 1"},
		{name: "a column short", in: "name_a\nAnn\t1\tAnn\t2\t1\n", err: "line 2: 5 columns"},
		{name: "same is neither", in: "name_a\nAnn\t1\tAnn\t2\tyes\t1\n", err: "line 2: same"},
		{name: "out of the folder", in: "name_a\n../etc\t1\tAnn\t2\t1\t1\n", err: "not the name of a person"},
		{name: "dot-dot alone", in: "name_a\n..\t1\tAnn\t2\t1\t1\n", err: "not the name of a person"},
		{name: "no number", in: "1\nAnn\tone\t2\n", err: "line 2: picture number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := evaluate.ReadPairs(strings.NewReader(tt.in))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error = %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("pairs differ (-want +got):\n%s", diff)
			}
		})
	}
}

// fakeEngine reads a picture as "SEED NOISE": a template around the direction of
// SEED. "none" holds no face; "crowd SEED" shows another face away from the
// middle as well.
type fakeEngine struct{ dim int }

func (e fakeEngine) Inspect(_ context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error) {
	if !opts.Templates {
		return face.Inspection{}, face.Errorf(face.Internal, "templates were not asked for")
	}
	found := face.Inspection{Width: 100, Height: 100}
	text, crowd := strings.CutPrefix(string(data), "crowd ")
	if text == "none" {
		return found, nil
	}
	var seed, noise uint64
	if _, err := fmt.Sscan(text, &seed, &noise); err != nil {
		return found, face.Errorf(face.Invalid, "not a picture")
	}
	if crowd { // the stranger is larger, but stands at the edge
		found.Faces = append(found.Faces, e.faceAt(9999, noise, face.Box{X: 0, Y: 0, W: 50, H: 50}))
	}
	found.Faces = append(found.Faces, e.faceAt(seed, noise, face.Box{X: 40, Y: 40, W: 20, H: 20}))
	return found, nil
}

func (e fakeEngine) faceAt(seed, noise uint64, box face.Box) face.Inspected {
	direction, r := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, noise))
	v := make([]float32, e.dim)
	var norm float64
	for i := range v {
		x := direction.NormFloat64() + 0.5*r.NormFloat64()
		v[i], norm = float32(x), norm+x*x
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(norm))
	}
	return face.Inspected{Finding: face.Finding{Box: box}, Template: &face.Template{Label: "fake@1", Vector: v}}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	images, pairs := fstest.MapFS{}, make([]evaluate.Pair, 0, 40)
	for p := range 20 {
		name := fmt.Sprintf("P%d", p)
		images[name+"/"+name+"_0001.jpg"] = &fstest.MapFile{Data: fmt.Appendf(nil, "%d 1", p+1)}
		images[name+"/"+name+"_0002.jpg"] = &fstest.MapFile{Data: fmt.Appendf(nil, "crowd %d 2", p+1)}
		pairs = append(pairs,
			evaluate.Pair{A: name + "/" + name + "_0001.jpg", B: name + "/" + name + "_0002.jpg", Same: true, Fold: p%4 + 1},
			evaluate.Pair{A: name + "/" + name + "_0001.jpg", B: "P0/P0_0001.jpg", Same: p == 0, Fold: p%4 + 1})
	}
	images["P3/P3_0002.jpg"] = &fstest.MapFile{Data: []byte("none")}
	steps := 0
	o := evaluate.Options{Engine: fakeEngine{64}, Images: images, Progress: func(int, int) { steps++ }}
	v, err := evaluate.Verify(t.Context(), o, pairs, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"P3/P3_0002.jpg"}, v.NoFace); diff != "" {
		t.Errorf("pictures without a face differ (-want +got):\n%s", diff)
	}
	if steps != 40 || v.Pictures != 40 {
		t.Errorf("%d steps of %d pictures, want 40 of 40", steps, v.Pictures)
	}
	// Only the pair whose picture has no face can be wrong.
	if want := 1 - 1.0/40; math.Abs(v.Accuracy.Mean-want) > 1e-9 {
		t.Errorf("accuracy = %v, want %v", v.Accuracy.Mean, want)
	}
	var report bytes.Buffer
	if err := v.Report(&report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"21 mated, 19 non-mated", "0.9750", "cannot tell so small a rate", "P3/P3_0002.jpg"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, report.String())
		}
	}
}

func TestVerifyNamesTheBadPicture(t *testing.T) {
	t.Parallel()
	images := fstest.MapFS{"A/A_0001.jpg": {Data: []byte("junk")}, "A/A_0002.jpg": {Data: []byte("1 1")}}
	o := evaluate.Options{Engine: fakeEngine{8}, Images: images}
	for _, pair := range []evaluate.Pair{{A: "A/A_0001.jpg", B: "A/A_0002.jpg"}, {A: "A/A_0002.jpg", B: "A/A_0003.jpg"}} {
		_, err := evaluate.Verify(t.Context(), o, []evaluate.Pair{pair}, nil)
		if err == nil || !strings.Contains(err.Error(), "A_0001") && !strings.Contains(err.Error(), "A_0003") {
			t.Errorf("error = %v, want one that names the picture", err)
		}
	}
}

// TestCalibrate fits the scale to people whose impostor cosines are known to be
// normal (random directions in 64 dimensions: standard deviation 1/8) and reads
// the file back.
func TestCalibrate(t *testing.T) {
	t.Parallel()
	images := fstest.MapFS{}
	for p := range 900 {
		for n := range 2 {
			images[fmt.Sprintf("P%d/P%d_%04d.jpg", p, p, n)] = &fstest.MapFile{Data: fmt.Appendf(nil, "%d %d", p+1, n+1)}
		}
	}
	c, err := evaluate.Calibrate(t.Context(), evaluate.Options{Engine: fakeEngine{64}, Images: images}, "fake@1")
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(1800*1799/2 - 900); c.Fitted.ImpostorPairs != want || len(c.Genuine) != 900 {
		t.Errorf("%d impostor and %d genuine pairs, want %d and 900", c.Fitted.ImpostorPairs, len(c.Genuine), want)
	}
	if got := c.Fitted.Cosine(30); math.Abs(got-3.09/8) > 0.02 {
		t.Errorf("cosine of score 30 = %v, want about %v", got, 3.09/8)
	}
	data, err := c.File()
	if err != nil {
		t.Fatal(err)
	}
	var back face.Calibration
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Fitted, &back); diff != "" {
		t.Errorf("the file reads back otherwise (-want +got):\n%s", diff)
	}
	var report bytes.Buffer
	if err := c.Report(&report); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(report.String(), "900 people, 1800 pictures") {
		t.Errorf("report:\n%s", report.String())
	}
}

func TestCalibrateRefusesAnEmptyFolder(t *testing.T) {
	t.Parallel()
	_, err := evaluate.Calibrate(t.Context(), evaluate.Options{Engine: fakeEngine{8}, Images: fstest.MapFS{}}, "fake@1")
	if face.KindOf(err) != face.Invalid {
		t.Errorf("error = %v, want Invalid", err)
	}
}

// ratedEngine is a fakeEngine whose pictures of much noise are of low quality.
type ratedEngine struct{ fakeEngine }

func (e ratedEngine) Inspect(ctx context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error) {
	found, err := e.fakeEngine.Inspect(ctx, data, opts)
	for i := range found.Faces {
		found.Faces[i].Quality = 5000
		if strings.HasSuffix(string(data), " 2") {
			found.Faces[i].Quality = 1000
		}
	}
	return found, err
}

// Of five persons' three pictures each, P0's third has no face and P1's second shows
// somebody else: the pairs with either are the ones that fail.
func TestRateQuality(t *testing.T) {
	t.Parallel()
	images := fstest.MapFS{}
	for p := range 5 {
		for n := range 3 {
			images[fmt.Sprintf("P%d/P%d_%04d.jpg", p, p, n+1)] = &fstest.MapFile{Data: fmt.Appendf(nil, "%d %d", p+1, n+3)}
		}
	}
	images["P0/P0_0003.jpg"] = &fstest.MapFile{Data: []byte("none")}
	images["P1/P1_0002.jpg"] = &fstest.MapFile{Data: []byte("99 2")}
	o := evaluate.Options{Engine: ratedEngine{fakeEngine{64}}, Images: images}
	pairs, err := evaluate.MatedPairs(o, 3)
	if err != nil {
		t.Fatal(err)
	}
	q, err := evaluate.RateQuality(t.Context(), o, pairs, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if q.Discard.Total() != 15 || q.NoFace != 1 || len(q.Qualities) != 14 {
		t.Fatalf("got %d pairs, %d pictures without a face and %d with one, want 15, 1 and 14", q.Discard.Total(), q.NoFace, len(q.Qualities))
	}
	for part, want := range map[float64]float64{0: 4. / 15, 2. / 15: 2. / 13, 4. / 15: 0} {
		if got := q.Discard.FNMR(part); math.Abs(got-want) > 1e-9 {
			t.Errorf("FNMR with %.2f left out = %v, want %v", part, got, want)
		}
	}
	var report bytes.Buffer
	if err := q.Report(&report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"15 pairs", "1 pictures without a face", "50 % 5000", "0.2667"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, report.String())
		}
	}
}

// Of each person so many pictures are used, and pairs of two persons are left out.
func TestMatedPairs(t *testing.T) {
	t.Parallel()
	images := fstest.MapFS{"A/1.jpg": {}, "A/2.jpg": {}, "A/3.jpg": {}, "B/1.jpg": {}, "C/1.jpg": {}, "C/2.jpg": {}}
	got, err := evaluate.MatedPairs(evaluate.Options{Images: images}, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []evaluate.Pair{{A: "A/1.jpg", B: "A/2.jpg", Same: true, Fold: 1}, {A: "C/1.jpg", B: "C/2.jpg", Same: true, Fold: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRateQualityWantsMatedPairs(t *testing.T) {
	t.Parallel()
	_, err := evaluate.RateQuality(t.Context(), evaluate.Options{}, []evaluate.Pair{{A: "a", B: "b"}}, 0.5)
	if face.KindOf(err) != face.Invalid {
		t.Errorf("error = %v, want Invalid", err)
	}
}
