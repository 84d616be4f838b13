package main_test

import (
	"maps"
	"math"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// TestOneGallery: what one dialect does, the others see.
func TestOneGallery(t *testing.T) {
	t.Parallel()
	onBoth(t, testOneGallery)
}

func testOneGallery(t *testing.T, where storage) {
	t.Helper()
	s := watched(t, start(t, where))
	s.key = keyTool{t, where.args[0]}.create("--name=test", "--role=admin")
	t.Run("people", func(t *testing.T) { testPeopleOfOneGallery(t, s.of(t)) })
	t.Run("changes", func(t *testing.T) { testChangesInOneGallery(t, s.of(t)) })
	t.Run("metadata", func(t *testing.T) { testMetadataOfOneGallery(t, s.of(t)) })
	t.Run("lists", func(t *testing.T) { testListsOfOneGallery(t, s.of(t)) })
}

// testPeopleOfOneGallery enrols a person in each dialect, finds the person in all of
// them, and deletes in each.
func testPeopleOfOneGallery(t *testing.T, s *server) {
	t.Helper()
	all := dialects()
	for _, enrolling := range everyDialect() {
		list := "made by " + enrolling
		all[enrolling].makeList(s, list)
		for _, erasing := range everyDialect() {
			t.Run(enrolling+" enrols, "+erasing+" deletes", func(t *testing.T) {
				s := s.of(t)
				name, labels := "Barack of "+erasing, map[string]string{"room": "12", "floor": "ground"}
				id := all[enrolling].enrol(s, list, name, labels, "obama.jpg")
				ids := isFound(s, list, sighting{name: name, labels: labels})
				if ids[enrolling] != id {
					t.Errorf("%s enrolled %s and found %s, want one id", enrolling, id, ids[enrolling])
				}
				sameIDs(t, ids)
				all[erasing].erase(s, ids[erasing])
				isGone(s, list, ids)
			})
		}
	}
}

// isFound wants a person to be the only one of a list, found alike in every dialect
// by another picture, and returns the ids under which they know the person.
func isFound(s *server, list string, who sighting) map[string]string {
	s.t.Helper()
	ids, scores := map[string]string{}, map[string]float64{}
	for name, d := range dialects() {
		found := d.search(s, list, "obama2.jpg")
		if len(found) != 1 || found[0].name != who.name || !maps.Equal(found[0].labels, who.labels) {
			s.t.Fatalf("%s finds %+v, want %s with %v alone", name, found, who.name, who.labels)
		}
		ids[name], scores[name] = found[0].id, float64(found[0].score)
		if diff := cmp.Diff([]string{who.name}, d.names(s, list)); diff != "" {
			s.t.Errorf("%s lists (-want +got):\n%s", name, diff)
		}
		if n := d.pictures(s, found[0].id); n != 1 {
			s.t.Errorf("%s has %d pictures of the person, want 1", name, n)
		}
		if stranger := d.search(s, list, "biden.jpg"); len(stranger) != 0 {
			s.t.Errorf("%s finds %+v for a stranger, want nobody", name, stranger)
		}
	}
	// SmartFace rounds the score that the others tell as a similarity, and each dialect
	// looks for faces of another least size: a detector may see the picture at another
	// scale, and put the eyes elsewhere by a trifle.
	for name, score := range scores {
		if math.Abs(score-scores["smartface"]) > 3 {
			s.t.Errorf("%s tells a score of %.3f, SmartFace one of %v: want much the same", name, score, scores["smartface"])
		}
	}
	if scores["smartface"] <= 40 {
		s.t.Errorf("a score of %v for one person, want more than 40", scores["smartface"])
	}
	return ids
}

// sameIDs wants one id in all dialects, but that Regula shows a UUID for an id that
// is none.
func sameIDs(t *testing.T, ids map[string]string) {
	t.Helper()
	if ids["facesearch"] != ids["smartface"] {
		t.Errorf("face-search knows the person as %s, SmartFace as %s: want one id", ids["facesearch"], ids["smartface"])
	}
	if _, err := uuid.Parse(ids["regula"]); err != nil {
		t.Errorf("Regula knows the person as %s, want a UUID", ids["regula"])
	}
	if _, err := uuid.Parse(ids["smartface"]); err == nil && ids["regula"] != ids["smartface"] {
		t.Errorf("Regula knows the person as %s, SmartFace as %s: want one id", ids["regula"], ids["smartface"])
	}
}

// isGone wants nothing of a deleted person to be left in any dialect.
func isGone(s *server, list string, ids map[string]string) {
	s.t.Helper()
	for name, d := range dialects() {
		if found := d.search(s, list, "obama2.jpg"); len(found) != 0 {
			s.t.Errorf("%s finds %+v, want nobody", name, found)
		}
		if names := d.names(s, list); len(names) != 0 {
			s.t.Errorf("%s lists %v, want nobody", name, names)
		}
	}
	for _, path := range []string{
		"/api/v1/WatchlistMembers/" + escape(ids["smartface"]),
		"/api/persons/" + ids["regula"],
		"/api/persons/" + ids["regula"] + "/images",
		"/persons/" + escape(ids["facesearch"]),
	} {
		want[any](s, http.StatusNotFound, "GET", path, nil)
	}
}

// TestAPersonExpires: a person that Regula made for a time is gone from every
// dialect after it, pictures and templates too.
func TestAPersonExpires(t *testing.T) {
	t.Parallel()
	onBoth(t, testAPersonExpires)
}

func testAPersonExpires(t *testing.T, where storage) {
	t.Helper()
	s := watched(t, start(t, where))
	s.key = keyTool{t, where.args[0]}.create("--name=test", "--role=admin")
	var regula regulaDialect
	regula.makeList(s, "guests")
	before := rows(t, where)
	group := regula.groupID(s, "guests")
	made := time.Now()
	id := regula.make(s, object{"name": "Guest", "groups": []string{group}, "metadata": object{"room": "12"}, "ttl": 6}, "obama.jpg")
	ids := isFound(s, "guests", sighting{name: "Guest", labels: map[string]string{"room": "12"}})
	until(t, made.Add(20*time.Second), func() bool {
		status, _, err := s.call("GET", "/api/persons/"+id, nil)
		return err == nil && status == http.StatusNotFound
	})
	if lived := time.Since(made); lived < 6*time.Second {
		t.Errorf("the person lived for %v, want 6 s", lived)
	}
	isGone(s, "guests", ids)
	until(t, made.Add(60*time.Second), func() bool { return cmp.Equal(before, rows(t, where)) })
}

// until wants a condition to come true before a time.
func until(t *testing.T, deadline time.Time, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		if now := <-tick.C; now.After(deadline) {
			t.Fatal("it did not come to be")
		}
	}
}

func escape(id string) string { return url.PathEscape(id) }
