package main_test

import (
	"image"
	"math"
	"slices"
	"testing"
)

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
			if math.Abs(x-0.5) > 0.06 || math.Abs(y-0.45) > 0.03 || math.Abs(l[0][1]-l[1][1]) > 0.12*(l[1][0]-l[0][0])+1 {
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
