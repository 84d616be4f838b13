package main_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testChangesInOneGallery: what one dialect changes of a person, or takes away, is
// changed or gone in the others.
func testChangesInOneGallery(t *testing.T, s *server) {
	t.Helper()
	all := dialects()
	all["smartface"].makeList(s, "staff")
	all["smartface"].enrol(s, "staff", "Barry", map[string]string{"room": "12"}, "obama.jpg")
	ids := isFound(s, "staff", sighting{name: "Barry", labels: map[string]string{"room": "12"}})
	person, member := "/api/persons/"+ids["regula"], "/api/v1/WatchlistMembers/"+escape(ids["smartface"])

	want[any](s, http.StatusNoContent, "PUT", person, object{"name": "Barack", "metadata": object{"room": "14"}})
	isFound(s, "staff", sighting{name: "Barack", labels: map[string]string{"room": "14"}})
	want[any](s, http.StatusOK, "PATCH", "/persons/"+escape(ids["facesearch"]), object{"person_name": "Barack O.", "metadata": object{"floor": "1"}})
	isFound(s, "staff", sighting{name: "Barack O.", labels: map[string]string{"room": "14", "floor": "1"}})
	want[any](s, http.StatusOK, "PUT", "/api/v1/WatchlistMembers", object{
		"id": ids["smartface"], "fullName": "Barack Obama", "displayName": "Barack", "labels": []object{{"key": "room", "value": "16"}},
	})
	isFound(s, "staff", sighting{name: "Barack Obama", labels: map[string]string{"room": "16"}})

	type item struct{ ID string }
	images := want[page[item]](s, http.StatusOK, "GET", person+"/images", nil).Items
	faces := want[page[item]](s, http.StatusOK, "GET", member+"/Faces", nil).Items
	if diff := cmp.Diff(faces, images); diff != "" || len(faces) != 1 {
		t.Fatalf("faces in SmartFace and images in Regula (-faces +images):\n%s", diff)
	}
	want[any](s, http.StatusNoContent, "DELETE", person+"/images/"+images[0].ID, nil)
	for name, d := range all {
		if found := d.search(s, "staff", "obama2.jpg"); len(found) != 0 {
			t.Errorf("%s finds %+v by a face that was removed", name, found)
		}
		if n := d.pictures(s, ids[name]); n != 0 {
			t.Errorf("%s has %d pictures, want none", name, n)
		}
		if diff := cmp.Diff([]string{"Barack Obama"}, d.names(s, "staff")); diff != "" {
			t.Errorf("%s lists (-want +got):\n%s", name, diff)
		}
	}
}

// testMetadataOfOneGallery: what Regula attaches to a person reads as labels in
// SmartFace and as texts in face-search, and comes back as it was.
func testMetadataOfOneGallery(t *testing.T, s *server) {
	t.Helper()
	var regula regulaDialect
	regula.makeList(s, "attached")
	metadata := object{"room": "12", "team": []any{"red", "blue"}, "floor": 3.0, "desk": object{"left": true}}
	id := regula.make(s, object{"name": "Ann", "metadata": metadata, "groups": []string{regula.groupID(s, "attached")}}, "obama.jpg")
	type labels struct{ Labels []struct{ Key, Value string } }
	told := want[labels](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers/"+id, nil)
	got := map[string][]string{}
	for _, l := range told.Labels {
		got[l.Key] = append(got[l.Key], l.Value)
	}
	if diff := cmp.Diff(map[string][]string{"room": {"12"}, "team": {"red", "blue"}}, got); diff != "" {
		t.Errorf("labels in SmartFace (-want +got):\n%s", diff)
	}
	found := faceSearchDialect{}.search(s, "attached", "obama2.jpg")
	texts := map[string]string{"room": "12", "team": `["red","blue"]`, "floor": "3", "desk": `{"left":true}`}
	if len(found) != 1 || !cmp.Equal(found[0].labels, texts) {
		t.Errorf("face-search finds %+v, want Ann with %v", found, texts)
	}
	back := want[struct{ Metadata object }](s, http.StatusOK, "GET", "/api/persons/"+id, nil)
	if diff := cmp.Diff(metadata, back.Metadata); diff != "" {
		t.Errorf("metadata in Regula (-want +got):\n%s", diff)
	}
}

// testListsOfOneGallery: a watchlist deleted in one dialect is none in the others,
// and its people are.
func testListsOfOneGallery(t *testing.T, s *server) {
	t.Helper()
	var regula regulaDialect
	for name, d := range dialects() {
		list := "deleted by " + name
		d.makeList(s, list)
		id := d.enrol(s, list, name+"'s", nil, "obama.jpg")
		group := "/api/groups/" + regula.groupID(s, list)
		watchlist := "/api/v1/Watchlists/" + escape(smartFaceDialect{}.listID(s, list))
		collection := "/collections/" + escape(list)
		for _, path := range []string{group, watchlist, collection + "/persons"} {
			want[any](s, http.StatusOK, "GET", path, nil)
		}
		want[any](s, http.StatusNoContent, "DELETE", map[string]string{"smartface": watchlist, "regula": group, "facesearch": collection}[name], nil)
		for _, path := range []string{group, watchlist, collection + "/persons"} {
			want[any](s, http.StatusNotFound, "GET", path, nil)
		}
		want[any](s, http.StatusNotFound, "POST", "/face-search", object{"collection_name": list, "face_base_64": portrait(t, "obama2.jpg")})
		want[any](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers/"+escape(id), nil)
	}
}
