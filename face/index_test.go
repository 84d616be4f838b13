package face_test

import (
	"math"
	"testing"

	"github.com/facekeep/facekeep/face"
)

func TestCheckVector(t *testing.T) {
	t.Parallel()
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, tt := range map[string]struct {
		vector []float32
		fine   bool
	}{
		"unit":              {[]float32{0.6, -0.8}, true},
		"rounded":           {[]float32{0.6001, -0.8}, true},
		"short":             {[]float32{0.6, -0.7}, false},
		"long":              {[]float32{1, 1}, false},
		"empty":             {nil, false},
		"not a number":      {[]float32{1, nan}, false},
		"without an end":    {[]float32{inf, 0}, false},
		"both infinities":   {[]float32{inf, -inf}, false},
		"all but too small": {make([]float32, 128), false},
	} {
		err := face.CheckVector(tt.vector)
		if (err == nil) != tt.fine || err != nil && face.KindOf(err) != face.Invalid {
			t.Errorf("%s: CheckVector = %v, fine should be %v", name, err, tt.fine)
		}
	}
}
