package engine_test

import (
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/pixel"
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

// What is found out about the faces of a picture does not depend on how many of them a
// model sees in one run, but for the order in which a processor may add numbers up.
func TestFacesInBatches(t *testing.T) {
	t.Parallel()
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		t.Run(string(pack), func(t *testing.T) {
			t.Parallel()
			e, data := newEngine(t, pack, engine.Config{}), read(t, "shared/images/people/six_people.jpg")
			opts := all()
			opts.Mask, opts.NoseTip, opts.Eyes, opts.Mouth, opts.Pose = true, true, true, true, true
			opts.Liveness = []face.LivenessCheck{{Kind: face.Distant}}
			e.SetFacesPerRun(1)
			alone := inspect(t, e, data, opts)
			if len(alone.Faces) < 5 {
				t.Fatalf("got %d faces, want five at least", len(alone.Faces))
			}
			for _, n := range []int{2, 32} {
				e.SetFacesPerRun(n)
				if diff := cmp.Diff(alone, inspect(t, e, data, opts), cmpopts.EquateApprox(1e-4, 1e-4)); diff != "" {
					t.Errorf("%d faces in a run (-alone +together):\n%s", n, diff)
				}
			}
		})
	}
}

// Runs of a model that are made together give what each gives alone.
func TestGatheredRuns(t *testing.T) {
	t.Parallel()
	e := newEngine(t, models.Standard, engine.Config{})
	gathered, alone := e.Gathered()
	var callers sync.WaitGroup
	for n := range 12 {
		callers.Go(func() {
			bufs := new(pixel.Buffers)
			in, got, want := bufs.Tensor(1, 3, 112, 112), bufs.Tensor(1, 128), bufs.Tensor(1, 128)
			for i := range in.Data {
				in.Data[i] = float32(math.Sin(float64(i * (n + 1))))
			}
			if err := errors.Join(gathered.Run(in, []*pixel.Tensor{got}), alone.Run(in, []*pixel.Tensor{want})); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(want.Data, got.Data, cmpopts.EquateApprox(1e-4, 1e-4)); diff != "" {
				t.Errorf("caller %d (-alone +gathered):\n%s", n, diff)
			}
		})
	}
	callers.Wait()
}
