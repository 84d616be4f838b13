package main_test

import (
	"image"
	"slices"
	"strings"
	"testing"
)

// TestFaceSearchGroups searches pictures of groups among people who look alike: nobody
// is found twice.
func TestFaceSearchGroups(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, where storage) {
		t.Helper()
		f := start(t, where).faceSearcher(where)
		f.collection("staff")
		for id, name := range map[string]string{"alice": "alice_2", "bella": "bella_2", "carl": "carl_2", "dora": "dora_2"} {
			f.enrol("staff", id, pictureOf(t, name+".jpg"))
		}
		row := []string{"alice_1", "bella_1", "alice_3", "carl_1"}
		for i, name := range row {
			row[i] = encodePicture(t, f.sketch(pictureOf(t, name+".jpg")).closeUp(0.3)) // without who stands behind
		}
		group := inOneRow(t, 300, row...)
		found := f.searchAll("staff", group, 0.7)
		if ids := sortedIDs(found.Persons); !slices.Equal(ids, []string{"alice", "bella", "carl"}) || len(found.Unrecognized) != 1 {
			t.Errorf("alice twice in a row: got %v and %d strangers, want each once, and one stranger", ids, len(found.Unrecognized))
		}
		f.enrol("staff", "alice's twin", pictureOf(t, "alice_3.jpg"))
		found = f.searchAll("staff", group, 0.7)
		if ids := sortedIDs(found.Persons); !slices.Equal(ids, []string{"alice", "alice's twin", "bella", "carl"}) || len(found.Unrecognized) != 0 {
			t.Errorf("alice and her twin: got %v and %d strangers, want all four", ids, len(found.Unrecognized))
		}
		f.lookAlikes("two_people.jpg", 2)
		f.lookAlikes("six_people.jpg", 6)
	})
}

// lookAlikes enrols each face of a group three times, and searches the group: with any
// bound, nobody is found twice, and every face is answered for.
func (f *faceSearcher) lookAlikes(name string, people int) {
	f.t.Helper()
	group := pictureOf(f.t, name)
	collection := strings.TrimSuffix(name, ".jpg")
	f.collection(collection)
	strangers := f.searchAll(collection, group, 0.7)
	if len(strangers.Persons) != 0 || len(strangers.Unrecognized) != people {
		f.t.Errorf("%s among nobody: got %v and %d strangers, want %d", name, idsOf(strangers.Persons), len(strangers.Unrecognized), people)
	}
	for i, face := range strangers.Unrecognized {
		m := decodePicture(f.t, encode(face)).SubImage(image.Rect(30, 30, 130, 130)) // without its neighbours
		for n, side := range []int{160, 200, 260} {                                  // they differ a little, as pictures of one person do
			f.enrol(collection, collection+string(rune('a'+i))+string(rune('1'+n)), encodePicture(f.t, resized(m, side, side)))
		}
	}
	for _, least := range []float64{0, 0.3, 0.7, 1} {
		found := f.searchAll(collection, group, least)
		ids := sortedIDs(found.Persons)
		if twice := len(ids) - len(slices.Compact(slices.Clone(ids))); twice > 0 {
			f.t.Errorf("%s at %v: got %v, of whom %d are found twice", name, least, ids, twice)
		}
		if len(ids)+len(found.Unrecognized) != people {
			f.t.Errorf("%s at %v: got %d people and %d strangers, want %d together", name, least, len(ids), len(found.Unrecognized), people)
		}
		if least <= 0.7 && len(ids) != people {
			f.t.Errorf("%s at %v: got %v, want all %d", name, least, ids, people)
		}
		if !slices.IsSortedFunc(found.Persons, func(a, b hit) int {
			if a.Similarity > b.Similarity {
				return -1
			}
			return 1
		}) {
			f.t.Errorf("%s at %v: people are not by decreasing similarity: %v", name, least, ids)
		}
	}
}

func sortedIDs(all []hit) []string {
	ids := idsOf(all)
	slices.Sort(ids)
	return ids
}
