package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pictureOf returns a picture of shared/images/people, or skips the test.
func pictureOf(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(root, "..", "shared", "images", "people", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s here", path)
	}
	return picture(t, path)
}

// TestPeople verifies every pair of the portraits: above 40 if it is one person,
// and below 40 if it is two.
func TestPeople(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	names := []string{"alice_1", "alice_2", "alice_3", "bella_1", "bella_2", "carl_1", "carl_2", "dora_1", "dora_2"}
	probe := func(name string) object {
		return object{"image": object{"data": pictureOf(t, name+".jpg")}, "faceDetectorConfig": object{"maxFaceSize": 2000}}
	}
	type verification struct{ Confidence float64 }
	for i, a := range names {
		for _, b := range names[i+1:] {
			v := want[verification](s, http.StatusOK, "POST", verifyPath, object{"probeImage": probe(a), "referenceImage": probe(b)})
			same := strings.Split(a, "_")[0] == strings.Split(b, "_")[0]
			if same != (v.Confidence > 40) || v.Confidence == 40 {
				t.Errorf("%s and %s: got %.1f; of one person: %v", a, b, v.Confidence, same)
			}
		}
	}
}

// TestGroups searches pictures of several people with the settings that a client
// has who says nothing.
func TestGroups(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	type sized struct {
		FaceSize  float64
		FaceOrder int
	}
	for name, people := range map[string]int{"two_people.jpg": 2, "six_people.jpg": 6} {
		found := want[[]sized](s, http.StatusOK, "POST", searchPath, object{"image": object{"data": pictureOf(t, name)}})
		if len(found) != people {
			t.Errorf("%s: got %d faces, want %d: %+v", name, len(found), people, found)
		}
		for i, f := range found {
			if f.FaceOrder != i+1 || i > 0 && f.FaceSize > found[i-1].FaceSize {
				t.Errorf("%s: face %d is %+v after %+v, want the order of size", name, i+1, f, found[max(i-1, 0)])
			}
		}
	}
}
