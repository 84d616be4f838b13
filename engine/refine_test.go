package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// Both looks at a face in one run see what two runs would. Places that a warp cannot
// tell apart are equal: it counts in 256ths of a pixel.
func TestLooksAtOnce(t *testing.T) {
	t.Parallel()
	const side = 160
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		t.Run(string(pack), func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, pack, engine.Config{})
			for _, path := range portraits() {
				m := decodeJPEG(t, read(t, path))
				atOnce, oneByOne, err := e.Looks(rgb(scaledTo(m, m.Bounds(), side, side)))
				if err != nil {
					t.Fatal(err)
				}
				if (atOnce[0] == face.Landmarks{} || atOnce[1] == face.Landmarks{}) {
					t.Fatalf("%s: got no face, want one in each look", path)
				}
				if diff := cmp.Diff(oneByOne, atOnce, cmpopts.EquateApprox(0, 1./256)); diff != "" {
					t.Errorf("%s (-one by one +at once):\n%s", path, diff)
				}
			}
		})
	}
}
