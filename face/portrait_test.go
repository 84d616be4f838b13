package face_test

import (
	"testing"

	"github.com/facekeep/facekeep/face"
)

func TestAspectFits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		aspect        face.Aspect
		width, height int
		want          bool
	}{
		{face.Aspect3x4, 300, 400, true},
		{face.Aspect3x4, 400, 300, false},
		{face.Aspect3x4, 299, 400, true}, // one px off
		{face.Aspect3x4, 297, 400, false},
		{face.Aspect3x4, 0, 0, false},
		{face.Aspect3x4, -3, -4, false},
		{face.Aspect4x5, 400, 500, true},
		{face.Aspect2x3, 400, 600, true},
		{face.Aspect1x1, 600, 600, true},
		{face.Aspect1x1, 600, 602, false},
		{face.Aspect7x9, 413, 531, true}, // 35 mm by 45 mm at 300 dpi
		{face.Aspect(9), 0, 0, false},
		{face.Aspect(9), 300, 400, false},
	}
	for _, tt := range tests {
		if got := tt.aspect.Fits(tt.width, tt.height); got != tt.want {
			t.Errorf("aspect %d: Fits(%d, %d) = %t, want %t", tt.aspect, tt.width, tt.height, got, tt.want)
		}
	}
}
