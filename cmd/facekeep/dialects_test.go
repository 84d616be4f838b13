package main_test

import (
	"maps"
	"net/http"
	"slices"

	"github.com/facekeep/facekeep/face"
)

// dialect is what the tests of the one gallery do in each of its dialects. Lists are
// called by their name, and pictures are files of docs/portraits.
type dialect interface {
	// makeList makes a watchlist, group or collection.
	makeList(s *server, list string)
	// enrol enrols a person with labels, by a picture, and returns the id.
	enrol(s *server, list, name string, labels map[string]string, picture string) string
	// search returns who is found for a picture in a list, nearest first.
	search(s *server, list, picture string) []sighting
	// names returns the names of all who are on a list.
	names(s *server, list string) []string
	// pictures returns how many pictures of a person can be had, by the person's id.
	pictures(s *server, id string) int
	// erase deletes a person.
	erase(s *server, id string)
}

// sighting is a person found, as one dialect tells it.
type sighting struct {
	id, name string
	labels   map[string]string
	score    face.Score
}

func dialects() map[string]dialect {
	return map[string]dialect{"smartface": smartFaceDialect{}, "regula": regulaDialect{}, "facesearch": faceSearchDialect{}}
}

// everyDialect is dialects in an order.
func everyDialect() []string { return slices.Sorted(maps.Keys(dialects())) }

// converted is a slice with each element converted.
func converted[A, B any](in []A, convert func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, v := range in {
		out = append(out, convert(v))
	}
	return out
}

// page is a page of any listing of SmartFace and Regula.
type page[T any] struct{ Items []T }

// smartFaceDialect calls lists by the id that their name spells.
type smartFaceDialect struct{}

func (smartFaceDialect) makeList(s *server, list string) { watchlist(s, list) }

// listID returns the id of the watchlist of a name, whoever made it.
func (smartFaceDialect) listID(s *server, list string) string {
	type item struct{ ID, FullName string }
	all := want[page[item]](s, http.StatusOK, "GET", "/api/v1/Watchlists?PageSize=1000", nil)
	for _, w := range all.Items {
		if w.FullName == list {
			return w.ID
		}
	}
	s.t.Fatalf("SmartFace lists no watchlist %s: %+v", list, all.Items)
	return ""
}

func (d smartFaceDialect) enrol(s *server, list, name string, labels map[string]string, picture string) string {
	body := register("free id of "+name, portrait(s.t, picture), d.listID(s, list))
	body["fullName"], body["labels"] = name, []object{}
	for key, value := range labels {
		body["labels"] = append(body["labels"].([]object), object{"key": key, "value": value})
	}
	return want[struct{ ID string }](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", body).ID
}

func (d smartFaceDialect) search(s *server, list, picture string) []sighting {
	type match struct {
		Score                       float64
		WatchlistMemberID, FullName string
		Labels                      []struct{ Key, Value string }
	}
	faces := want[[]struct{ MatchResults []match }](s, http.StatusOK, "POST", searchPath, object{
		"image": object{"data": portrait(s.t, picture)}, "watchlistIds": []string{d.listID(s, list)}, "maxResultCount": 10,
	})
	var out []sighting
	for _, f := range faces {
		for _, m := range f.MatchResults {
			labels := map[string]string{}
			for _, l := range m.Labels {
				labels[l.Key] = l.Value
			}
			out = append(out, sighting{id: m.WatchlistMemberID, name: m.FullName, labels: labels, score: face.Score(m.Score)})
		}
	}
	return out
}

func (d smartFaceDialect) names(s *server, list string) []string {
	type item struct{ FullName string }
	all := want[page[item]](s, http.StatusOK, "GET", "/api/v1/Watchlists/"+d.listID(s, list)+"/WatchlistMembers", nil)
	return converted(all.Items, func(m item) string { return m.FullName })
}

func (smartFaceDialect) pictures(s *server, id string) int {
	type item struct{ ImageDataID string }
	n := 0
	for _, f := range want[page[item]](s, http.StatusOK, "GET", "/api/v1/WatchlistMembers/"+escape(id)+"/Faces", nil).Items {
		if status, _, err := s.call("GET", "/api/v1/Images/"+f.ImageDataID, nil); err == nil && status == http.StatusOK {
			n++
		}
	}
	return n
}

func (smartFaceDialect) erase(s *server, id string) {
	want[any](s, http.StatusNoContent, "DELETE", "/api/v1/WatchlistMembers/"+escape(id), nil)
}

// regulaDialect knows lists and people by UUIDs.
type regulaDialect struct{}

func (regulaDialect) makeList(s *server, list string) {
	want[any](s, http.StatusCreated, "POST", "/api/groups", object{"name": list, "metadata": object{}})
}

// groupID returns the id of the group of a name, whoever made it.
func (regulaDialect) groupID(s *server, list string) string {
	type item struct{ ID, Name string }
	all := want[page[item]](s, http.StatusOK, "GET", "/api/groups", nil)
	for _, g := range all.Items {
		if g.Name == list {
			return g.ID
		}
	}
	s.t.Fatalf("Regula lists no group %s: %+v", list, all.Items)
	return ""
}

func (d regulaDialect) enrol(s *server, list, name string, labels map[string]string, picture string) string {
	person := object{"name": name, "metadata": labels, "groups": []string{d.groupID(s, list)}}
	return d.make(s, person, picture)
}

// make makes a person with a picture.
func (regulaDialect) make(s *server, person object, picture string) string {
	id := want[struct{ ID string }](s, http.StatusCreated, "POST", "/api/persons", person).ID
	want[any](s, http.StatusOK, "POST", "/api/persons/"+id+"/images", object{"image": object{"content": portrait(s.t, picture)}})
	return id
}

func (d regulaDialect) search(s *server, list, picture string) []sighting {
	type person struct {
		ID, Name string
		Metadata map[string]string
		Images   []struct{ Similarity float64 }
	}
	found := want[struct{ Persons []person }](s, http.StatusOK, "POST", "/api/search", object{
		"image": object{"content": portrait(s.t, picture)}, "groupIds": []string{d.groupID(s, list)},
	})
	return converted(found.Persons, func(p person) sighting {
		if len(p.Images) == 0 {
			s.t.Fatalf("Regula's search finds %s without an image", p.Name)
		}
		return sighting{id: p.ID, name: p.Name, labels: p.Metadata, score: face.ScoreOfSimilarity(p.Images[0].Similarity)}
	})
}

func (d regulaDialect) names(s *server, list string) []string {
	type item struct{ Name string }
	all := want[page[item]](s, http.StatusOK, "GET", "/api/groups/"+d.groupID(s, list)+"/persons", nil)
	return converted(all.Items, func(p item) string { return p.Name })
}

func (regulaDialect) pictures(s *server, id string) int {
	type item struct{ ID string }
	n := 0
	for _, i := range want[page[item]](s, http.StatusOK, "GET", "/api/persons/"+id+"/images", nil).Items {
		if status, _, err := s.call("GET", "/api/persons/"+id+"/images/"+i.ID, nil); err == nil && status == http.StatusOK {
			n++
		}
	}
	return n
}

func (regulaDialect) erase(s *server, id string) {
	want[any](s, http.StatusNoContent, "DELETE", "/api/persons/"+id, nil)
}

// faceSearchDialect calls lists by their name.
type faceSearchDialect struct{}

func (faceSearchDialect) makeList(s *server, list string) {
	want[any](s, http.StatusCreated, "POST", "/collections", object{"collection_name": list})
}

func (faceSearchDialect) enrol(s *server, list, name string, labels map[string]string, picture string) string {
	return want[struct {
		PersonID string `json:"person_id"`
	}](s, http.StatusCreated, "POST", "/collections/"+escape(list)+"/persons", object{
		"person_name": name, "metadata": labels, "faces_base_64": []string{portrait(s.t, picture)},
	}).PersonID
}

func (faceSearchDialect) search(s *server, list, picture string) []sighting {
	type hit struct {
		PersonID   string  `json:"person_id"`
		PersonName string  `json:"person_name"`
		Similarity float64 `json:"similarity_score"`
		Metadata   map[string]string
	}
	found := want[[]hit](s, http.StatusOK, "POST", "/face-search", object{
		"collection_name": list, "face_base_64": portrait(s.t, picture), "max_results": 10,
	})
	return converted(found, func(h hit) sighting {
		return sighting{id: h.PersonID, name: h.PersonName, labels: h.Metadata, score: face.ScoreOfSimilarity(h.Similarity)}
	})
}

func (faceSearchDialect) names(s *server, list string) []string {
	type person struct {
		PersonName string `json:"person_name"`
	}
	all := want[struct{ Persons []person }](s, http.StatusOK, "GET", "/collections/"+escape(list)+"/persons", nil)
	return converted(all.Persons, func(p person) string { return p.PersonName })
}

func (faceSearchDialect) pictures(s *server, id string) int {
	type item struct {
		Face []byte `json:"face_base_64"`
	}
	n := 0
	for _, f := range want[struct{ Faces []item }](s, http.StatusOK, "GET", "/persons/"+escape(id), nil).Faces {
		if len(f.Face) > 0 {
			n++
		}
	}
	return n
}

func (faceSearchDialect) erase(s *server, id string) {
	want[any](s, http.StatusNoContent, "DELETE", "/persons/"+escape(id), nil)
}
