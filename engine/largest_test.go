package engine_test

import (
	"bytes"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// Who asks for the largest face gets the one that is the first of all, though the picture
// is looked at less closely; in groups, and in whatever size the picture comes.
func TestLargestFace(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	for _, name := range []string{"alice_1", "alice_2", "bella_1", "bella_2", "carl_1", "carl_2", "dora_1", "two_people", "six_people"} {
		whole := decodeJPEG(t, read(t, "shared/images/people/"+name+".jpg"))
		for _, side := range []int{400, 600, 1000, 1800} {
			bounds := whole.Bounds()
			k := float64(side) / float64(max(bounds.Dx(), bounds.Dy()))
			var data bytes.Buffer
			scaled := scaledTo(whole, bounds, int(k*float64(bounds.Dx())), int(k*float64(bounds.Dy())))
			if err := jpeg.Encode(&data, scaled, nil); err != nil {
				t.Fatal(err)
			}
			opts := face.InspectOptions{MinFaceSize: 10, Templates: true}
			want := inspect(t, e, data.Bytes(), opts).Faces[0]
			opts.MaxFaces = 1
			got := only(t, e, data.Bytes(), opts)
			// Of faces much alike another may be the largest: which one is kept is decided
			// before their landmarks are refined, which changes sizes.
			if got.Size < 0.8*want.Size {
				t.Errorf("%s at %d px: got a face of %.1f px at %+v, want that of %.1f px at %+v", name, side, got.Size, got.Box, want.Size, want.Box)
			}
			alone := !strings.HasSuffix(name, "people")
			if c := cosine(got.Template, want.Template); alone && c < 0.95 {
				t.Errorf("%s at %d px: the templates have a cosine of %.3f, want 0.95", name, side, c)
			}
		}
	}
}
