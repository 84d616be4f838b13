package indexsync

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// TestBatch holds that a batch leaves what its changes would leave, one by one.
func TestBatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		changes []face.IndexChange
		want    []string
	}{
		{"nothing", nil, nil},
		{"puts of one label go together", []face.IndexChange{put("W", "a", "L"), put("V", "b", "L")}, []string{"put L W/a=[0] V/b=[1]"}},
		{"put and removed", []face.IndexChange{put("W", "a", "L"), remove("W", "a")}, []string{"remove W/a<2"}},
		{"removed and put again", []face.IndexChange{remove("W", "a"), put("W", "a", "L")}, []string{"remove W/a<1", "put L W/a=[0]"}},
		{"to and fro", []face.IndexChange{
			put("W", "a", "L"), remove("W", "a"), put("W", "a", "L"), put("W", "b", "L"), remove("W", "a"), remove("W", "b"), put("W", "b", "L"),
		}, []string{"remove W/a<5 W/b<6", "put L W/b=[1]"}},
		{"put twice", []face.IndexChange{put("W", "a", "L"), put("W", "a", "L")}, []string{"put L W/a=[0]"}},
		{"one watchlist of two", []face.IndexChange{put("W", "a", "L"), put("V", "a", "L"), remove("W", "a")}, []string{"remove W/a<3", "put L V/a=[0]"}},
		{"dropped with all that is in it", []face.IndexChange{put("W", "a", "L"), remove("W", "b"), drop("W"), put("V", "a", "L")}, []string{"drop W", "put L V/a=[0]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for i := range tt.changes {
				tt.changes[i].Seq = int64(i + 1)
			}
			index := &fakeIndex{}
			if err := newBatch(tt.changes).apply(t.Context(), index); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, index.done()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}
