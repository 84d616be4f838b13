package facesearch_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// somePicture is as much of a JPEG file as a fake gallery wants.
var somePicture = base64.StdEncoding.EncodeToString([]byte("\xff\xd8\xff\xe0 picture"))

// sampleTime is when everything in the tests was made.
func sampleTime() time.Time { return time.Date(2026, 1, 5, 12, 54, 1, 120001000, time.UTC) }

const sampleTimeText = "2026-01-05T12:54:01.120001Z"

// uid returns the id of a number.
func uid(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012d", n))
}

func sampleCollection() face.Watchlist {
	return face.Watchlist{UID: uid(1), ID: "employees", DisplayName: "E", FullName: "Employees", CreatedAt: sampleTime()}
}

// sampleMember has metadata that other dialects attach too.
func sampleMember() face.Member {
	m := face.Member{UID: uid(2), ID: "juraj-custom-id", FullName: new("Juraj K."), CreatedAt: sampleTime()}
	m.SetMetadata(map[string]json.RawMessage{"room": []byte(`"12"`), "floors": []byte(`["1","2"]`), "badge": []byte(`{"n":7}`), "none": []byte(`null`)})
	return m
}

const sampleMetadata = `{"badge":"{\"n\":7}","floors":"[\"1\",\"2\"]","none":"null","room":"12"}`

// candidate is a member of a number who was found with a score.
func candidate(n int, score face.Score) gallery.MemberCandidate {
	m := face.Member{UID: uid(n), ID: fmt.Sprintf("p%d", n)}
	return gallery.MemberCandidate{Member: m, Score: score, Faces: []gallery.FaceScore{{Face: face.Face{ID: uid(n), ImageID: uid(n)}, Score: score}}}
}

// goodFace is a face that passes every check of liveness.
func goodFace() face.Inspected {
	f := face.Inspected{Margin: 0.4, Liveness: []face.Liveness{{Performed: true, Score: 99}}}
	f.Landmarks = face.Landmarks{
		LeftEye: face.Point{X: 100, Y: 100}, RightEye: face.Point{X: 160, Y: 100},
		LeftMouth: face.Point{X: 105, Y: 170}, RightMouth: face.Point{X: 155, Y: 170},
	}
	f.Size, f.Area, f.Visible = f.Landmarks.Size(), 0.2, 1
	f.Attributes = face.Attributes{
		Age: new(41.), Yaw: new(3.), Pitch: new(-2.), Roll: new(1.), MaskConfidence: new(-9900.), NoseTipConfidence: new(9000.),
		LeftEyeOpen: new(9999.), RightEyeOpen: new(9998.),
	}
	return f
}

// found is a picture with one good face.
func found(candidates ...gallery.MemberCandidate) []gallery.IdentifiedMembers {
	return []gallery.IdentifiedMembers{{Inspected: goodFace(), Candidates: candidates}}
}

// sample returns a gallery in which one person is found.
func sample() *fakeGallery {
	c := candidate(2, 70)
	c.Member = sampleMember()
	return &fakeGallery{
		collection: sampleCollection(), found: found(c), images: map[uuid.UUID]string{uid(2): "crop"}, errs: map[string]error{},
	}
}

// searchBody is a request of /face-search with some fields changed: name=value as JSON,
// or name= to leave it out.
func searchBody(tb testing.TB, changes ...string) string {
	tb.Helper()
	return changed(tb, map[string]any{
		"check_liveness": false, "collection_name": "Employees", "face_base_64": somePicture, "min_similarity_score": 0.7, "max_results": 1,
	}, changes)
}

// multiBody is searchBody for /multi-face-search.
func multiBody(tb testing.TB, changes ...string) string {
	tb.Helper()
	return changed(tb, map[string]any{"collection_name": "Employees", "multi_face_img_base_64": somePicture, "min_similarity_score": 0.7}, changes)
}

func changed(tb testing.TB, body map[string]any, changes []string) string {
	tb.Helper()
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		if value == "" {
			delete(body, name)
		} else {
			body[name] = json.RawMessage(value)
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}
