package regula_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// A search shows the crop of the face if it is asked for, and no thumbnail.
func TestSearchCrops(t *testing.T) {
	t.Parallel()
	for params, want := range map[string]*face.Portrait{
		`null`: nil, `{}`: nil, `{"crop":null}`: nil, `{"crop":{}}`: {},
		`{"crop":{"type":1,"size":[400,500],"padColor":[255,0,9]}}`: {Aspect: face.Aspect4x5, Width: 400, Height: 500, Pad: [3]uint8{255, 0, 9}},
	} {
		g := sampleGallery()
		if want != nil {
			g.identified[0].Portrait = &face.Image{Data: []byte("jpeg")}
		}
		rec := newServer(t, g).do(t, "POST", searchRoute, `{"image":{"content":"/9j/"},"outputImageParams":`+params+`}`, searchRoute)
		var got struct {
			Persons []struct {
				Detection struct{ Crop *string }
			}
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK || len(got.Persons) != 1 {
			t.Fatalf("%s: got %d: %s, %v", params, rec.Code, rec.Body, err)
		}
		if crop := got.Persons[0].Detection.Crop; (crop != nil) != (want != nil) || crop != nil && *crop != "anBlZw==" {
			t.Errorf("%s: got the crop %v", params, crop)
		}
		asked := g.did[len(g.did)-1].([]any)
		if diff := cmp.Diff(want, asked[1].(gallery.MembersQuery).Inspect.Portrait); diff != "" {
			t.Errorf("%s: -want +got\n%s", params, diff)
		}
	}
}

func TestSearchRefusesCrops(t *testing.T) {
	t.Parallel()
	rec := newServer(t, sampleGallery()).do(t, "POST", searchRoute, `{"image":{"content":"/9j/"},"outputImageParams":{"crop":{"type":9}}}`, searchRoute)
	if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Metadata["field"] != "outputImageParams.crop.type" {
		t.Errorf("got %d: %s, want 400 about outputImageParams.crop.type", rec.Code, rec.Body)
	}
}
