package regula_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

func faces(n int) gallery.MatchSide {
	side := gallery.MatchSide{}
	for range n {
		side.Faces = append(side.Faces, sampleInspected())
	}
	return side
}

// The example of the contract, with our scores.
func TestMatchAnswers(t *testing.T) {
	t.Parallel()
	const found = `"landmarks":[[120,130],[160,131],[140,152],[124,172],[157,173]],"roi":[100,90,90,110],"rotationAngle":1.2`
	g := &fakeLook{matched: gallery.Matched{
		Sides: []gallery.MatchSide{faces(1), faces(1)},
		Pairs: []gallery.MatchPair{{First: 0, FirstFace: 0, Second: 1, SecondFace: 0, Score: 92.8}},
	}}
	rec := newServer(t, g).do(t, "POST", matchRoute, `{"thumbnails":null,"images":[
		{"index":1,"type":3,"data":"YQ=="},{"index":2,"type":2,"data":"Yg=="}],"outputImageParams":{"crop":{"type":0,"size":[300,400]}}}`, matchRoute)
	if rec.Code != http.StatusOK {
		t.Fatalf("got %d: %s", rec.Code, rec.Body)
	}
	sameJSON(t, rec.Body.String(), `{"code":0,"detections":[
		{"faces":[{"faceIndex":0,`+found+`,"crop":`+jpeg+`}],"imageIndex":1,"status":0},
		{"faces":[{"faceIndex":0,`+found+`,"crop":`+jpeg+`}],"imageIndex":2,"status":0}],
		"results":[{"firstIndex":1,"firstFaceIndex":0,"first":3,"secondIndex":2,"secondFaceIndex":0,"second":2,"score":0.03,"similarity":0.97}]}`)
	document := &face.Portrait{Width: 300, Height: 400}
	want := gallery.MatchQuery{Pictures: []gallery.MatchPicture{
		{Image: []byte("a"), Inspect: face.InspectOptions{Central: true, MaxFaces: 128, Portrait: document}},
		{Image: []byte("b"), Inspect: face.InspectOptions{Central: true, MaxFaces: 128, Portrait: document}},
	}}
	if diff := cmp.Diff(any(want), g.asked); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// matchAnswer is an answer as far as the tests read it.
type matchAnswer struct {
	Code       int
	Msg        string
	Detections []struct {
		Faces              []struct{ Thumbnail, Crop string }
		ImageIndex, Status int
		Msg                string
	}
	Results []struct {
		FirstIndex, FirstFaceIndex, First, SecondIndex, SecondFaceIndex, Second int
		Score, Similarity                                                       float64
	}
}

func (s *server) match(t *testing.T, body string) matchAnswer {
	t.Helper()
	rec := s.do(t, "POST", matchRoute, body, matchRoute)
	var got matchAnswer
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("got %d: %s, %v", rec.Code, rec.Body, err)
	}
	return got
}

// Pictures that cannot be looked at leave the pairs of the others in their places.
func TestMatchPairsKeepTheirPictures(t *testing.T) {
	t.Parallel()
	g := &fakeLook{matched: gallery.Matched{
		Sides: []gallery.MatchSide{faces(1), {Err: face.Errorf(face.NoFace, "no face")}, faces(2)},
		Pairs: []gallery.MatchPair{{First: 0, Second: 2, Score: 0}, {First: 0, Second: 2, SecondFace: 1, Score: 100}, {First: 2, Second: 2, SecondFace: 1, Score: 40}},
	}}
	got := newServer(t, g).match(t, `{"thumbnails":true,"images":[
		{"data":""},{"data":"YQ=="},{"index":0,"type":7,"data":"*"},{"data":"Yg==","index":null},{"index":9,"data":"Yw==","type":1,"detectAll":true}]}`)
	statuses := map[int]int{}
	for _, d := range got.Detections {
		statuses[d.ImageIndex] = d.Status
		if (d.Msg == "") != (d.Status == 0) || d.Faces == nil {
			t.Errorf("image %d: got status %d, %q, faces %v", d.ImageIndex, d.Status, d.Msg, d.Faces)
		}
		for _, f := range d.Faces {
			if f.Thumbnail == "" || f.Crop != "" {
				t.Errorf("image %d: got a crop %q and a thumbnail %q, want a thumbnail alone", d.ImageIndex, f.Crop, f.Thumbnail)
			}
		}
	}
	if diff := cmp.Diff(map[int]int{1: 1, 2: 0, 0: 6, 3: 2, 9: 0}, statuses); diff != "" {
		t.Errorf("statuses: -want +got\n%s", diff)
	}
	pairs := make([]string, 0, len(got.Results))
	for _, r := range got.Results {
		pairs = append(pairs, fmt.Sprintf("%d.%d type %d, %d.%d type %d: %v, %v", r.FirstIndex, r.FirstFaceIndex, r.First, r.SecondIndex, r.SecondFaceIndex, r.Second, r.Similarity, r.Score))
	}
	want := []string{"2.0 type 3, 9.0 type 1: 0, 1", "2.0 type 3, 9.1 type 1: 1, 0", "9.0 type 1, 9.1 type 1: 0.75, 0.25"}
	if diff := cmp.Diff(want, pairs); diff != "" || got.Code != 0 || got.Msg != "" {
		t.Errorf("got code %d, %q; -want +got\n%s", got.Code, got.Msg, diff)
	}
	q, _ := g.asked.(gallery.MatchQuery)
	if len(q.Pictures) != 3 || !q.Pictures[0].Inspect.Central || q.Pictures[2].Inspect.Central || q.Pictures[2].Inspect.MaxFaces != 51 {
		t.Errorf("got %+v, want three pictures, all faces of the last, 51 at most", q.Pictures)
	}
}

func TestMatchCodes(t *testing.T) {
	t.Parallel()
	none := gallery.MatchSide{Err: face.Errorf(face.NoFace, "no face was found")}
	bad := gallery.MatchSide{Err: face.Errorf(face.Invalid, "not a picture")}
	many := strings.TrimSuffix(strings.Repeat(`{"data":"YQ=="},`, 33), ",")
	tests := []struct {
		name, images string
		sides        []gallery.MatchSide
		err          error
		status, code int
		msg          string
		detections   int
	}{
		{"no picture", ``, nil, nil, 200, 224, "at least two pictures are needed, or one with detectAll", 0},
		{"one picture", `{"data":"YQ=="}`, nil, nil, 200, 224, "at least two pictures are needed, or one with detectAll", 0},
		{"too many", many, nil, nil, 200, 238, "there are more pictures than are compared at a time", 0},
		{"one face in one picture", `{"data":"YQ==","detectAll":true}`, []gallery.MatchSide{faces(1)}, nil, 200, 237, "there are no two faces to compare", 1},
		{"no face in one", `{"data":"YQ=="},{"data":"Yg=="}`, []gallery.MatchSide{faces(1), none}, nil, 200, 2, "no face was found", 2},
		{"two faults", `{"data":"YQ=="},{"data":"Yg=="}`, []gallery.MatchSide{bad, none}, nil, 200, 6, "not a picture", 2},
		{"nothing in either", `{"data":""},{"data":""}`, nil, nil, 200, 1, "the picture is empty", 2},
		{"a fault", `{"data":"YQ=="},{"data":"Yg=="}`, nil, face.Wrap(face.Internal, fmt.Errorf("disk on fire"), ""), 200, 7, "internal error", 0},
		{"another fault", `{"data":"YQ=="},{"data":"Yg=="}`, nil, face.Errorf(face.Invalid, "odd"), 200, 7, "odd", 0},
		{"overloaded", `{"data":"YQ=="},{"data":"Yg=="}`, nil, face.Errorf(face.Overloaded, "busy"), 503, 0, "busy", 0},
		{"too slow", `{"data":"YQ=="},{"data":"Yg=="}`, nil, fmt.Errorf("match: %w", context.DeadlineExceeded), 504, 0, "the work was not finished in time", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := &fakeLook{matched: gallery.Matched{Sides: tt.sides}, err: tt.err}
			rec := newServer(t, g).do(t, "POST", matchRoute, `{"images":[`+tt.images+`]}`, matchRoute)
			var got matchAnswer
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if rec.Code != tt.status || got.Code != tt.code || got.Msg != tt.msg || len(got.Detections) != tt.detections || len(got.Results) != 0 {
				t.Errorf("got %d: %s, want %d with code %d, %q, and %d detections", rec.Code, rec.Body, tt.status, tt.code, tt.msg, tt.detections)
			}
		})
	}
}

func TestMatchRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, field string }{
		{"no images", `{}`, "images"},
		{"null for images", `{"images":null}`, "images"},
		{"an image without data", `{"images":[{"data":"YQ=="},{"index":1}]}`, "images[1].data"},
		{"null for data", `{"images":[{"data":null}]}`, "images[0].data"},
		{"data that is no text", `{"images":[{"data":"YQ=="},{"data":7}]}`, "images[1].data"},
		{"an index twice", `{"images":[{"data":"YQ==","index":1},{"data":"YQ==","index":1.0}]}`, "images[1].index"},
		{"a negative index", `{"images":[{"data":"YQ==","index":-1}]}`, "images[0].index"},
		{"half an index", `{"images":[{"data":"YQ==","index":0.5}]}`, "images[0].index"},
		{"a type", `{"images":[{"data":"YQ==","type":8}]}`, "images[0].type"},
		{"a type of crop", `{"images":[],"outputImageParams":{"crop":{"type":7}}}`, "outputImageParams.crop.type"},
		{"a tag", `{"tag":"a b","images":[]}`, "tag"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := &fakeLook{}
			rec := newServer(t, g).do(t, "POST", matchRoute, tt.body, matchRoute)
			if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Metadata["field"] != tt.field || g.asked != nil {
				t.Errorf("got %d: %s, asked %v, want 400 about %s", rec.Code, rec.Body, g.asked, tt.field)
			}
		})
	}
}

// Whatever clients send as thumbnails, only true asks for them.
func TestMatchThumbnails(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"true": true, `"True"`: true, "false": false, "null": false, "{}": false, "[true]": false, "1": false} {
		g := &fakeLook{matched: gallery.Matched{Sides: []gallery.MatchSide{faces(1), faces(1)}}}
		got := newServer(t, g).match(t, `{"images":[{"data":"YQ=="},{"data":"Yg=="}],"thumbnails":`+text+`}`)
		if (got.Detections[0].Faces[0].Thumbnail != "") != want {
			t.Errorf("%s: got %q, want a thumbnail: %t", text, got.Detections[0].Faces[0].Thumbnail, want)
		}
	}
}
