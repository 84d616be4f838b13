package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	_ "image/jpeg" // the pictures of people are JPEGs
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// The answers of the Regula dialect, as much of them as the tests read.
type (
	regulaPerson struct {
		ID, Name string
		Groups   []string
		Metadata object
	}
	regulaImage struct {
		ID, ContentType, Path string
	}
	regulaPage[T any] struct {
		Items            []T
		Page, TotalPages int
	}
	regulaFound struct {
		Code    int
		Persons []struct {
			regulaPerson
			Detection struct {
				Idx       int
				Landmarks [][]int
				ROI       []int
			}
			Images []struct {
				regulaImage
				Similarity, Distance float64
			}
		}
	}
)

func content(data string) object { return object{"content": data} }

// names returns who was found, in order.
func (f regulaFound) names() string {
	out := make([]string, 0, len(f.Persons))
	for _, p := range f.Persons {
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

func regulaSearch(s *server, data string, more object) regulaFound {
	s.t.Helper()
	body := object{"image": content(data)}
	maps.Copy(body, more)
	return want[regulaFound](s, http.StatusOK, "POST", "/api/search", body)
}

// TestRegula leads persons, images, groups and searches through their lives.
func TestRegula(t *testing.T) {
	t.Parallel()
	onBoth(t, testRegula)
}

func testRegula(t *testing.T, where storage) {
	t.Helper()
	s := start(t, where)
	t.Run("Default", func(t *testing.T) { regulaDefaults(t, s) })
	group := want[regulaPerson](s, http.StatusCreated, "POST", "/api/groups", object{"name": "Presidents", "metadata": object{"floor": 3}})
	barack := want[regulaPerson](s, http.StatusCreated, "POST", "/api/persons", object{
		"name": "Barack", "metadata": object{"room": "12", "floor": 3}, "groups": []string{strings.ToUpper(group.ID)},
	})
	person := "/api/persons/" + barack.ID
	if got := regulaSearch(s, portrait(t, "obama2.jpg"), nil); len(got.Persons) != 0 {
		t.Errorf("before there is an image: got %s, want nobody", got.names())
	}
	added := want[regulaImage](s, http.StatusOK, "POST", person+"/images", object{"image": content(portrait(t, "obama.jpg"))})

	t.Run("search", func(t *testing.T) { regulaSearches(t, s, barack.ID, added.ID, group.ID) })
	t.Run("picture", func(t *testing.T) {
		status, data, err := s.call("GET", added.Path, nil)
		if err != nil || status != http.StatusOK || encode(data) != portrait(t, "obama.jpg") || added.ContentType != "image/jpeg" {
			t.Errorf("got %d, %d bytes, %v, want the picture as it was added", status, len(data), err)
		}
	})
	t.Run("listings", func(t *testing.T) {
		if got := want[regulaPage[regulaImage]](s, 200, "GET", person+"/images?size=1", nil); got.TotalPages != 1 || len(got.Items) != 1 || got.Items[0] != added {
			t.Errorf("images: got %+v, want %+v", got, added)
		}
		if got := want[regulaPage[regulaPerson]](s, 200, "GET", person+"/groups", nil); len(got.Items) != 1 || got.Items[0].ID != group.ID || got.Items[0].Metadata["floor"] != 3.0 {
			t.Errorf("groups: got %+v, want %s", got, group.ID)
		}
		if got := want[regulaPage[regulaPerson]](s, 200, "GET", "/api/groups/"+group.ID+"/persons", nil); len(got.Items) != 1 || got.Items[0].ID != barack.ID ||
			got.Items[0].Metadata["room"] != "12" || got.Items[0].Metadata["floor"] != 3.0 {
			t.Errorf("persons: got %+v, want %s with metadata", got, barack.ID)
		}
	})
	t.Run("the other dialect", func(t *testing.T) {
		known := want[[]searchAnswer](s, 200, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": portrait(t, "obama2.jpg")}})
		if len(known) != 1 || len(known[0].MatchResults) != 1 || known[0].MatchResults[0].WatchlistMemberID != barack.ID {
			t.Errorf("got %+v, want %s", known, barack.ID)
		}
	})
	t.Run("createPerson", func(t *testing.T) { regulaCreates(t, s, group.ID) })

	want[object](s, http.StatusNoContent, "DELETE", person+"/images/"+added.ID, nil)
	if got := regulaSearch(s, portrait(t, "obama2.jpg"), nil); len(got.Persons) != 0 {
		t.Errorf("without its image: got %s, want nobody", got.names())
	}
	want[regulaImage](s, http.StatusOK, "POST", person+"/images", object{"image": content(portrait(t, "obama.jpg"))})
	if err := s.stop(); err != nil {
		t.Errorf("the server ended with %v, want a clean exit\n%s", err, s.log)
	}
	s = start(t, where)
	if got := regulaSearch(s, portrait(t, "obama2.jpg"), nil); got.names() != "Barack" {
		t.Errorf("after a restart: got %q, want Barack", got.names())
	}
	want[object](s, http.StatusNoContent, "DELETE", person, nil)
	want[object](s, http.StatusNotFound, "DELETE", person, nil)
	want[object](s, http.StatusNotFound, "GET", added.Path, nil)
	if got := regulaSearch(s, portrait(t, "obama2.jpg"), nil); len(got.Persons) != 0 {
		t.Errorf("after the deletion: got %s, want nobody", got.names())
	}
}

// regulaDefaults makes persons side by side, before there is a Default group: it is
// made once.
func regulaDefaults(t *testing.T, s *server) {
	t.Helper()
	var all sync.WaitGroup
	made := make([]regulaPerson, 8)
	for i := range made {
		all.Go(func() {
			status, data, err := s.call("POST", "/api/persons", object{"name": "somebody"})
			if err == nil && status == http.StatusCreated {
				made[i], err = decode[regulaPerson](data)
			}
			if err != nil || len(made[i].Groups) != 1 {
				t.Errorf("got %d %s, %v, want a person in one group", status, data, err)
			}
		})
	}
	all.Wait()
	groups := want[regulaPage[regulaPerson]](s, http.StatusOK, "GET", "/api/groups", nil)
	if len(groups.Items) != 1 || groups.Items[0].Name != "Default" || groups.Items[0].ID != made[0].Groups[0] {
		t.Errorf("got the groups %+v, want Default alone", groups.Items)
	}
	for _, p := range made {
		want[object](s, http.StatusNoContent, "DELETE", "/api/persons/"+p.ID, nil)
	}
}

// regulaSearches searches for one known person in all ways that there are.
func regulaSearches(t *testing.T, s *server, personID, imageID, groupID string) {
	t.Helper()
	got := regulaSearch(s, portrait(t, "obama2.jpg"), object{"groupIds": []string{}, "tag": "s-1"})
	if len(got.Persons) != 1 || got.Persons[0].ID != personID || len(got.Persons[0].Images) != 1 || got.Persons[0].Images[0].ID != imageID {
		t.Fatalf("got %+v, want %s by %s", got, personID, imageID)
	}
	p := got.Persons[0]
	if sim := p.Images[0].Similarity; sim <= 0.75 || sim > 1 || p.Images[0].Distance != 1-sim && p.Images[0].Distance-(1-sim) > 1e-6 {
		t.Errorf("similarity %v, distance %v of one person", sim, p.Images[0].Distance)
	}
	if len(p.Detection.Landmarks) != 5 || len(p.Detection.ROI) != 4 || p.Detection.ROI[2] < 50 {
		t.Errorf("got the detection %+v, want five points and a box", p.Detection)
	}
	other := want[regulaPerson](s, http.StatusCreated, "POST", "/api/groups", object{"name": "Others", "metadata": object{}})
	for name, tt := range map[string]struct {
		picture string
		more    object
		found   string
	}{
		"in its group":       {"obama2.jpg", object{"groupIds": []string{groupID}}, "Barack"},
		"in another group":   {"obama2.jpg", object{"groupIds": []string{other.ID}}, ""},
		"by its name":        {"obama2.jpg", object{"filter": object{"op": "in", "field": "name", "value": []string{"Barack"}}}, "Barack"},
		"by another name":    {"obama2.jpg", object{"filter": object{"op": "in", "field": "name", "value": []string{"Joe"}}}, ""},
		"but not by a name":  {"obama2.jpg", object{"filter": object{"op": "nin", "field": "name", "value": []string{"Barack"}}}, ""},
		"the same picture":   {"obama.jpg", object{"threshold": 0.99}, "Barack"},
		"a stranger":         {"biden.jpg", nil, ""},
		"whoever is nearest": {"biden.jpg", object{"threshold": 0, "limit": 1}, "Barack"},
	} {
		if found := regulaSearch(s, portrait(t, tt.picture), tt.more); found.names() != tt.found {
			t.Errorf("%s: got %q, want %q", name, found.names(), tt.found)
		}
	}
	small := want[regulaFound](s, 200, "POST", "/api/search", object{"image": object{"content": portrait(t, "obama2.jpg"), "resizeOptions": object{"width": 200}}})
	if small.names() != "Barack" || small.Persons[0].Detection.ROI[2] >= min(200, p.Detection.ROI[2]) {
		t.Errorf("resized: got %+v, want Barack in a smaller picture", small)
	}
	log := want[object](s, http.StatusBadRequest, "POST", "/api/search", object{"image": content(encode(greyPNG(t)))})
	if log["type"] != "BadParamsException" || log["msg"] != "no face was found in the picture" {
		t.Errorf("no face: got %v", log)
	}
}

// regulaCreates makes persons by searching for them.
func regulaCreates(t *testing.T, s *server, groupID string) {
	t.Helper()
	body := object{"image": content(portrait(t, "biden.jpg")), "groupIds": []string{groupID}, "createPerson": object{"name": "Joe", "metadata": object{"n": 46}}}
	made := want[regulaPerson](s, http.StatusCreated, "POST", "/api/search", body)
	if made.Name != "Joe" || len(made.Groups) != 1 || made.Groups[0] != groupID || made.Metadata["n"] != 46.0 {
		t.Errorf("got %+v, want Joe in the group that was searched", made)
	}
	again := want[regulaFound](s, http.StatusOK, "POST", "/api/search", body)
	if len(again.Persons) != 1 || again.Persons[0].ID != made.ID {
		t.Errorf("again: got %+v, want who was made", again)
	}
	want[object](s, http.StatusNoContent, "DELETE", "/api/persons/"+made.ID, nil)
	body["createPerson"], body["groupIds"] = object{"name": "Joe", "ttl": 1}, nil
	made = want[regulaPerson](s, http.StatusCreated, "POST", "/api/search", body)
	for deadline := time.Now().Add(20 * time.Second); ; {
		status, _, err := s.call("GET", "/api/persons/"+made.ID, nil)
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("a person with a life of one second is still there: %d, %v", status, err)
		}
		if status == http.StatusNotFound {
			break
		}
	}
	if got := regulaSearch(s, portrait(t, "biden.jpg"), nil); len(got.Persons) != 0 {
		t.Errorf("after its end: got %s, want nobody", got.names())
	}
}

// TestRegulaGroupPicture takes the face in the middle, and all of them if asked.
func TestRegulaGroupPicture(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	crowd := pictureOf(t, "six_people.jpg")
	made := want[regulaPerson](s, http.StatusCreated, "POST", "/api/search", object{"image": content(crowd), "createPerson": object{"name": "the middle"}})
	one := regulaSearch(s, crowd, object{"threshold": 0.95})
	all := regulaSearch(s, crowd, object{"threshold": 0, "detectAll": true})
	if len(one.Persons) != 1 || one.Persons[0].ID != made.ID || len(all.Persons) != 6 {
		t.Fatalf("got %+v and %+v, want the one in the middle, and each of six against it", one, all)
	}
	best := all.Persons[0]
	if best.Images[0].Similarity < 0.95 || all.Persons[1].Images[0].Similarity > 0.75 {
		t.Errorf("got %v and then %v, want one of six alike", best.Images[0].Similarity, all.Persons[1].Images[0].Similarity)
	}
	for _, p := range all.Persons[1:] {
		if fromMiddle(t, crowd, p.Detection.ROI) <= fromMiddle(t, crowd, best.Detection.ROI) {
			t.Errorf("got the face at %v, but the one at %v is nearer to the middle", best.Detection.ROI, p.Detection.ROI)
		}
	}
}

// fromMiddle returns how far, in px, a box is from the middle of a picture.
func fromMiddle(t *testing.T, picture string, roi []int) float64 {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(picture)
	if err != nil {
		t.Fatal(err)
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := func(from, length, middle int) float64 { return float64(max(from-middle, middle-from-length, 0)) }
	return math.Hypot(out(roi[0], roi[2], size.Width/2), out(roi[1], roi[3], size.Height/2))
}

// TestRegulaImageURL fetches from a listed host alone.
func TestRegulaImageURL(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(root, "docs", "portraits", "obama.jpg"))
	}))
	t.Cleanup(site.Close)
	host := strings.TrimPrefix(site.URL, "http://")
	s := start(t, embedded(t), "--image-urls=private:"+host)
	made := want[regulaPerson](s, http.StatusCreated, "POST", "/api/persons", object{"name": "Barack"})
	want[regulaImage](s, http.StatusOK, "POST", "/api/persons/"+made.ID+"/images", object{"image": object{"imageUrl": site.URL + "/obama.jpg"}})
	if got := want[regulaFound](s, 200, "POST", "/api/search", object{"image": object{"imageUrl": site.URL + "/again.jpg"}}); got.names() != "Barack" {
		t.Errorf("got %q, want Barack", got.names())
	}
	for _, address := range []string{"http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "http://localhost:1/", s.url + "/healthz"} {
		log := want[object](s, http.StatusBadRequest, "POST", "/api/search", object{"image": object{"imageUrl": address}})
		if log["msg"] != "image.imageUrl: the picture at this address cannot be had" {
			t.Errorf("%s: got %v, want the one refusal", address, log)
		}
	}
}

// TestLivenessTransactions looks up what SpoofCheck and Search recorded.
func TestLivenessTransactions(t *testing.T) {
	t.Parallel()
	onBoth(t, testLivenessTransactions)
}

func testLivenessTransactions(t *testing.T, where storage) {
	t.Helper()
	s := start(t, where)
	type info struct {
		Code, Type    int
		Status        *int
		Tag           string
		TransactionID string
	}
	for name, live := range map[string]bool{"live_1.jpg": true, "attack_1.jpg": false} {
		for _, path := range []string{"/api/v1/Faces/SpoofCheck", "/api/v1/Watchlists/Search"} {
			id := header(s, path, "X-Facekeep-Transaction-Id", object{
				"image": object{"data": spoofPicture(t, name)}, "faceDetectorConfig": largestFace(), "spoofDetectorResourceIds": bothChecks,
				"spoofCheckConfig": object{"distantLivenessConditions": anyFace, "nearbyLivenessConditions": anyFace},
			})
			got := want[info](s, http.StatusOK, "GET", "/api/v2/liveness?transactionId="+id, nil)
			if got.Status == nil || (*got.Status == 0) != live || (got.Code == 0) != live || got.Type != 1 || got.Tag == "" || got.TransactionID != id {
				t.Errorf("%s by %s: got %+v, want it live: %t", name, path, got, live)
			}
		}
	}
	want[object](s, http.StatusNotFound, "GET", "/api/v2/liveness?transactionId=ffffffff-ffff-4fff-bfff-ffffffffffff", nil)
}

// header posts a request that must succeed, and returns a header of the answer.
func header(s *server, path, name string, body object) string {
	s.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.Post(s.url+path, "application/json", bytes.NewReader(data))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: status %d", path, res.StatusCode)
	}
	return res.Header.Get(name)
}
