package facesearch_test

import (
	"math"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// checkLiveness searches with a check of liveness. It returns the sub-code, "" if the
// face passes, and the record.
func checkLiveness(t *testing.T, g *fakeGallery, change ...func(*handlers.Options)) (string, face.LivenessTransaction) {
	t.Helper()
	rec := newServer(t, g, change...).do(t, http.MethodPost, "/face-search", searchBody(t, "check_liveness=true"), "/face-search")
	kept, ok := g.got["KeepLiveness"].(face.LivenessTransaction)
	if !ok {
		t.Fatalf("got %d %s, and no record", rec.Code, rec.Body)
	}
	if got := rec.Header().Get(httpx.TransactionHeader); got != kept.ID.String() || kept.ID == uuid.Nil {
		t.Errorf("got the header %q, want the id of the record %s", got, kept.ID)
	}
	if rec.Code == http.StatusOK {
		return "", kept
	}
	f := failureOf(t, rec.Body.Bytes())
	if rec.Code != http.StatusUnprocessableEntity || f.Code != "ERR_LIVENESS_ERROR" {
		t.Errorf("got %d %s", rec.Code, rec.Body)
	}
	return f.Metadata.Code, kept
}

// faults makes a face fail one rule after the other, in the order of the codes.
var faults = []struct {
	code string
	make func(f *face.Inspected)
}{
	{"FACE_TOO_SMALL", func(f *face.Inspected) { f.Landmarks, f.Size = small(34.9), 34.9 }},
	{"FACE_TOO_CLOSE", func(f *face.Inspected) { f.Area = 0.51 }},
	{"FACE_CROPPED", func(f *face.Inspected) { f.Visible = 0.94 }},
	{"FACE_CROPPED", func(f *face.Inspected) { f.Size = 0.94 * f.Landmarks.Size() }},
	{"FACE_CLOSE_TO_BORDER", func(f *face.Inspected) { f.Margin = 0.049 }},
	{"FACE_ANGLE_TOO_LARGE", func(f *face.Inspected) { f.Attributes.Yaw = new(-30.1) }},
	{"FACE_ANGLE_TOO_LARGE", func(f *face.Inspected) { f.Attributes.Pitch = new(25.1) }},
	{"FACE_ANGLE_TOO_LARGE", func(f *face.Inspected) { f.Attributes.Roll = new(31.) }},
	{"FACE_IS_OCCLUDED", func(f *face.Inspected) { f.Attributes.MaskConfidence = new(3001.) }},
	{"FACE_IS_OCCLUDED", func(f *face.Inspected) { f.Attributes.NoseTipConfidence = new(-3001.) }},
	{"EYES_CLOSED", func(f *face.Inspected) {
		f.Attributes.LeftEyeOpen, f.Attributes.RightEyeOpen = new(-9001.), new(-9999.)
	}},
	{"FACE_NOT_LIVE", func(f *face.Inspected) { f.Liveness[0].Score = 89.9 }},
}

// small returns the landmarks of a frontal face of a size.
func small(size float64) face.Landmarks {
	return face.Landmarks{RightEye: face.Point{X: size}, LeftMouth: face.Point{Y: size}, RightMouth: face.Point{X: size, Y: size}}
}

func TestLivenessCodes(t *testing.T) {
	t.Parallel()
	for _, tt := range faults {
		g := sample()
		tt.make(&g.found[0].Inspected)
		if got, _ := checkLiveness(t, g); got != tt.code {
			t.Errorf("got %s, want %s", got, tt.code)
		}
	}
	if got, _ := checkLiveness(t, sample()); got != "" {
		t.Errorf("a good face: got %s, want none", got)
	}
}

// Of two faults the one is told that comes first in the order of the codes.
func TestLivenessOrder(t *testing.T) {
	t.Parallel()
	for i, first := range faults {
		for _, second := range faults[i+1:] {
			g := sample()
			second.make(&g.found[0].Inspected)
			first.make(&g.found[0].Inspected)
			if got, _ := checkLiveness(t, g); got != first.code {
				t.Errorf("%s and %s: got %s, want the first", first.code, second.code, got)
			}
		}
	}
}

func TestLivenessOfSeveralFaces(t *testing.T) {
	t.Parallel()
	for part, want := range map[float64]string{0.51: "TOO_MANY_FACES", 0.49: ""} {
		g := sample()
		g.found = append(g.found, gallery.IdentifiedMembers{Inspected: face.Inspected{Finding: face.Finding{Size: part * g.found[0].Size}}})
		if got, _ := checkLiveness(t, g); got != want {
			t.Errorf("a second face of %v of the size: got %q, want %q", part, got, want)
		}
		if got := g.query(t, "IdentifyMembers").Inspect.MaxFaces; got != 2 {
			t.Errorf("got %d faces looked at, want 2", got)
		}
	}
}

// What was not measured cannot hold, but another reason is told before.
func TestLivenessNotMeasured(t *testing.T) {
	t.Parallel()
	unmeasured := map[string]func(f *face.Inspected){
		"yaw":             func(f *face.Inspected) { f.Attributes.Yaw = nil },
		"mask":            func(f *face.Inspected) { f.Attributes.MaskConfidence = nil },
		"one eye":         func(f *face.Inspected) { f.Attributes.LeftEyeOpen = nil },
		"no check":        func(f *face.Inspected) { f.Liveness = nil },
		"not performed":   func(f *face.Inspected) { f.Liveness[0].Performed = false },
		"liveness no one": func(f *face.Inspected) { f.Liveness[0].Score = math.NaN() },
	}
	for name, forget := range unmeasured {
		g := sample()
		forget(&g.found[0].Inspected)
		got, kept := checkLiveness(t, g)
		if got != "UNKNOWN_ERROR" || kept.Confirmed != nil {
			t.Errorf("%s: got %s, confirmed %v, want UNKNOWN_ERROR and nothing confirmed", name, got, kept.Confirmed)
		}
		g = sample()
		forget(&g.found[0].Inspected)
		g.found[0].Area = 0.9
		if got, _ := checkLiveness(t, g); got != "FACE_TOO_CLOSE" {
			t.Errorf("%s, and too close: got %s, want FACE_TOO_CLOSE", name, got)
		}
	}
}

func TestLivenessRecord(t *testing.T) {
	t.Parallel()
	live, spoof, turned := sample(), sample(), sample()
	spoof.found[0].Liveness[0].Score = 12
	turned.found[0].Attributes.Yaw = new(60.)
	for name, tt := range map[string]struct {
		gallery *fakeGallery
		want    face.LivenessTransaction
	}{
		"live":          {live, face.LivenessTransaction{Confirmed: new(true), Score: 99, Age: new(41.)}},
		"a spoof":       {spoof, face.LivenessTransaction{Confirmed: new(false), Score: 12, Age: new(41.)}},
		"not performed": {turned, face.LivenessTransaction{Age: new(41.)}},
	} {
		_, got := checkLiveness(t, tt.gallery)
		if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(face.LivenessTransaction{}, "ID", "Tag")); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if got.Tag == "" {
			t.Errorf("%s: got no tag", name)
		}
	}
}

// All that the rules are about is asked for; without a model for liveness, all else.
func TestLivenessOptions(t *testing.T) {
	t.Parallel()
	want := face.InspectOptions{
		MinFaceSize: 20, MaxFaces: 2, Pose: true, Mask: true, NoseTip: true, Eyes: true, Age: true,
		Liveness: []face.LivenessCheck{{Kind: face.Nearby}},
	}
	g := sample()
	checkLiveness(t, g)
	if diff := cmp.Diff(want, g.query(t, "IdentifyMembers").Inspect); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want.Liveness = nil
	g = sample()
	g.found[0].Liveness = nil
	if got, _ := checkLiveness(t, g, func(o *handlers.Options) { o.Liveness = false }); got != "UNKNOWN_ERROR" {
		t.Errorf("without a model: got %s, want UNKNOWN_ERROR", got)
	}
	if diff := cmp.Diff(want, g.query(t, "IdentifyMembers").Inspect); diff != "" {
		t.Errorf("without a model: (-want +got)\n%s", diff)
	}
}

// A check that cannot be recorded is no check.
func TestLivenessThatIsNotRecorded(t *testing.T) {
	t.Parallel()
	g := sample()
	g.errs["KeepLiveness"] = face.Errorf(face.Unavailable, "the database is away")
	rec := newServer(t, g).do(t, http.MethodPost, "/face-search", searchBody(t, "check_liveness=true"), "/face-search")
	failureOf(t, rec.Body.Bytes()).check(t, "not recorded", rec.Code, 503, "ERR_UNAVAILABLE")
	if got := rec.Header().Get(httpx.TransactionHeader); got != "" {
		t.Errorf("got the header %q, want none", got)
	}
}
