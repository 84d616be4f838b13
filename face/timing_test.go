package face_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

func TestTiming(t *testing.T) {
	t.Parallel()
	none := face.TimingOf(t.Context())
	none.Add("decode", time.Second)
	if got := none.Steps(); got != nil {
		t.Errorf("no timing: got %v, want nothing", got)
	}
	ctx, timing := face.WithTiming(t.Context())
	face.TimingOf(ctx).Add("decode", 2*time.Second)
	face.TimingOf(ctx).Add("detect", time.Second)
	face.TimingOf(ctx).Add("decode", time.Second)
	want := []face.Step{{Name: "decode", Took: 3 * time.Second}, {Name: "detect", Took: time.Second}}
	if diff := cmp.Diff(want, timing.Steps()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
