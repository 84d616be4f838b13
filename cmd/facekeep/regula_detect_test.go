package main_test

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	xdraw "golang.org/x/image/draw"

	"github.com/facekeep/facekeep/handlers/contracttest"
)

// The answers of Regula's detect and match, as much of them as the tests read.
type (
	regulaDetected struct {
		Code    int
		Msg     string
		Results struct {
			Detections []regulaDetection
			Scenario   string
		}
	}
	regulaDetection struct {
		Crop, Thumbnail string
		Landmarks       [5][2]float64
		ROI             [4]float64
		OriginalRect    []float64
		Quality         struct {
			NonCompliant []string
			Score        float64
			Details      []struct {
				Name   string
				Status int
				Value  *float64
			}
		}
		Attributes struct {
			Details []struct {
				Name  string
				Value any
			}
		}
	}
	regulaMatched struct {
		Code       int
		Msg        string
		Detections []struct {
			Faces []struct {
				regulaDetection
				FaceIndex     int
				RotationAngle float64
			}
			ImageIndex, Status int
		}
		Results []struct {
			FirstIndex, FirstFaceIndex, SecondIndex, SecondFaceIndex int
			Score, Similarity                                        float64
		}
	}
)

// regulaLook is a server whose answers to detect and match are held to the documents.
type regulaLook struct {
	*server

	docs contracttest.Documents
}

func startRegula(t *testing.T) regulaLook {
	t.Helper()
	s := start(t, embedded(t))
	doc := want[json.RawMessage](s, http.StatusOK, "GET", "/swagger/regula/doc.json", nil)
	docs, err := contracttest.Load(doc, filepath.Join(root, "..", "shared", "spec", "regula.openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return regulaLook{s, docs}
}

// ask sends a request that must be answered with 200.
func ask[T any](s regulaLook, path string, body object) T {
	s.t.Helper()
	status, data, err := s.call("POST", path, body)
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("%s: got %d, %v: %.300s", path, status, err, data)
	}
	s.docs.CheckAs(s.t, contracttest.Answer{
		Method: "POST", Route: path, Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: data,
	}, contracttest.Envelope{Schema: "OperationLog"})
	out, err := decode[T](data)
	if err != nil {
		s.t.Fatalf("%s: %v in %.300s", path, err, data)
	}
	return out
}

func (s regulaLook) detect(data string, params object) regulaDetected {
	s.t.Helper()
	return ask[regulaDetected](s, "/api/detect", object{"image": data, "processParam": params})
}

// one returns the one face that there must be.
func (s regulaLook) one(data string, params object) regulaDetection {
	s.t.Helper()
	got := s.detect(data, params)
	if got.Code != 0 || len(got.Results.Detections) != 1 {
		s.t.Fatalf("got code %d, %d faces, want 0, 1", got.Code, len(got.Results.Detections))
	}
	return got.Results.Detections[0]
}

func (s regulaLook) match(images ...object) regulaMatched {
	s.t.Helper()
	return ask[regulaMatched](s, "/api/match", object{"images": images})
}

// TestRegulaMatch compares nine portraits, each with each: those of one person are
// nearer than 0.75, the others not.
func TestRegulaMatch(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	names := []string{"alice_1", "alice_2", "alice_3", "bella_1", "bella_2", "carl_1", "carl_2", "dora_1", "dora_2"}
	images := make([]object, 0, len(names))
	for i, name := range names {
		images = append(images, object{"index": 10 * i, "data": pictureOf(t, name+".jpg")})
	}
	got := s.match(images...)
	if got.Code != 0 || len(got.Results) != len(names)*(len(names)-1)/2 {
		t.Fatalf("got code %d, %d pairs, want 0, %d", got.Code, len(got.Results), len(names)*(len(names)-1)/2)
	}
	for _, r := range got.Results {
		a, b := names[r.FirstIndex/10], names[r.SecondIndex/10]
		same := strings.Split(a, "_")[0] == strings.Split(b, "_")[0]
		if same != (r.Similarity > 0.75) || math.Abs(r.Similarity+r.Score-1) > 1e-9 {
			t.Errorf("%s and %s: got similarity %v, score %v; of one person: %t", a, b, r.Similarity, r.Score, same)
		}
	}
}

// TestRegulaMatchGroups compares the faces of a group with each other and with a
// portrait of one of them, beside pictures that nothing can be made of.
func TestRegulaMatchGroups(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	got := s.match(
		object{"index": 7, "data": pictureOf(t, "two_people.jpg"), "detectAll": true},
		object{"index": 2, "data": encode([]byte("no picture"))},
		object{"index": 3, "data": pictureOf(t, "alice_1.jpg")},
		object{"index": 4, "data": encode(grey(t, 320, 240))},
	)
	statuses := map[int]int{}
	for _, d := range got.Detections {
		statuses[d.ImageIndex] = d.Status
	}
	if diff := cmp.Diff(map[int]int{7: 0, 2: 6, 3: 0, 4: 2}, statuses); diff != "" || got.Code != 0 {
		t.Errorf("got code %d; statuses: -want +got\n%s", got.Code, diff)
	}
	alike := 0
	for _, r := range got.Results {
		if r.Similarity > 0.75 {
			alike++
			if r.FirstIndex != 7 || r.SecondIndex != 3 {
				t.Errorf("pictures %d and %d are alike: %v", r.FirstIndex, r.SecondIndex, r.Similarity)
			}
		}
	}
	if len(got.Results) != 3 || alike != 1 {
		t.Errorf("got %d pairs, %d of one person, want 3 and 1: %+v", len(got.Results), alike, got.Results)
	}
	if alone := s.match(object{"data": pictureOf(t, "two_people.jpg"), "detectAll": true}); alone.Code != 0 || len(alone.Results) != 1 {
		t.Errorf("two faces of one picture: got code %d, %d pairs, want 0 and 1", alone.Code, len(alone.Results))
	}
	if central := s.match(object{"data": pictureOf(t, "two_people.jpg")}); central.Code != 224 {
		t.Errorf("one picture: got code %d, want 224", central.Code)
	}
}

// TestRegulaDetectGroups counts the faces of pictures of several people.
func TestRegulaDetectGroups(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	for name, people := range map[string][2]int{"two_people.jpg": {2, 2}, "six_people.jpg": {6, 7}} { // two more are cut by the edge
		all := s.detect(pictureOf(t, name), nil).Results.Detections
		if len(all) < people[0] || len(all) > people[1] {
			t.Errorf("%s: got %d faces, want %v", name, len(all), people)
		}
		central := s.one(pictureOf(t, name), object{"onlyCentralFace": true, "quality": object{"config": []object{{"name": "OtherFaces"}}}})
		if !slices.ContainsFunc(all, func(d regulaDetection) bool { return d.ROI == central.ROI }) {
			t.Errorf("%s: the central face at %v is none of all", name, central.ROI)
		}
		if d := central.Quality.Details[0]; d.Status != 0 || *d.Value != float64(len(all)-1) {
			t.Errorf("%s: got %v other faces, status %d, want %d, 0", name, *d.Value, d.Status, len(all)-1)
		}
		crops := s.detect(pictureOf(t, name), object{"scenario": "CropAllFaces"}).Results.Detections
		if len(crops) != len(all) || crops[0].Crop == "" || crops[len(crops)-1].Crop == "" {
			t.Errorf("%s: got %d crops, want %d", name, len(crops), len(all))
		}
	}
}

// TestRegulaCrops looks at crops of every type: their size, and that the eyes are
// level, in the middle, at 0.45 of the height.
func TestRegulaCrops(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	sizes := [][2]int{{300, 400}, {320, 400}, {400, 600}, {350, 350}, {413, 531}}
	for kind, size := range sizes {
		for _, sized := range []bool{false, true} {
			crop := object{"type": kind, "returnOriginalRect": true, "padColor": []int{255, 255, 255}}
			if sized {
				crop["size"] = size
			}
			d := s.one(portrait(t, "obama.jpg"), object{"outputImageParams": object{"crop": crop}})
			m := decodeCrop(t, d.Crop)
			w, h := m.Dx(), m.Dy()
			if sized && (w != size[0] || h != size[1]) || math.Abs(float64(w)/float64(h)-float64(size[0])/float64(size[1])) > 0.01 {
				t.Errorf("type %d: got %d x %d, want the aspect of %v; sized %t", kind, w, h, size, sized)
			}
			if len(d.OriginalRect) != 4 || d.OriginalRect[0] > d.ROI[0] || d.OriginalRect[2] < d.ROI[2] {
				t.Errorf("type %d: got the rectangle %v for a face at %v", kind, d.OriginalRect, d.ROI)
			}
			l := s.one(d.Crop, object{"onlyCentralFace": true}).Landmarks
			x, y := (l[0][0]+l[1][0])/2/float64(w), (l[0][1]+l[1][1])/2/float64(h)
			if math.Abs(x-0.5) > 0.06 || math.Abs(y-0.45) > 0.03 || math.Abs(l[0][1]-l[1][1]) > 0.06*(l[1][0]-l[0][0])+1 {
				t.Errorf("type %d: got the eyes at %.2f, %.2f, %v, want them level at 0.50, 0.45", kind, x, y, l[:2])
			}
		}
	}
	if d := s.one(portrait(t, "obama.jpg"), object{"outputImageParams": object{"crop": object{"type": 3, "size": []int{300, 400}}}}); decodeCrop(t, d.Crop).Dx() == 300 {
		t.Error("a size that is not of the type was taken")
	}
	thumbnails := ask[regulaDetected](s, "/api/detect", object{"image": portrait(t, "obama.jpg"), "thumbnails": true}).Results.Detections[0]
	if thumbnails.Crop != "" || decodeCrop(t, thumbnails.Thumbnail).Empty() {
		t.Error("thumbnails: got a crop, or no thumbnail")
	}
}

// decodeCrop returns the bounds of a JPEG.
func decodeCrop(t *testing.T, data string) image.Rectangle {
	t.Helper()
	return decodePicture(t, data).Bounds()
}

// TestRegulaQuality assesses a portrait that keeps the rules, and copies of it and
// other pictures that break one of them.
func TestRegulaQuality(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	crop := object{"type": 0, "padColor": []int{255, 255, 255}}
	good := s.one(pictureOf(t, "bella_1.jpg"), object{"onlyCentralFace": true, "outputImageParams": object{"crop": crop}}).Crop
	report := func(data string) regulaDetection { return s.one(data, object{"scenario": "QualityICAO"}) }
	d := report(good)
	for _, name := range d.Quality.NonCompliant {
		if name != "Yaw" && name != "FaceGlare" { // it looks 9° aside, and is lit like a magazine's
			t.Errorf("a good portrait: %s does not comply: %+v", name, d.Quality.Details)
		}
	}
	if d.Quality.Score < 0.9 {
		t.Errorf("a good portrait: got a score of %v, want at least 0.9", d.Quality.Score)
	}
	m := decodePicture(t, good)
	tests := map[string]struct {
		data string
		want []string
	}{
		"turned":                                {lfwPicture(t, "Tony_Blair"), []string{"Yaw", "OtherFaces", "ImageWidthToHeight", "EyesDistance"}},
		"dark":                                  {encodeAltered(t, m, func(c color.RGBA) color.RGBA { return color.RGBA{c.R / 12, c.G / 12, c.B / 12, 255} }), []string{"TooDark", "FaceDynamicRange"}},
		"flat":                                  {encodeAltered(t, m, func(c color.RGBA) color.RGBA { return color.RGBA{120 + c.R/5, 110 + c.G/5, 100 + c.B/5, 255} }), []string{"FaceDynamicRange"}},
		"green":                                 {encodeAltered(t, m, func(c color.RGBA) color.RGBA { return color.RGBA{c.G, c.R, c.B, 255} }), []string{"UnnaturalSkinTone"}},
		"masked":                                {encode(encodeJPEG(t, withMask(m, d.Landmarks))), []string{"MedicalMask", "FaceOccluded"}},
		"blurred":                               {encode(encodeJPEG(t, blurred(m, 24))), []string{"BlurLevel"}},
		"open-mouthed before a wall of letters": {pictureOf(t, "alice_1.jpg"), []string{"MouthOpen", "BackgroundUniformity"}},
	}
	for name, tt := range tests {
		bad := report(tt.data)
		for _, characteristic := range tt.want {
			if !slices.Contains(bad.Quality.NonCompliant, characteristic) {
				t.Errorf("%s: got %v, want %s among them", name, bad.Quality.NonCompliant, characteristic)
			}
		}
		if bad.Quality.Score > d.Quality.Score {
			t.Errorf("%s: got a score of %v, want no more than the good one's %v", name, bad.Quality.Score, d.Quality.Score)
		}
	}
	attributes := s.one(encode(encodeJPEG(t, withMask(m, d.Landmarks))), object{"attributes": object{"config": []object{{"name": "MedicalMask"}, {"name": "EyeLeft"}, {"name": "Age"}}}}).Attributes.Details
	if got := fmt.Sprintf("%v %v", attributes[0].Value, attributes[1].Value); got != "yes open" {
		t.Errorf("masked: got %v, want a mask and an open eye", attributes)
	}
}

// lfwPicture returns the first picture of somebody, or skips the test.
func lfwPicture(t *testing.T, name string) string {
	t.Helper()
	return pictureOf(t, filepath.Join("..", "..", "lfw", "images", name, name+"_0001.jpg"))
}

func encodeAltered(t *testing.T, m image.Image, change func(color.RGBA) color.RGBA) string {
	t.Helper()
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, change(out.RGBAAt(x, y)))
		}
	}
	return encode(encodeJPEG(t, out))
}

// blurred returns a picture without what is finer than a number of px.
func blurred(m image.Image, px int) image.Image {
	small := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx()/px, m.Bounds().Dy()/px))
	xdraw.BiLinear.Scale(small, small.Rect, m, m.Bounds(), xdraw.Src, nil)
	out := image.NewRGBA(m.Bounds())
	xdraw.CatmullRom.Scale(out, out.Rect, small, small.Rect, xdraw.Src, nil)
	return out
}

// withMask returns a portrait with a mask over nose and mouth.
func withMask(m image.Image, l [5][2]float64) image.Image {
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	eyes := l[1][0] - l[0][0]
	cx, top := l[2][0], l[2][1]-0.35*eyes
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			dx, dy := (float64(x)-cx)/(0.95*eyes), (float64(y)-top)/(1.45*eyes)
			if dy > 0 && dx*dx+dy*dy*dy < 1 {
				shade := uint8(15 * math.Abs(dx))
				out.SetRGBA(x, y, color.RGBA{165 - shade, 205 - shade, 225 - shade, 255})
			}
		}
	}
	return out
}

// TestRegulaDetectCodes asks for what the engine cannot do.
func TestRegulaDetectCodes(t *testing.T) {
	t.Parallel()
	s := startRegula(t)
	for name, tt := range map[string]struct {
		data string
		want int
	}{
		"no face": {encode(grey(t, 320, 240)), 2}, "no picture": {"", 1}, "text": {encode([]byte("hello")), 6},
		"no base64": {"*", 6}, "half a picture": {portrait(t, "obama.jpg")[:4000], 6}, "a vast header": {encode(pngHeader(50000, 50000)), 6},
	} {
		if got := s.detect(tt.data, object{"scenario": "QualityFull"}); got.Code != tt.want || got.Msg == "" || got.Results.Detections == nil {
			t.Errorf("%s: got code %d, %q, want %d", name, got.Code, got.Msg, tt.want)
		}
	}
}
