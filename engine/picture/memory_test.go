package picture

import "testing"

// What is reserved must cover what decoding holds: the pixels, what they are made
// from, and the coefficients of a picture that comes in several scans.
func TestMemory(t *testing.T) {
	t.Parallel()
	const pixels = 1000 * 1000
	tests := []struct {
		name    string
		h       header
		std     int64
		withLib int64
	}{
		{"baseline 4:2:0", header{format: JPEG, components: 3, samples: 1.5, pixelBytes: 1.5, scans: 1}, 4.5 * pixels, 3 * pixels},
		{"progressive 4:2:0", header{format: JPEG, components: 3, samples: 1.5, pixelBytes: 1.5, scans: 10, progressive: true}, 10.5 * pixels, 6 * pixels},
		{"baseline in three scans", header{format: JPEG, components: 3, samples: 3, pixelBytes: 3, scans: 3}, 18 * pixels, 9 * pixels},
		{"CMYK", header{format: JPEG, components: 4, samples: 4, pixelBytes: 4, scans: 1}, 7 * pixels, 7 * pixels},
		{"PNG with transparency", header{format: PNG, pixelBytes: 4}, 7 * pixels, 7 * pixels},
		{"deep PNG", header{format: PNG, pixelBytes: 8}, 11 * pixels, 11 * pixels},
	}
	for _, tt := range tests {
		tt.h.width, tt.h.height = 1000, 1000
		if std, withLib := tt.h.memory(false), tt.h.memory(true); std != tt.std || withLib != tt.withLib {
			t.Errorf("%s: got %d and %d bytes, want %d and %d", tt.name, std, withLib, tt.std, tt.withLib)
		}
	}
}
