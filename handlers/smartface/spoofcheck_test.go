package smartface_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

const spoofCheckPath = "/api/v1/Faces/SpoofCheck"

func withLiveness(o *handlers.Options) { o.Liveness = true }

func withGPU(o *handlers.Options) { o.GPU = true }

var (
	largeEnough = face.Condition{Measure: face.FaceSize, Least: 60, Most: math.Inf(1)}
	frontal     = face.Condition{Measure: face.YawAngle, Least: -20, Most: 20}
	inLine      = face.Condition{Measure: face.FaceConfidence, Least: 1000, Most: 10000}
)

// checkedAs is a face with these results.
func checkedAs(found ...face.Liveness) face.Inspected {
	return face.Inspected{Finding: sampleFinding(), Liveness: found}
}

func performed(kind face.LivenessKind, score float64) face.Liveness {
	return face.Liveness{Kind: kind, Performed: true, Score: score}
}

func TestSpoofCheckSample(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	g.checked = checkedAs(performed(face.Distant, 97.2), performed(face.Nearby, 41))
	rec := newServer(t, g, withLiveness).do(t, http.MethodPost, "/api/v1/faces/spoofcheck/", sample(t, "spoofcheck_request.json"), spoofCheckPath)
	if rec.Code != http.StatusOK {
		t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
	}
	sameJSON(t, rec.Body.String(), sample(t, "spoofcheck_answer.json"))
	got, ok := g.got.(gallery.LivenessQuery)
	if !ok {
		t.Fatalf("the gallery was asked for %+v", g.got)
	}
	if len(got.Inspect.Liveness) != 2 || len(got.Inspect.Liveness[0].Conditions) != 7 || got.Inspect.Liveness[0].Conditions[0] != inLine {
		t.Fatalf("got %+v, want two checks, the first with the default conditions", got.Inspect.Liveness)
	}
	want := gallery.LivenessQuery{Image: samplePicture, Inspect: face.InspectOptions{
		MinFaceSize: 35, MaxFaceSize: 600, MaxFaces: 20, Confidence: 0.045,
		Liveness: []face.LivenessCheck{
			{Kind: face.Distant, Conditions: got.Inspect.Liveness[0].Conditions, TellAll: true},
			{Kind: face.Nearby, Conditions: []face.Condition{largeEnough, frontal}, TellAll: true},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}

// What is asked for, and what is told of it.
func TestSpoofCheck(t *testing.T) {
	t.Parallel()
	const image, both = `"image":{"data":"/9j/4AAQ"}`, `"spoofDetectorResourceIds":["liveness_nearby_any_remote","liveness_distant_any_remote"]`
	small := face.Unmet{Condition: largeEnough, Value: 52.34}
	tests := []struct {
		name, body string
		found      []face.Liveness
		want       string
	}{
		{"the default is the distant check", `{` + image + `}`, []face.Liveness{performed(face.Distant, 99.996)},
			`{"performed":true,"passed":true,"distantLivenessSpoofCheck":{"performed":true,"passed":true,"score":100,"notPerformedReasons":[]}}`},
		{"null is left out", `{` + image + `,"spoofDetectorResourceIds":null,"spoofCheckConfig":null,"faceDetectorConfig":null}`,
			[]face.Liveness{performed(face.Distant, 12.345)},
			`{"performed":true,"passed":false,"distantLivenessSpoofCheck":{"performed":true,"passed":false,"score":12.35,"notPerformedReasons":[]}}`},
		{"the threshold does not pass", `{` + image + `}`, []face.Liveness{performed(face.Distant, 90.001)},
			`{"performed":true,"passed":false,"distantLivenessSpoofCheck":{"performed":true,"passed":false,"score":90,"notPerformedReasons":[]}}`},
		{"above a threshold", `{` + image + `,"spoofDetectorResourceIds":["liveness_nearby_cpu_remote"],"spoofCheckConfig":{"nearbyLivenessScoreThreshold":89.76}}`,
			[]face.Liveness{performed(face.Nearby, 89.77)},
			`{"performed":true,"passed":true,"nearbyLivenessSpoofCheck":{"performed":true,"passed":true,"score":89.77,"notPerformedReasons":[]}}`},
		{"the other kind's threshold is another", `{` + image + `,"spoofCheckConfig":{"nearbyLivenessScoreThreshold":1}}`,
			[]face.Liveness{performed(face.Distant, 50)},
			`{"performed":true,"passed":false,"distantLivenessSpoofCheck":{"performed":true,"passed":false,"score":50,"notPerformedReasons":[]}}`},
		{"both pass", `{` + image + `,` + both + `}`, []face.Liveness{performed(face.Distant, 95), performed(face.Nearby, 96)},
			`{"performed":true,"passed":true,
			  "distantLivenessSpoofCheck":{"performed":true,"passed":true,"score":95,"notPerformedReasons":[]},
			  "nearbyLivenessSpoofCheck":{"performed":true,"passed":true,"score":96,"notPerformedReasons":[]}}`},
		{"one is not performed", `{` + image + `,` + both + `}`,
			[]face.Liveness{performed(face.Distant, 95), {Kind: face.Nearby, Unmet: []face.Unmet{small, {Condition: frontal, Value: math.NaN()}}}},
			`{"performed":false,"passed":false,
			  "distantLivenessSpoofCheck":{"performed":true,"passed":true,"score":95,"notPerformedReasons":[]},
			  "nearbyLivenessSpoofCheck":{"performed":false,"passed":false,"score":0,"notPerformedReasons":[
			    {"reasonMessage":"FACE_SIZE: 52.3 is not in [60; inf]"},
			    {"reasonMessage":"YAW_ANGLE: could not be measured, and must be in [-20; 20]"}]}}`},
		{"not performed never passes", `{` + image + `,"spoofCheckConfig":{"distantLivenessScoreThreshold":0}}`,
			[]face.Liveness{{Kind: face.Distant, Unmet: []face.Unmet{small}}},
			`{"performed":false,"passed":false,"distantLivenessSpoofCheck":{"performed":false,"passed":false,"score":0,
			  "notPerformedReasons":[{"reasonMessage":"FACE_SIZE: 52.3 is not in [60; inf]"}]}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			g.checked = checkedAs(tt.found...)
			rec := newServer(t, g, withLiveness).do(t, http.MethodPost, spoofCheckPath, tt.body, spoofCheckPath)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
			}
			sameJSON(t, rec.Body.String(), tt.want)
			checks := g.got.(gallery.LivenessQuery).Inspect.Liveness
			if len(checks) != len(tt.found) {
				t.Fatalf("got %d checks asked for, want %d", len(checks), len(tt.found))
			}
			for i, c := range checks {
				if c.Kind != tt.found[i].Kind || c.TellAll {
					t.Errorf("check %d: got %+v, want kind %d, and the first reason alone", i, c, tt.found[i].Kind)
				}
			}
		})
	}
}

// Each kind is checked once, by whatever ids it is asked for.
func TestLivenessResourceIDs(t *testing.T) {
	t.Parallel()
	const missing = ": no worker answers to "
	tests := []struct {
		path, ids string
		gpu       bool
		kinds     []face.LivenessKind
		detail    string // instead
	}{
		{spoofCheckPath, `["liveness_distant_any_remote"]`, false, []face.LivenessKind{face.Distant}, ""},
		{spoofCheckPath, `["liveness_nearby_cpu_remote","liveness_nearby_any_remote"]`, false, []face.LivenessKind{face.Nearby}, ""},
		{spoofCheckPath, `["liveness_nearby_gpu_remote","liveness_distant_gpu_remote"]`, true, []face.LivenessKind{face.Distant, face.Nearby}, ""},
		{spoofCheckPath, `["liveness_nearby_gpu_remote"]`, false, nil, missing + "'liveness_nearby_gpu_remote', for this server has no GPU"},
		{spoofCheckPath, `[]`, false, nil, " must hold at least one id"},
		{spoofCheckPath, `["none"]`, false, nil, " must hold liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote"},
		{spoofCheckPath, `["liveness_distant_cpu"]`, false, nil, " must hold liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote"},
		{searchPath, `["none","liveness_distant_cpu_remote"]`, false, []face.LivenessKind{face.Distant}, ""},
		{searchPath, `["none"]`, false, nil, ""},
		{searchPath, `[]`, false, nil, ""},
		{searchPath, `["liveness_distant_gpu_remote"]`, false, nil, missing + "'liveness_distant_gpu_remote', for this server has no GPU"},
		{searchPath, `["liveness_far_cpu_remote"]`, false, nil, " must hold none, or liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote"},
		{searchPath, `["liveness_distant_tpu_remote"]`, true, nil, " must hold none, or liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote"},
	}
	for _, tt := range tests {
		t.Run(tt.path+tt.ids, func(t *testing.T) {
			t.Parallel()
			g := newSampleGallery()
			change := []func(*handlers.Options){withLiveness}
			if tt.gpu {
				change = append(change, withGPU)
			}
			rec := newServer(t, g, change...).do(t, http.MethodPost, tt.path, `{"image":{"data":"/9j/"},"spoofDetectorResourceIds":`+tt.ids+`}`, tt.path)
			if tt.detail != "" {
				status := http.StatusBadRequest
				if strings.HasPrefix(tt.detail, missing) {
					status = http.StatusRequestTimeout
				}
				if got, want := detail(t, rec), "spoofDetectorResourceIds"+tt.detail; rec.Code != status || got != want {
					t.Errorf("got %d %q, want %d %q", rec.Code, got, status, want)
				}
				return
			}
			var kinds []face.LivenessKind
			for _, c := range asked(t, g) {
				kinds = append(kinds, c.Kind)
			}
			if diff := cmp.Diff(tt.kinds, kinds); diff != "" || rec.Code != http.StatusOK {
				t.Errorf("got %d; kinds -want +got\n%s", rec.Code, diff)
			}
		})
	}
}

// asked returns the liveness checks that the gallery was asked for.
func asked(t *testing.T, g *fakeGallery) []face.LivenessCheck {
	t.Helper()
	switch q := g.got.(type) {
	case gallery.LivenessQuery:
		return q.Inspect.Liveness
	case gallery.IdentifyQuery:
		return q.Inspect.Liveness
	}
	t.Fatalf("the gallery was asked for %+v", g.got)
	return nil
}

// In Search every face has its own verdict, which hides none of its matches.
func TestSearchWithSpoofCheck(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	attack, unseen := sampleIdentified(), sampleIdentified()
	attack.Liveness = []face.Liveness{performed(face.Distant, 3)}
	unseen.Liveness = []face.Liveness{{Kind: face.Distant, Unmet: []face.Unmet{{Condition: frontal, Value: 34.2}}}}
	g.identified[0].Liveness = []face.Liveness{performed(face.Distant, 97)}
	g.identified = append(g.identified, attack, unseen)
	c := client{server: newServer(t, g, withLiveness), t: t}
	rec := c.do(t, http.MethodPost, searchPath, `{"image":{"data":"/9j/"},"spoofDetectorResourceIds":["liveness_distant_cpu_remote"],
		"spoofCheckConfig":{"distantLivenessScoreThreshold":95.5,"distantLivenessConditions":"YAW_ANGLE: [-20; 20]"}}`, searchPath)
	var got []struct {
		MatchResults     []any
		SpoofCheckResult any
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("got %d %s (%v), want 200", rec.Code, rec.Body, err)
	}
	want := []any{
		map[string]any{"performed": true, "passed": true, "distantLivenessSpoofCheck": map[string]any{
			"performed": true, "passed": true, "score": 97., "notPerformedReasons": []any{}}},
		map[string]any{"performed": true, "passed": false, "distantLivenessSpoofCheck": map[string]any{
			"performed": true, "passed": false, "score": 3., "notPerformedReasons": []any{}}},
		map[string]any{"performed": false, "passed": false, "distantLivenessSpoofCheck": map[string]any{
			"performed": false, "passed": false, "score": 0., "notPerformedReasons": []any{
				map[string]any{"reasonMessage": "YAW_ANGLE: 34.2 is not in [-20; 20]"}}}},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d faces, want %d", len(got), len(want))
	}
	for i := range got {
		if diff := cmp.Diff(want[i], got[i].SpoofCheckResult); diff != "" || len(got[i].MatchResults) != 1 {
			t.Errorf("face %d: %d matches, want 1; -want +got\n%s", i, len(got[i].MatchResults), diff)
		}
	}
	checks := asked(t, g)
	if diff := cmp.Diff([]face.LivenessCheck{{Kind: face.Distant, Conditions: []face.Condition{frontal}}}, checks); diff != "" {
		t.Errorf("checks: -want +got\n%s", diff)
	}
}

func TestSpoofCheckWithoutAFace(t *testing.T) {
	t.Parallel()
	g := newSampleGallery()
	g.err = face.Errorf(face.NoFace, "no face was found in the picture")
	rec := newServer(t, g, withLiveness).do(t, http.MethodPost, spoofCheckPath, `{"image":{"data":"/9j/"}}`, spoofCheckPath)
	if rec.Code != http.StatusBadRequest || detail(t, rec) != "no face was found in the picture" {
		t.Errorf("got %d %s, want 400", rec.Code, rec.Body)
	}
}
