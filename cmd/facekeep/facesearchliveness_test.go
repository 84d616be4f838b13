package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// needsPack skips a test where the files of a model pack are not here. The standard pack
// measures all that the rules of a check are about, the registry pack does not.
func needsPack(t *testing.T, pack models.Pack) {
	t.Helper()
	manifest, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := manifest.Resolve(pack, models.Dirs(os.Getenv("FACEKEEP_MODELS_DIR"), folder, "")); err != nil {
		t.Skipf("the %s model pack is not here: %v", pack, err)
	}
}

// TestFaceSearchLiveness provokes each code of a liveness check that the engine can tell
// by a picture.
func TestFaceSearchLiveness(t *testing.T) {
	t.Parallel()
	needsPack(t, models.Standard)
	onBoth(t, func(t *testing.T, where storage) {
		t.Helper()
		s := start(t, where)
		f := s.faceSearcher(where)
		f.collection("staff")
		live := portrait(t, "obama.jpg")
		f.enrol("staff", "barack", live)
		blank := s.sketch(live)
		for name, tt := range map[string]struct {
			data, code string
		}{
			"two people":        {inOneRow(t, 600, live, portrait(t, "obama2.jpg")), "TOO_MANY_FACES"},
			"a small picture":   {encodePicture(t, blank.shrunk(0.4)), "FACE_TOO_SMALL"},
			"a close-up":        {encodePicture(t, blank.closeUp(0.02)), "FACE_TOO_CLOSE"},
			"half a face":       {encodePicture(t, blank.cutAt(0.35)), "FACE_CROPPED"},
			"at the edge":       {encodePicture(t, blank.cutAt(0.16)), "FACE_CLOSE_TO_BORDER"},
			"turned":            {encodePicture(t, blank.rotated(40)), "FACE_ANGLE_TOO_LARGE"},
			"a profile":         {shared(t, "images/spoof/attack_1.jpg"), "FACE_ANGLE_TOO_LARGE"},
			"a mask":            {encodePicture(t, blank.mask()), "FACE_IS_OCCLUDED"},
			"closed eyes":       {encodePicture(t, blank.closeEyes()), "EYES_CLOSED"},
			"a replay":          {shared(t, "images/spoof/attack_2.jpg"), "FACE_NOT_LIVE"},
			"a living person":   {shared(t, "images/spoof/live_1.jpg"), ""},
			"a portrait":        {live, ""},
			"a portrait, drawn": {encodePicture(t, blank), ""},
		} {
			if tt.data == "" {
				t.Run(name, func(t *testing.T) { t.Skip("the picture is not here") })
				continue
			}
			answer := f.search("staff", tt.data, object{"check_liveness": true})
			s.recorded(name, answer.header.Get(httpx.TransactionHeader), tt.code)
			if tt.code != "" {
				f.failed(name, answer, http.StatusUnprocessableEntity, "ERR_LIVENESS_ERROR/"+tt.code)
			} else if answer.status != http.StatusOK {
				t.Errorf("%s: got %d %s, want 200", name, answer.status, answer.body)
			}
		}
	})
}

// recorded fails the test unless Regula tells of a check what the code says: passed (0),
// not live (1), or not performed (null).
func (s *server) recorded(name, id, code string) {
	s.t.Helper()
	got := want[struct{ Status *int }](s, http.StatusOK, "GET", "/api/v2/liveness?transactionId="+id, nil)
	expected := map[string]*int{"": new(0), "FACE_NOT_LIVE": new(1)}[code]
	if diff := cmp.Diff(expected, got.Status); diff != "" {
		s.t.Errorf("%s: the record: (-want +got)\n%s", name, diff)
	}
}

// shared returns a picture beside the checkout, "" if it is not there.
func shared(t *testing.T, path string) string {
	t.Helper()
	path = filepath.Join(root, "..", "shared", path)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return picture(t, path)
}

// A pack without all that the rules are about can tell of a live face only that it does
// not know.
func TestFaceSearchLivenessUnknown(t *testing.T) {
	t.Parallel()
	needsPack(t, models.Registry)
	where := embedded(t)
	f := start(t, where, "--model-pack=registry").faceSearcher(where)
	f.collection("staff")
	f.failed("no pose", f.search("staff", portrait(t, "obama.jpg"), object{"check_liveness": true}), 422, "ERR_LIVENESS_ERROR/UNKNOWN_ERROR")
}

// TestFaceSearchPortraitsAreLive checks portraits of people, all of whom are living and
// look at the camera.
func TestFaceSearchPortraitsAreLive(t *testing.T) {
	t.Parallel()
	needsPack(t, models.Standard)
	where := embedded(t)
	f := start(t, where).faceSearcher(where)
	f.collection("staff")
	people, err := filepath.Glob(filepath.Join(root, "..", "shared", "images", "people", "*_[0-9].jpg"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := filepath.Glob(filepath.Join(root, "docs", "portraits", "*.jpg"))
	if err != nil || len(ours) == 0 {
		t.Fatalf("got no portraits (%v)", err)
	}
	for _, path := range append(people, ours...) {
		if answer := f.search("staff", picture(t, path), object{"check_liveness": true}); answer.status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200", filepath.Base(path), answer.status, answer.body)
		}
	}
}

// TestFaceSearchLivenessOfLFW counts what becomes of people in press pictures. They were
// not taken to be checked: of single faces nine in ten pass.
func TestFaceSearchLivenessOfLFW(t *testing.T) {
	t.Parallel()
	needsPack(t, models.Standard)
	files, err := filepath.Glob(filepath.Join(root, "..", "shared", "lfw", "images", "*", "*_0001.jpg"))
	if err != nil || len(files) == 0 {
		t.Skipf("no ../shared/lfw here (%v)", err)
	}
	where := embedded(t)
	f := start(t, where).faceSearcher(where)
	f.collection("staff")
	const every = 20
	codes := map[string]int{}
	for i := 0; i < len(files); i += every {
		answer := f.search("staff", picture(t, files[i]), object{"check_liveness": true})
		e, err := decode[struct{ Metadata struct{ Code string } }](answer.body)
		if answer.status == http.StatusOK {
			e.Metadata.Code = "passed"
		} else if err != nil || e.Metadata.Code == "" {
			t.Errorf("%s: got %d %s", filepath.Base(files[i]), answer.status, answer.body)
		}
		codes[e.Metadata.Code]++
	}
	single := (len(files)+every-1)/every - codes["TOO_MANY_FACES"]
	t.Logf("of %d pictures with one face: %v", single, codes)
	if codes["passed"]*100 < 88*single {
		t.Errorf("got %d of %d single faces passed, want at least 88 in 100", codes["passed"], single)
	}
}
