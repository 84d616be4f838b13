package main_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRegulaMatch compares nine portraits, each with each: those of one person are
// nearer than 0.75, the others not.
func TestRegulaMatch(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	names := []string{"alice_1", "alice_2", "alice_3", "bella_1", "bella_2", "carl_1", "carl_2", "dora_1", "dora_2"}
	images := make([]object, 0, len(names))
	for i, name := range names {
		images = append(images, object{"index": 10 * i, "data": pictureOf(t, name+".jpg")})
	}
	got := s.match(images...)
	if got.Code != 0 || len(got.Results) != len(names)*(len(names)-1)/2 {
		t.Fatalf("got code %d, %d pairs, want 0, %d", got.Code, len(got.Results), len(names)*(len(names)-1)/2)
	}
	for _, r := range got.Results {
		a, b := names[r.FirstIndex/10], names[r.SecondIndex/10]
		same := strings.Split(a, "_")[0] == strings.Split(b, "_")[0]
		if same != (r.Similarity > 0.75) || math.Abs(r.Similarity+r.Score-1) > 1e-9 {
			t.Errorf("%s and %s: got similarity %v, score %v; of one person: %t", a, b, r.Similarity, r.Score, same)
		}
	}
}

// TestRegulaMatchGroups compares the faces of a group with each other and with a
// portrait of one of them, beside pictures that nothing can be made of.
func TestRegulaMatchGroups(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	got := s.match(
		object{"index": 7, "data": pictureOf(t, "two_people.jpg"), "detectAll": true},
		object{"index": 2, "data": encode([]byte("no picture"))},
		object{"index": 3, "data": pictureOf(t, "alice_1.jpg")},
		object{"index": 4, "data": encode(grey(t, 320, 240))},
	)
	statuses := map[int]int{}
	for _, d := range got.Detections {
		statuses[d.ImageIndex] = d.Status
	}
	if diff := cmp.Diff(map[int]int{7: 0, 2: 6, 3: 0, 4: 2}, statuses); diff != "" || got.Code != 0 {
		t.Errorf("got code %d; statuses: -want +got\n%s", got.Code, diff)
	}
	alike := 0
	for _, r := range got.Results {
		if r.Similarity > 0.75 {
			alike++
			if r.FirstIndex != 7 || r.SecondIndex != 3 {
				t.Errorf("pictures %d and %d are alike: %v", r.FirstIndex, r.SecondIndex, r.Similarity)
			}
		}
	}
	if len(got.Results) != 3 || alike != 1 {
		t.Errorf("got %d pairs, %d of one person, want 3 and 1: %+v", len(got.Results), alike, got.Results)
	}
	if alone := s.match(object{"data": pictureOf(t, "two_people.jpg"), "detectAll": true}); alone.Code != 0 || len(alone.Results) != 1 {
		t.Errorf("two faces of one picture: got code %d, %d pairs, want 0 and 1", alone.Code, len(alone.Results))
	}
	if central := s.match(object{"data": pictureOf(t, "two_people.jpg")}); central.Code != 224 {
		t.Errorf("one picture: got code %d, want 224", central.Code)
	}
}
