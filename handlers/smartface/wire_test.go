package smartface_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// samplePicture is what the pictures of testdata decode to.
var samplePicture = []byte{0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10}

func sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sameJSON compares texts as JSON; null and absent differ.
func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(want), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &b); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// everyFace are the options that the samples ask for.
func everyFace() face.InspectOptions {
	return face.InspectOptions{
		MinFaceSize: 35, MaxFaceSize: 600, MaxFaces: 20, Confidence: 0.045,
		Templates: true, Age: true, Gender: true, Mask: true, NoseTip: true, Pose: true, Sharpness: true, Brightness: true,
	}
}

func TestRegisterSample(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/WatchlistMembers/Register", sample(t, "register_request.json"), "/api/v1/WatchlistMembers/Register")
	if rec.Code != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", rec.Code, rec.Body)
	}
	sameJSON(t, rec.Body.String(), sample(t, "register_answer.json"))
	if got, want := rec.Header().Get("Location"), "/api/v1/WatchlistMembers/juraj-custom-id"; got != want {
		t.Errorf("Location: got %q, want %q", got, want)
	}
	inspect := everyFace()
	inspect.MinFaceSize, inspect.Crops = 30, true
	want := gallery.EnrolRequest{
		Member: face.Member{
			ID: "juraj-custom-id", DisplayName: new("Juraj"), FullName: new("Juraj K."), Note: new(""),
			Labels: []face.Label{{Key: "room", Value: "12"}},
		},
		WatchlistIDs: []string{"employees"},
		Pictures:     []gallery.EnrolImage{{Data: samplePicture}},
		Inspect:      inspect,
	}
	if diff := cmp.Diff(any(want), g.got); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}

func TestSearchSample(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/watchlists/search", sample(t, "search_request.json"), "/api/v1/Watchlists/Search")
	if rec.Code != http.StatusOK {
		t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
	}
	sameJSON(t, rec.Body.String(), sample(t, "search_answer.json"))
	want := gallery.IdentifyQuery{
		Image: samplePicture, WatchlistIDs: []string{}, MinScore: 20.5, MaxCandidates: 10, Inspect: everyFace(),
	}
	if diff := cmp.Diff(any(want), g.got); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}

// TestSearchExact sends the header that the contract does not know.
func TestSearchExact(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{"true": http.StatusOK, "False": http.StatusOK, "maybe": http.StatusBadRequest} {
		g := newSampleGallery()
		req := httptest.NewRequest(http.MethodPost, "/api/v1/Watchlists/Search", strings.NewReader(sample(t, "search_request.json")))
		req.Header.Set(httpx.ExactHeader, value)
		rec := httptest.NewRecorder()
		newServer(t, g).handler.ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("%s: %s: got %d %s, want %d", httpx.ExactHeader, value, rec.Code, rec.Body, want)
		}
		if want == http.StatusBadRequest && !strings.Contains(rec.Body.String(), httpx.ExactHeader) {
			t.Errorf("%s: %s: got %s, want it to name the header", httpx.ExactHeader, value, rec.Body)
		}
		if q, ok := g.got.(gallery.IdentifyQuery); ok && q.Exact != (value == "true") {
			t.Errorf("%s: %s: the gallery is asked with Exact %t", httpx.ExactHeader, value, q.Exact)
		}
	}
}

func TestVerifySample(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/Faces/Verify", sample(t, "verify_request.json"), "/api/v1/Faces/Verify")
	if rec.Code != http.StatusOK {
		t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
	}
	sameJSON(t, rec.Body.String(), sample(t, "verify_answer.json"))
	inspect := everyFace()
	inspect.MaxFaces = 1
	side := gallery.VerifySide{Image: samplePicture, Inspect: inspect}
	if diff := cmp.Diff(any(gallery.VerifyQuery{Probe: side, Reference: side}), g.got); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	rec := newServer(t, &fakeGallery{}).do(t, http.MethodGet, "/api/v1/version", "", "/api/v1/Version")
	sameJSON(t, rec.Body.String(), `{
		"databaseVersion": "1", "databaseVersionCreationTime": "2026-01-05T12:53:47.726661Z",
		"databaseVersionUpdatedTime": "2026-01-05T12:54:01.120001Z", "assemblyVersion": "0.1.0",
		"assemblyLastModifiedTime": "2026-01-05T12:53:47.726661Z", "fullVersion": "0.1.0 (cpu)"}`)
}

// What no model measures is null or Unknown, and what must not be null is not.
func TestUnmeasured(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	g.identified[0].Attributes = face.Attributes{}
	g.identified[0].Candidates = nil
	bare := sampleFace()
	bare.Attributes = face.Attributes{}
	g.faces.Items = []face.Face{bare}
	s := newServer(t, g)

	rec := s.do(t, http.MethodPost, "/api/v1/Watchlists/Search", `{"image":{"data":"/9j/"}}`, "/api/v1/Watchlists/Search")
	var found []map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &found); err != nil || len(found) != 1 {
		t.Fatalf("got %s, want one face", rec.Body)
	}
	wantFields(t, found[0], map[string]any{
		"matchResults": []any{}, "spoofCheckResult": map[string]any{"performed": false, "passed": false},
		"age": 0., "gender": "Male", "faceMaskStatus": "Unknown",
		"faceMaskConfidence": nil, "noseTipConfidence": nil, "yawAngle": nil, "pitchAngle": nil, "rollAngle": nil,
		"sharpness": nil, "brightness": nil, "tintedGlasses": nil, "heavyFrame": nil, "glassStatus": nil,
	})

	rec = s.do(t, http.MethodGet, "/api/v1/WatchlistMembers/a/Faces", "", "/api/v1/WatchlistMembers/{id}/Faces")
	var page struct{ Items []map[string]any }
	if err := json.Unmarshal(rec.Body.Bytes(), &page); err != nil || len(page.Items) != 1 {
		t.Fatalf("got %s, want one face", rec.Body)
	}
	wantFields(t, page.Items[0], map[string]any{
		"age": nil, "gender": nil, "faceMaskConfidence": nil, "faceMaskStatus": "Unknown", "autolearnClusterType": nil,
		"yawAngle": nil, "sharpness": nil, "glassStatus": nil, "updatedAt": nil, "state": "Extracted", "type": "Regular",
	})
}

// wantFields compares some fields, which must be there.
func wantFields(t *testing.T, got, want map[string]any) {
	t.Helper()
	for field, value := range want {
		if v, ok := got[field]; !ok || !cmp.Equal(v, value) {
			t.Errorf("%s: got %v (present %t), want %v", field, v, ok, value)
		}
	}
}

func TestFeatureFlags(t *testing.T) {
	t.Parallel()
	all := sampleFinding()
	all.Attributes.TintedGlasses, all.Attributes.HeavyFrame, all.Attributes.GlassStatus = new(1.), new(2.), new(3.)
	fields := map[string]string{ // flag → field of the answer
		"faceMask": "faceMaskConfidence", "noseTip": "noseTipConfidence", "yawAngle": "yawAngle", "pitchAngle": "pitchAngle",
		"rollAngle": "rollAngle", "sharpness": "sharpness", "brightness": "brightness",
		"tintedGlasses": "tintedGlasses", "heavyFrame": "heavyFrame", "glassStatus": "glassStatus",
	}
	ask := func(t *testing.T, config string) map[string]any {
		t.Helper()
		g := newSampleGallery()
		g.identified[0].Finding = all
		rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search",
			`{"image":{"data":"/9j/"},"faceFeaturesConfig":`+config+`}`, "/api/v1/Watchlists/Search")
		var found []map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &found); err != nil || len(found) != 1 {
			t.Fatalf("got %s, want one face", rec.Body)
		}
		return found[0]
	}
	for flag, field := range fields {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			got := ask(t, `{"`+flag+`":"false"}`)
			for _, f := range fields {
				if (got[f] == nil) != (f == field) {
					t.Errorf("%s off: %s = %v", flag, f, got[f])
				}
			}
			if status := got["faceMaskStatus"]; (status == "Unknown") != (flag == "faceMask") {
				t.Errorf("%s off: faceMaskStatus = %v", flag, status)
			}
		})
	}
	t.Run("age and gender have no null", func(t *testing.T) {
		t.Parallel()
		wantFields(t, ask(t, `{"age":false,"gender":false}`), map[string]any{"age": 34., "gender": "Male"})
	})
}

func TestDetectorResources(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]face.Detector{
		"cpu": face.Balanced, "any": face.Balanced, "accurate_cpu": face.Accurate, "accurate_any": face.Accurate,
	} {
		g := newSampleGallery()
		newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search",
			`{"image":{"data":"/9j/"},"faceDetectorResourceId":"`+id+`"}`, "/api/v1/Watchlists/Search")
		if asked, ok := g.got.(gallery.IdentifyQuery); !ok || asked.Inspect.Detector != want {
			t.Errorf("%s: got %+v, want the detector %d", id, g.got, want)
		}
	}
}

// A measurement that is switched off is not asked of the engine.
func TestFeatureFlagsSwitchMeasuringOff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		flags string
		off   func(*face.InspectOptions)
	}{
		{``, func(*face.InspectOptions) {}},
		{`"age":false,"gender":false`, func(*face.InspectOptions) {}}, // they are told in any case
		{`"faceMask":false`, func(o *face.InspectOptions) { o.Mask = false }},
		{`"noseTip":"false"`, func(o *face.InspectOptions) { o.NoseTip = false }},
		{`"sharpness":false`, func(o *face.InspectOptions) { o.Sharpness = false }},
		{`"brightness":"False"`, func(o *face.InspectOptions) { o.Brightness = false }},
		{`"yawAngle":false,"pitchAngle":false`, func(*face.InspectOptions) {}}, // roll is still wanted
		{`"yawAngle":false,"pitchAngle":false,"rollAngle":false`, func(o *face.InspectOptions) { o.Pose = false }},
	}
	for _, tt := range tests {
		g := newSampleGallery()
		newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search",
			`{"image":{"data":"/9j/"},"faceFeaturesConfig":{`+tt.flags+`}}`, "/api/v1/Watchlists/Search")
		want := everyFace()
		tt.off(&want)
		asked, ok := g.got.(gallery.IdentifyQuery)
		if !ok {
			t.Fatalf("%s: got %v, want a search", tt.flags, g.got)
		}
		if diff := cmp.Diff(want, asked.Inspect); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.flags, diff)
		}
	}
}

func TestMaskStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		confidence float64
		request    string
		want       string
	}{
		{2999, ``, "NoMask"}, {3000, ``, "Mask"}, {3000, `,"faceMaskConfidenceRequest":null`, "Mask"},
		{3000, `,"faceMaskConfidenceRequest":{"faceMaskThreshold":3000.5}`, "NoMask"},
		{-50, `,"faceMaskConfidenceRequest":{"faceMaskThreshold":-50}`, "Mask"},
	}
	for _, tt := range tests {
		g := newSampleGallery()
		g.identified[0].Attributes.MaskConfidence = &tt.confidence
		rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search", `{"image":{"data":"/9j/"}`+tt.request+`}`, "/api/v1/Watchlists/Search")
		if !strings.Contains(rec.Body.String(), `"faceMaskStatus":"`+tt.want+`"`) {
			t.Errorf("confidence %v with %q: got %s, want %s", tt.confidence, tt.request, rec.Body, tt.want)
		}
	}
}

func TestGender(t *testing.T) {
	t.Parallel()
	for gender, want := range map[float64]string{-10000: "Male", -0.1: "Male", 0.1: "Female", 10000: "Female"} {
		g := newSampleGallery()
		g.identified[0].Attributes.Gender = &gender
		rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search", `{"image":{"data":"/9j/"}}`, "/api/v1/Watchlists/Search")
		if !strings.Contains(rec.Body.String(), `"gender":"`+want+`"`) {
			t.Errorf("gender %v: got %s, want %s", gender, rec.Body, want)
		}
	}
}

// A score is a whole number, and a match is above the threshold as written.
func TestSearchScores(t *testing.T) {
	t.Parallel()
	for threshold, least := range map[string]face.Score{"0": 0.5, "40": 40.5, "40.0": 40.5, "100": 100.5} {
		g := newSampleGallery()
		newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search", `{"image":{"data":"/9j/"},"threshold":`+threshold+`}`, "/api/v1/Watchlists/Search")
		if q, ok := g.got.(gallery.IdentifyQuery); !ok || q.MinScore != least {
			t.Errorf("threshold %s: gallery asked for %v, want %v at least", threshold, q.MinScore, least)
		}
	}
	g := newSampleGallery()
	g.identified[0].Candidates = []face.Candidate{sampleCandidate(100), sampleCandidate(86.5), sampleCandidate(86.49), sampleCandidate(0.5)}
	rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search", `{"image":{"data":"/9j/"}}`, "/api/v1/Watchlists/Search")
	var found []struct{ MatchResults []struct{ Score json.Number } }
	if err := json.Unmarshal(rec.Body.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(found[0].MatchResults))
	for _, m := range found[0].MatchResults {
		got = append(got, m.Score.String())
	}
	if diff := cmp.Diff([]string{"100", "87", "86", "1"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Several faces come in the order of the gallery and are numbered.
func TestSearchFaceOrder(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	g.identified = []gallery.Identified{sampleIdentified(), sampleIdentified(), sampleIdentified()}
	rec := newServer(t, g).do(t, http.MethodPost, "/api/v1/Watchlists/Search", `{"image":{"data":"/9j/"}}`, "/api/v1/Watchlists/Search")
	var found []struct{ FaceOrder int }
	if err := json.Unmarshal(rec.Body.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]struct{ FaceOrder int }{{1}, {2}, {3}}, found); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
