package regula_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
)

const (
	detectRoute = "/api/detect"
	matchRoute  = "/api/match"
)

// fakeLook is a gallery that is asked to look at pictures alone. It answers as it is
// told to, and remembers what it was asked last.
type fakeLook struct {
	handlers.Gallery

	asked     any
	err       error
	inspected face.Inspection
	matched   gallery.Matched
}

func (g *fakeLook) Inspect(_ context.Context, image []byte, o face.InspectOptions) (face.Inspection, error) {
	g.asked = inspectCall{string(image), o}
	return g.inspected, g.err
}

func (g *fakeLook) Match(_ context.Context, q gallery.MatchQuery) (gallery.Matched, error) {
	g.asked = q
	return g.matched, g.err
}

// inspectCall is a call of Inspect.
type inspectCall struct {
	Image   string
	Options face.InspectOptions
}

// sampleInspected is the face of the contract's examples, with portrait.
func sampleInspected() face.Inspected {
	return face.Inspected{
		Finding: face.Finding{
			Box: face.Box{X: 100.2, Y: 89.8, W: 90.1, H: 110.3},
			Landmarks: face.Landmarks{
				LeftEye: face.Point{X: 120, Y: 130}, RightEye: face.Point{X: 160.4, Y: 131}, Nose: face.Point{X: 140, Y: 152},
				LeftMouth: face.Point{X: 124, Y: 172.3}, RightMouth: face.Point{X: 157, Y: 173},
			},
			Crop: face.Quad{LeftTop: face.Point{X: 60, Y: 50}, RightTop: face.Point{X: 260, Y: 54.19}},
		},
		Portrait:     &face.Image{Data: []byte("jpeg"), Width: 300, Height: 400},
		PortraitQuad: face.Quad{LeftTop: face.Point{X: 50, Y: 40}, RightTop: face.Point{X: 200, Y: 43}, LeftBottom: face.Point{X: 46, Y: 240}, RightBottom: face.Point{X: 196, Y: 243}},
	}
}

// jpeg is the base64 of "jpeg".
const jpeg = `"anBlZw=="`

func sampleLook() *fakeLook {
	return &fakeLook{inspected: face.Inspection{Width: 640, Height: 480, Found: 1, Faces: []face.Inspected{sampleInspected()}}}
}

// untimed returns an answer without the times that it took.
func untimed(t *testing.T, answer string) string {
	t.Helper()
	var body struct {
		Results map[string]any `json:"results"`
	}
	var all map[string]any
	for _, v := range []any{&body, &all} {
		if err := json.Unmarshal([]byte(answer), v); err != nil {
			t.Fatalf("%s: %v", answer, err)
		}
	}
	for _, name := range []string{"timer", "elapsedTime"} {
		if v, _ := body.Results[name].(float64); v <= 0 {
			t.Errorf("got %s %v, want some time", name, body.Results[name])
		}
		delete(body.Results, name)
	}
	all["results"] = body.Results
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDetectAnswers(t *testing.T) {
	t.Parallel()
	const found = `"landmarks":[[120,130],[160,131],[140,152],[124,172],[157,173]],"roi":[100,90,90,110]`
	tests := []struct{ name, body, want string }{
		{"the contract's example", `{"image":"cGljdHVyZQ==","processParam":{"onlyCentralFace":true,"outputImageParams":{"crop":{"type":1}}}}`,
			`{"code":0,"results":{"detections":[{"crop":` + jpeg + `,` + found + `}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"where it is alone", `{"image":"cGljdHVyZQ=="}`,
			`{"code":0,"results":{"detections":[{` + found + `}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"null for all that is optional", `{"image":"cGljdHVyZQ==","tag":null,"thumbnails":null,"processParam":{"scenario":null,"onlyCentralFace":null,"outputImageParams":null,"quality":null,"attributes":null}}`,
			`{"code":0,"results":{"detections":[{` + found + `}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"thumbnails", `{"image":"cGljdHVyZQ==","thumbnails":true}`,
			`{"code":0,"results":{"detections":[{"thumbnail":` + jpeg + `,` + found + `}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"thumbnails and crops", `{"image":"cGljdHVyZQ==","thumbnails":true,"processParam":{"outputImageParams":{"crop":{"returnOriginalRect":true}}}}`,
			`{"code":0,"results":{"detections":[{"crop":` + jpeg + `,"thumbnail":` + jpeg + `,"originalRect":[46,40,154,203],` + found + `}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"a scenario", `{"image":"cGljdHVyZQ==","thumbnails":true,"processParam":{"scenario":"CropCentralFace"}}`,
			`{"code":0,"results":{"detections":[{"crop":` + jpeg + `,` + found + `}],"detectorType":0,"landmarksType":0,"scenario":"CropCentralFace"}}`},
		{"a scenario that is not known", `{"image":"cGljdHVyZQ==","thumbnails":true,"processParam":{"scenario":"Mine"}}`,
			`{"code":0,"results":{"detections":[{"thumbnail":` + jpeg + `,` + found + `}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"quality", `{"image":"cGljdHVyZQ==","processParam":{"quality":{"config":[{"name":"ImageWidth","range":[700,800]},{"name":"EyesDistance","range":[40,50]},{"name":"Smile"}]}}}`,
			`{"code":0,"results":{"detections":[{` + found + `,"quality":{"nonCompliant":["ImageWidth"],"score":0.5,"detailsGroups":[
				{"groupId":1,"name":"ImageCharacteristics","totalCount":1,"compliantCount":0},
				{"groupId":2,"name":"HeadSizeAndPosition","totalCount":1,"compliantCount":1},
				{"groupId":6,"name":"PoseAndExpression","totalCount":1,"compliantCount":0}],"details":[
				{"groupId":1,"name":"ImageWidth","range":[700,800],"status":0,"value":640},
				{"groupId":2,"name":"EyesDistance","range":[40,50],"status":1,"value":40.4124},
				{"groupId":6,"name":"Smile","range":[0,0.5],"status":2}]}}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
		{"attributes", `{"image":"cGljdHVyZQ==","processParam":{"attributes":{"config":[{"name":"Age"},{"name":"Smile"}]}}}`,
			`{"code":0,"results":{"detections":[{` + found + `,"attributes":{"details":[{"name":"Age","value":null},{"name":"Smile","value":null}]}}],"detectorType":0,"landmarksType":0,"scenario":""}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rec := newServer(t, sampleLook()).do(t, "POST", detectRoute, tt.body, detectRoute)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d: %s", rec.Code, rec.Body)
			}
			sameJSON(t, untimed(t, rec.Body.String()), tt.want)
		})
	}
}

// What a request asks for is what the gallery is asked for, and no more.
func TestDetectAsks(t *testing.T) {
	t.Parallel()
	document := &face.Portrait{Width: 300, Height: 400}
	tests := []struct {
		name, params string
		want         face.InspectOptions
	}{
		{"nothing", `{}`, face.InspectOptions{}},
		{"the central face", `{"onlyCentralFace":"true"}`, face.InspectOptions{Central: true}},
		{"a crop", `{"outputImageParams":{"crop":{"type":4.0,"padColor":[1,2,3],"size":[413,531]},"backgroundColor":[0,0,0]}}`,
			face.InspectOptions{Portrait: &face.Portrait{Aspect: face.Aspect7x9, Width: 413, Height: 531, Pad: [3]uint8{1, 2, 3}}}},
		{"a size of another type", `{"outputImageParams":{"crop":{"type":3,"size":[300,400]}}}`, face.InspectOptions{Portrait: &face.Portrait{Aspect: face.Aspect1x1}}},
		{"no crop", `{"outputImageParams":{"crop":null}}`, face.InspectOptions{}},
		{"quality", `{"quality":{"config":[{"name":"Yaw"},{"name":"MouthOpen","range":null},{"name":"Smile"}]}}`, face.InspectOptions{Pose: true, Mouth: true}},
		{"the quality of light", `{"quality":{"config":[{"name":"TooDark"},{"name":"FaceGlare"},{"name":"UnnaturalSkinTone"}]}}`, face.InspectOptions{Brightness: true, Lighting: true, SkinTone: true}},
		{"the quality of what covers", `{"quality":{"config":[{"name":"FaceOccluded"},{"name":"HeadWidthRatio"},{"name":"BackgroundColorMatch"}],"backgroundMatchColor":[255,255,255]}}`,
			face.InspectOptions{Mask: true, NoseTip: true, Head: true, Background: true}},
		{"all quality", `{"quality":{}}`, allMeasured()},
		{"no characteristic", `{"quality":{"config":[]}}`, allMeasured()},
		{"attributes", `{"attributes":{"config":[{"name":"Age"},{"name":"EyeLeft"},{"name":"Glasses"}]}}`, face.InspectOptions{Age: true, Eyes: true}},
		{"all attributes", `{"attributes":{}}`, face.InspectOptions{Age: true, Eyes: true, Mouth: true, Mask: true, NoseTip: true}},

		{"no scenario", `{"scenario":"","onlyCentralFace":true}`, face.InspectOptions{Central: true}},
		{"an unknown scenario", `{"scenario":"quality","onlyCentralFace":true}`, face.InspectOptions{Central: true}},
		{"a scenario alone counts", `{"scenario":"OldMode","onlyCentralFace":true,"quality":{},"attributes":{},"outputImageParams":{"crop":{}}}`, face.InspectOptions{}},
		{"nor is the rest checked", `{"scenario":"OldMode","quality":{"config":[{"name":"?"}]},"outputImageParams":{"crop":{"type":9}}}`, face.InspectOptions{}},
		{"CropCentralFace", `{"scenario":"CropCentralFace"}`, face.InspectOptions{Central: true, Portrait: document}},
		{"CropAllFaces", `{"scenario":"CropAllFaces"}`, face.InspectOptions{Portrait: document}},
		{"Thumbnail", `{"scenario":"Thumbnail"}`, face.InspectOptions{Central: true, Portrait: &face.Portrait{}}},
		{"QualityFull", `{"scenario":"QualityFull"}`, centrally(allMeasured())},
		{"QualityICAO", `{"scenario":"QualityICAO"}`, centrally(allMeasured())},
		{"QualityVisaSchengen", `{"scenario":"QualityVisaSchengen"}`, centrally(allMeasured())},
		{"QualityVisaUSA", `{"scenario":"QualityVisaUSA"}`, centrally(allMeasured())},
		{"AttributesAll", `{"scenario":"AttributesAll"}`, face.InspectOptions{Central: true, Age: true, Eyes: true, Mouth: true, Mask: true, NoseTip: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleLook()
			rec := newServer(t, g).unchecked(detectRoute, `{"image":"cGljdHVyZQ==","processParam":`+tt.params+`}`)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d: %s", rec.Code, rec.Body)
			}
			if diff := cmp.Diff(any(inspectCall{"picture", tt.want}), g.asked); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// unchecked sends a request whose answer is not held to the documents: AttributesAll
// is of a later contract.
func (s *server) unchecked(target, body string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, httptest.NewRequest("POST", target, strings.NewReader(body)))
	return rec
}

// allMeasured is all that any characteristic is measured by.
func allMeasured() face.InspectOptions {
	return face.InspectOptions{
		Pose: true, Head: true, Sharpness: true, Noise: true, SkinTone: true, Lighting: true, Eyes: true,
		Brightness: true, Mouth: true, Mask: true, NoseTip: true, Background: true,
	}
}

func centrally(o face.InspectOptions) face.InspectOptions {
	o.Central = true
	return o
}

// What the engine cannot do with a picture is a code with status 200; what is the
// server's, and not the picture's, is a status.
func TestDetectCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, image string
		err         error
		none        bool // no face is found
		status      int
		code        int
		msg         string
	}{
		{name: "no face", image: `"cGljdHVyZQ=="`, none: true, status: 200, code: 2, msg: "no face was found in the picture"},
		{name: "no picture", image: `null`, status: 200, code: 1, msg: "the picture is empty"},
		{name: "an empty picture", image: `""`, status: 200, code: 1, msg: "the picture is empty"},
		{name: "no base64", image: `"*"`, status: 200, code: 6, msg: "image is not valid base64"},
		{name: "no JPEG", image: `"cGljdHVyZQ=="`, err: face.Errorf(face.Invalid, "not a picture"), status: 200, code: 6, msg: "not a picture"},
		{name: "too large", image: `"cGljdHVyZQ=="`, err: fmt.Errorf("inspect: %w", face.Errorf(face.TooLarge, "too large")), status: 200, code: 6, msg: "too large"},
		{name: "a fault", image: `"cGljdHVyZQ=="`, err: face.Wrap(face.Internal, fmt.Errorf("disk on fire"), ""), status: 200, code: 7, msg: "internal error"},
		{name: "overloaded", image: `"cGljdHVyZQ=="`, err: face.Errorf(face.Overloaded, "busy"), status: 503, msg: "busy"},
		{name: "too slow", image: `"cGljdHVyZQ=="`, err: fmt.Errorf("inspect: %w", context.DeadlineExceeded), status: 504, msg: "the work was not finished in time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleLook()
			if g.err = tt.err; tt.none || g.err != nil {
				g.inspected.Faces = nil
			}
			rec := newServer(t, g).do(t, "POST", detectRoute, `{"image":`+tt.image+`}`, detectRoute)
			var got struct {
				Code    int
				Msg     string
				Results *struct{ Detections []any }
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if rec.Code != tt.status || got.Code != tt.code || got.Msg != tt.msg {
				t.Errorf("got %d: %s, want %d with code %d, %q", rec.Code, rec.Body, tt.status, tt.code, tt.msg)
			}
			if tt.status == http.StatusOK && (got.Results == nil || got.Results.Detections == nil || len(got.Results.Detections) > 0) {
				t.Errorf("got %s, want an empty list of detections", rec.Body)
			}
		})
	}
}

func TestDetectRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, params, field string }{
		{"a type of crop", `{"outputImageParams":{"crop":{"type":5}}}`, "processParam.outputImageParams.crop.type"},
		{"a negative type of crop", `{"outputImageParams":{"crop":{"type":-1}}}`, "processParam.outputImageParams.crop.type"},
		{"half a size", `{"outputImageParams":{"crop":{"size":[300]}}}`, "processParam.outputImageParams.crop.size"},
		{"a huge size", `{"outputImageParams":{"crop":{"size":[3000,4000]}}}`, "processParam.outputImageParams.crop.size"},
		{"a size in words", `{"outputImageParams":{"crop":{"size":["300",400]}}}`, "processParam.outputImageParams.crop.size[0]"},
		{"half a colour", `{"outputImageParams":{"crop":{"padColor":[1,2]}}}`, "processParam.outputImageParams.crop.padColor"},
		{"no colour", `{"outputImageParams":{"crop":{"padColor":[1,2,256]}}}`, "processParam.outputImageParams.crop.padColor"},
		{"a characteristic", `{"quality":{"config":[{"name":"Yaw"},{"name":"Beauty"}]}}`, "processParam.quality.config[1].name"},
		{"no characteristic", `{"quality":{"config":[{"range":[0,1]}]}}`, "processParam.quality.config[0].name"},
		{"half a range", `{"quality":{"config":[{"name":"Yaw","range":[1]}]}}`, "processParam.quality.config[0].range"},
		{"a range the wrong way round", `{"quality":{"config":[{"name":"Yaw","range":[5,-5]}]}}`, "processParam.quality.config[0].range"},
		{"no colour to match", `{"quality":{"backgroundMatchColor":[-1,0,0]}}`, "processParam.quality.backgroundMatchColor"},
		{"an attribute", `{"attributes":{"config":[{"name":"Beauty"}]}}`, "processParam.attributes.config[0].name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleLook()
			rec := newServer(t, g).do(t, "POST", detectRoute, `{"image":"cGljdHVyZQ==","processParam":`+tt.params+`}`, detectRoute)
			if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Metadata["field"] != tt.field || !strings.Contains(got.Msg, tt.field) {
				t.Errorf("got %d: %s, want 400 about %s", rec.Code, rec.Body, tt.field)
			}
			if g.asked != nil {
				t.Error("the picture was looked at")
			}
		})
	}
}
