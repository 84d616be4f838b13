package smartface_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// textEngine reads pictures that say who is in them: names of people parted by
// "|", the largest face first. A person is a letter a…d; all others are nobody
// in particular. "" holds no face.
type textEngine struct{}

const textLabel face.TemplateLabel = "text@1"

func (textEngine) Fit(context.Context, []byte, face.Fitting) (face.Image, error) {
	return face.Image{}, errors.New("not used here")
}

func (textEngine) Label() face.TemplateLabel { return textLabel }

func (textEngine) Inspect(_ context.Context, data []byte, o face.InspectOptions) (face.Inspection, error) {
	text, ok := strings.CutPrefix(string(data), "picture:")
	if !ok {
		return face.Inspection{}, face.Errorf(face.Invalid, "not a JPEG, PNG or WebP picture")
	}
	out := face.Inspection{Width: 640, Height: 480}
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' }) {
		if o.MaxFaces > 0 && len(out.Faces) == o.MaxFaces {
			break
		}
		found := face.Inspected{Finding: sampleFinding(), Template: &face.Template{Label: textLabel, Vector: make([]float32, 5), Quality: 187}}
		found.Template.Vector[strings.Index("abcd", name)+1] = 1
		if o.Crops {
			found.CropImage = &face.Image{MediaType: "image/jpeg", Width: 100, Height: 100, Data: []byte("crop of " + name)}
		}
		out.Faces = append(out.Faces, found)
	}
	return out, nil
}

func (textEngine) Resize(_ context.Context, jpeg []byte, minEdge, maxEdge int) ([]byte, int, int, error) {
	return fmt.Appendf(slices.Clip(jpeg), " at %d…%d", minEdge, maxEdge), 1, 1, nil
}

// newGallery is a gallery on a real database and a real index.
func newGallery(t *testing.T) *gallery.Gallery {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	rows, err := repository.Open(t.Context(), repository.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	})
	index := exact.New()
	position, err := indexsync.Load(t.Context(), rows, index, log)
	if err != nil {
		t.Fatal(err)
	}
	return gallery.New(gallery.Parts{
		Repository: rows, Index: index, Sync: indexsync.NewRelay(rows, index, position, log), Engine: textEngine{},
		Calibrations: face.Calibrations{textLabel: {Label: textLabel, Knots: []face.Knot{{Cosine: -1, Score: 0}, {Cosine: 1, Score: 100}}}},
	})
}

func picture(names string) string {
	return base64.StdEncoding.EncodeToString([]byte("picture:" + names))
}

// client speaks to a server as the web client does, and expects statuses.
type client struct {
	*server
	t *testing.T
}

func (c client) expect(status int, method, target, body, route string) map[string]any {
	c.t.Helper()
	if route == "" {
		route = target
	}
	rec := c.do(c.t, method, target, body, route)
	if rec.Code != status {
		c.t.Fatalf("%s %s: got %d %s, want %d", method, target, rec.Code, rec.Body, status)
	}
	var out map[string]any
	if body := rec.Body.Bytes(); len(body) > 0 && body[0] == '{' {
		if err := json.Unmarshal(body, &out); err != nil {
			c.t.Fatal(err)
		}
	}
	return out
}

// who returns "watchlist/member" of each match of each face.
func (c client) who(body string) [][]string {
	c.t.Helper()
	rec := c.do(c.t, http.MethodPost, searchPath, body, searchPath)
	if rec.Code != http.StatusOK {
		c.t.Fatalf("search: got %d %s, want 200", rec.Code, rec.Body)
	}
	var found []struct {
		MatchResults []struct {
			WatchlistID, WatchlistMemberID string
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &found); err != nil {
		c.t.Fatal(err)
	}
	out := make([][]string, len(found))
	for i, f := range found {
		out[i] = []string{}
		for _, m := range f.MatchResults {
			out[i] = append(out[i], m.WatchlistID+"/"+m.WatchlistMemberID)
		}
	}
	return out
}

func (c client) wantWho(want [][]string, names, more string) {
	c.t.Helper()
	got := c.who(`{"image":{"data":"` + picture(names) + `"},"threshold":60` + more + `}`)
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("search for %q%s: -want +got\n%s", names, more, diff)
	}
}

func (c client) register(status int, id, lists, names, more string) map[string]any {
	c.t.Helper()
	body := `{"id":"` + id + `","watchlistIds":[` + lists + `],"images":[{"data":"` + picture(names) + `"}]` + more + `}`
	return c.expect(status, http.MethodPost, registerPath, body, "")
}

// One life: made, enrolled, found, linked, unlinked, deleted, and never found
// where it should not be.
func TestLife(t *testing.T) {
	t.Parallel()
	c := client{server: newServer(t, newGallery(t)), t: t}
	for _, id := range []string{"one", "two/2"} {
		c.expect(200, "PUT", listsPath, `{"id":"`+id+`","displayName":"`+id+`","fullName":""}`, "")
	}
	c.wantWho([][]string{{}}, "a", "")
	made := c.register(201, "anna", `"one"`, "a", `,"displayName":"Anna","labels":[{"key":"k","value":"v"},{"key":"k","value":"w"}]`)
	c.register(201, "bert", `"one","two/2"`, "b", "")
	generatedID, _ := c.register(201, "", `"two/2"`, "c", "")["id"].(string)
	if generatedID == "" {
		t.Fatal("Register without an id made none")
	}

	c.wantWho([][]string{{"one/anna"}}, "a", "")
	c.wantWho([][]string{{"one/bert"}, {"two/2/" + generatedID}, {}, {"one/anna"}}, "b|c|d|a", "")
	c.wantWho([][]string{{"one/bert", "two/2/bert"}}, "b", `,"maxResultCount":10`)
	c.wantWho([][]string{{}}, "a", `,"watchlistIds":["two/2"]`)
	c.wantWho([][]string{{}}, "a", `,"threshold":100`)

	faceOfAnna := made["faces"].([]any)[0].(map[string]any)
	image := c.do(t, "GET", "/api/v1/images/"+faceOfAnna["imageDataId"].(string)+"?maxSize=50", "", "/api/v1/Images/{id}")
	if got := image.Body.String(); got != "crop of a at 0…50" {
		t.Errorf("image: got %q", got)
	}
	if faces := c.expect(200, "GET", membersPath+"/anna/Faces", "", membersPath+"/{id}/Faces"); !cmp.Equal(faces["items"], made["faces"]) {
		t.Errorf("faces: -registered +listed\n%s", cmp.Diff(made["faces"], faces["items"]))
	}

	faces := membersPath + "/{id}/"
	added := c.expect(201, "POST", membersPath+"/anna/AddNewFace", `{"imageData":{"data":"`+picture("d")+`"}}`, faces+"AddNewFace")
	wantFields(t, added, map[string]any{"trackletId": faceOfAnna["trackletId"], "faceOrder": 1., "facesOnFrameCount": 1., "state": "Extracted", "type": "Regular"})
	c.wantWho([][]string{{"one/anna"}, {"one/anna"}}, "a|d", "")
	removal := `{"faceId":"` + added["id"].(string) + `"}`
	c.expect(409, "POST", membersPath+"/bert/AddFaceFromSystem", removal, faces+"AddFaceFromSystem")
	c.expect(404, "POST", membersPath+"/bert/RemoveFace", removal, faces+"RemoveFace")
	c.expect(204, "POST", membersPath+"/anna/RemoveFace", removal, faces+"RemoveFace")
	c.wantWho([][]string{{"one/anna"}, {}}, "a|d", "")
	c.expect(404, "POST", membersPath+"/anna/RemoveFace", removal, faces+"RemoveFace")
	c.expect(404, "POST", membersPath+"/bert/AddFaceFromSystem", removal, faces+"AddFaceFromSystem")
	c.expect(404, "GET", "/api/v1/Images/"+added["imageDataId"].(string), "", "/api/v1/Images/{id}")

	link := `{"watchlistId":"two/2","watchlistMembersIds":["anna"]}`
	c.expect(204, "POST", linkPath, link, "")
	c.expect(204, "POST", linkPath, link, "")
	c.wantWho([][]string{{"two/2/anna"}}, "a", `,"watchlistIds":["two/2"]`)
	members := c.expect(200, "GET", listsPath+"/two%2F2/watchlistmembers/?ShowTotalCount=true&PageSize=2", "", listsPath+"/{id}/WatchlistMembers")
	if members["totalItemsCount"] != 3. || members["nextPage"] != "/api/v1/Watchlists/two%2F2/WatchlistMembers?PageNumber=2&PageSize=2&ShowTotalCount=true" {
		t.Errorf("members: got %v", members)
	}
	next := c.expect(200, "GET", members["nextPage"].(string), "", listsPath+"/{id}/WatchlistMembers")
	if len(next["items"].([]any)) != 1 || next["nextPage"] != nil {
		t.Errorf("next page: got %v", next)
	}
	c.expect(204, "POST", membersPath+"/UnlinkFromWatchlist", link, "")
	c.wantWho([][]string{{}}, "a", `,"watchlistIds":["two/2"]`)

	c.expect(204, "DELETE", listsPath+"/one", "", listsPath+"/{id}")
	c.wantWho([][]string{{}}, "a", "")
	c.wantWho([][]string{{"two/2/bert"}}, "b", "")
	c.expect(404, "DELETE", listsPath+"/one", "", listsPath+"/{id}")
	c.expect(200, "GET", membersPath+"/anna", "", membersPath+"/{id}")
	c.expect(204, "DELETE", membersPath+"/bert", "", membersPath+"/{id}")
	c.wantWho([][]string{{}}, "b", "")
	c.expect(404, "GET", membersPath+"/bert", "", membersPath+"/{id}")
}

// What the gallery refuses reaches the client with the contract's status, and
// leaves nothing behind.
func TestRefusedByTheGallery(t *testing.T) {
	t.Parallel()
	c := client{server: newServer(t, newGallery(t)), t: t}
	c.expect(200, "PUT", listsPath, `{"id":"one","displayName":"One","fullName":"One"}`, "")
	made := c.register(201, "anna", `"one"`, "a", "")
	faceID, _ := made["faces"].([]any)[0].(map[string]any)["id"].(string)
	long := strings.Repeat("é", 201)
	photo := `"image":{"data":"` + picture("a") + `"}`
	tests := []struct {
		name, method, path, body string
		status                   int
		detail                   string
	}{
		{"threshold of a list above 100", "POST", listsPath, `{"displayName":"A","fullName":"A","threshold":101}`, 400, "threshold"},
		{"threshold of a list below 0", "PUT", listsPath, `{"id":"x","displayName":"A","fullName":"A","threshold":-1}`, 400, "threshold"},
		{"a name too long", "POST", listsPath, `{"displayName":"` + long + `","fullName":"A"}`, 400, "displayName"},
		{"a colour that is none", "POST", listsPath, `{"displayName":"A","fullName":"A","previewColor":"green"}`, 400, "previewColor"},
		{"a note too long", "POST", membersPath, `{"note":"` + strings.Repeat("n", 4097) + `"}`, 400, "note"},
		{"a label key too long", "POST", membersPath, `{"labels":[{"key":"` + long + `","value":""}]}`, 400, "labels[0].key"},
		{"unknown watchlist", "POST", registerPath, `{"watchlistIds":["one","nope"],"images":[{"data":"` + picture("b") + `"}]}`, 400, "nope"},
		{"a member that exists", "POST", registerPath, `{"id":"anna","watchlistIds":["one"],"images":[{"data":"` + picture("b") + `"}]}`, 409, "anna"},
		{"a face that exists", "POST", registerPath, `{"watchlistIds":["one"],"images":[{"faceId":"` + faceID + `","data":"` + picture("b") + `"}]}`, 409, faceID},
		{"no face", "POST", registerPath, `{"id":"b","watchlistIds":["one"],"images":[{"data":"` + picture("") + `"}]}`, 400, "no face"},
		{"two faces", "POST", registerPath, `{"id":"b","watchlistIds":["one"],"images":[{"data":"` + picture("b|c") + `"}]}`, 400, "2 faces"},
		{"two faces in the second picture", "POST", registerPath, `{"id":"b","watchlistIds":["one"],"images":[{"data":"` + picture("b") + `"},{"data":"` + picture("b|c|d") + `"}]}`, 400, "3 faces"},
		{"no picture", "POST", registerPath, `{"id":"b","watchlistIds":["one"],"images":[{"data":"QUJD"}]}`, 400, "not a JPEG, PNG or WebP picture"},
		{"search of an unknown watchlist", "POST", searchPath, `{` + photo + `,"watchlistIds":["one","nope"]}`, 404, "Watchlists with specified ids were not found."},
		{"search for nobody", "POST", searchPath, `{"image":{"data":"` + picture("") + `"}}`, 400, "no face"},
		{"search in no picture", "POST", searchPath, `{"image":{"data":"QUJD"}}`, 400, "not a JPEG, PNG or WebP picture"},
		{"verify of nobody", "POST", verifyPath, `{"probeImage":{` + photo + `},"referenceImage":{"image":{"data":"` + picture("") + `"}}}`, 400, "reference"},
		{"link to an unknown watchlist", "POST", linkPath, `{"watchlistId":"nope","watchlistMembersIds":["anna"]}`, 404, "nope"},
		{"link of an unknown member", "POST", linkPath, `{"watchlistId":"one","watchlistMembersIds":["anna","nobody"]}`, 404, "nobody"},
		{"unlink of an unknown member", "POST", membersPath + "/UnlinkFromWatchlist", `{"watchlistId":"one","watchlistMembersIds":["anna","nobody"]}`, 404, "nobody"},
	}
	for _, tt := range tests {
		got, _ := c.expect(tt.status, tt.method, tt.path, tt.body, "")["detail"].(string)
		if !strings.Contains(got, tt.detail) {
			t.Errorf("%s: detail %q, want it to tell of %q", tt.name, got, tt.detail)
		}
	}
	c.expect(404, "GET", listsPath+"/nope", "", listsPath+"/{id}")
	c.expect(404, "DELETE", membersPath+"/nobody", "", membersPath+"/{id}")
	c.expect(404, "GET", "/api/v1/Images/"+faceID, "", "/api/v1/Images/{id}")
	for _, path := range []string{listsPath + "/nope/WatchlistMembers", membersPath + "/nobody/Faces"} {
		route := strings.NewReplacer("nope", "{id}", "nobody", "{id}").Replace(path)
		if page := c.expect(200, "GET", path, "", route); !cmp.Equal(page["items"], []any{}) {
			t.Errorf("%s: got %v, want an empty page", path, page)
		}
	}
	for path, want := range map[string]float64{listsPath: 1, membersPath: 1} {
		if page := c.expect(200, "GET", path+"?ShowTotalCount=true", "", path); page["totalItemsCount"] != want {
			t.Errorf("%s: %v left, want %v", path, page["totalItemsCount"], want)
		}
	}
	c.wantWho([][]string{{"one/anna"}, {}}, "a|b", "")
	c.register(201, "two", `"one"`, "b|c", `,"faceDetectorConfig":{"maxFaces":1}`)
	c.wantWho([][]string{{"one/two"}, {}}, "b|c", "")
}

// A member's PUT replaces what it says, and says when.
func TestUpsert(t *testing.T) {
	t.Parallel()
	c := client{server: newServer(t, newGallery(t)), t: t}
	first := c.expect(200, "PUT", membersPath, `{"id":"a+b c","displayName":"A","note":"n","labels":[{"key":"k","value":"v"}]}`, "")
	if first["updatedAt"] != nil {
		t.Errorf("made: updatedAt %v, want null", first["updatedAt"])
	}
	second := c.expect(200, "PUT", membersPath, `{"id":"a+b c","fullName":"B"}`, "")
	wantFields(t, second, map[string]any{
		"displayName": nil, "fullName": "B", "note": nil, "labels": []any{}, "createdAt": first["createdAt"],
	})
	if second["updatedAt"] == nil {
		t.Error("updated: updatedAt is null")
	}
	if got := c.expect(200, "GET", membersPath+"/a+b%20c", "", membersPath+"/{id}"); !cmp.Equal(got, second) {
		t.Errorf("-put +got\n%s", cmp.Diff(second, got))
	}
}
