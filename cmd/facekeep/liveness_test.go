package main_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// anyFace is a condition that every face meets.
const anyFace = "FACE_CONFIDENCE: [0; 10000]"

// bothChecks are the ids of both kinds of checks.
var bothChecks = []string{"liveness_distant_cpu_remote", "liveness_nearby_any_remote"}

// livenessAnswer is what the tests read of a SpoofCheck, or of one in a search.
type livenessAnswer struct {
	Performed, Passed bool
	Distant           *checkAnswer `json:"distantLivenessSpoofCheck"`
	Nearby            *checkAnswer `json:"nearbyLivenessSpoofCheck"`
}

type checkAnswer struct {
	Performed, Passed   bool
	Score               float64
	NotPerformedReasons []struct{ ReasonMessage string }
}

// spoofPicture returns a picture of shared/images/spoof, or skips the test.
func spoofPicture(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(root, "..", "shared", "images", "spoof", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s here", path)
	}
	return picture(t, path)
}

// greyPNG is a picture with nothing on it.
func greyPNG(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSpoofCheck shows the real pictures to the real models.
func TestSpoofCheck(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	const path = "/api/v1/Faces/SpoofCheck"
	always := object{"distantLivenessConditions": anyFace, "nearbyLivenessConditions": anyFace}
	for name, live := range map[string]bool{"live_1.jpg": true, "attack_1.jpg": false, "attack_2.jpg": false} {
		got := want[livenessAnswer](s, http.StatusOK, "POST", path, object{
			"image": object{"data": spoofPicture(t, name)}, "spoofDetectorResourceIds": bothChecks, "spoofCheckConfig": always,
		})
		if !got.Performed || got.Passed != live || got.Distant == nil || got.Distant.Passed != live || got.Nearby == nil || got.Nearby.Passed != live {
			t.Errorf("%s: got %+v (%+v, %+v), want passed %v of both", name, got, got.Distant, got.Nearby, live)
		}
	}
	photo := object{"data": portrait(t, "obama.jpg")}
	t.Run("one reason or all of them", func(t *testing.T) {
		const never = anyFace + " && FACE_SIZE: [-inf; 5] && FACE_RELATIVE_AREA: [0.9; inf] && FACE_CONFIDENCE: [0; inf]"
		for all, names := range map[bool][]string{false: {"FACE_SIZE"}, true: {"FACE_SIZE", "FACE_RELATIVE_AREA"}} {
			got := want[livenessAnswer](s, http.StatusOK, "POST", path, object{"image": photo, "spoofCheckConfig": object{
				"distantLivenessConditions": never, "keepEvaluatingConditionsAfterFirstFail": all,
			}})
			if got.Performed || got.Passed || got.Nearby != nil || got.Distant == nil || got.Distant.Performed || got.Distant.Score != 0 {
				t.Fatalf("all %v: got %+v (%+v), want a distant check that was not performed", all, got, got.Distant)
			}
			if len(got.Distant.NotPerformedReasons) != len(names) {
				t.Fatalf("all %v: got %+v, want %v", all, got.Distant.NotPerformedReasons, names)
			}
			for i, r := range got.Distant.NotPerformedReasons {
				if !strings.HasPrefix(r.ReasonMessage, names[i]+": ") {
					t.Errorf("all %v: got the reason %q, want one about %s", all, r.ReasonMessage, names[i])
				}
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		for _, tt := range []struct {
			name   string
			body   object
			status int
			says   string
		}{
			{"no face", object{"image": object{"data": encode(greyPNG(t))}}, http.StatusBadRequest, "no face"},
			{"bad conditions", object{"image": photo, "spoofCheckConfig": object{"distantLivenessConditions": "FACE_SIZE: 30"}}, http.StatusBadRequest, "character 12"},
			{"no GPU", object{"image": photo, "spoofDetectorResourceIds": []string{"liveness_distant_gpu_remote"}}, http.StatusRequestTimeout, "no GPU"},
			{"none", object{"image": photo, "spoofDetectorResourceIds": []string{"none"}}, http.StatusBadRequest, "liveness_distant_"},
		} {
			if got, _ := want[object](s, tt.status, "POST", path, tt.body)["detail"].(string); !strings.Contains(got, tt.says) {
				t.Errorf("%s: got the detail %q, want it to tell of %q", tt.name, got, tt.says)
			}
		}
	})
}

// TestSearchWithSpoofDetectors finds a person whose picture is an attack, and says so.
func TestSearchWithSpoofDetectors(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	watchlist(s, "guests")
	attack := spoofPicture(t, "attack_2.jpg")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("somebody", attack, "guests"))
	type found struct {
		searchAnswer
		SpoofCheckResult livenessAnswer
	}
	for _, ids := range [][]string{{"none"}, {"liveness_distant_any_remote"}, bothChecks} {
		got := want[[]found](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search", object{
			"image": object{"data": attack}, "faceDetectorConfig": largestFace(), "spoofDetectorResourceIds": ids,
			"spoofCheckConfig": object{"distantLivenessConditions": anyFace, "nearbyLivenessConditions": anyFace},
		})
		if len(got) != 1 || len(got[0].MatchResults) != 1 {
			t.Fatalf("%v: got %+v, want one face with one match", ids, got)
		}
		r := got[0].SpoofCheckResult
		if asked := ids[0] != "none"; r.Passed || r.Performed != asked || (r.Distant != nil) != asked || (r.Nearby != nil) != (len(ids) == 2) {
			t.Errorf("%v: got %+v, want an attack where it was asked for", ids, r)
		}
	}
}
