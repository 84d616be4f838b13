package engine

import (
	"math"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// centerface reads the detector CenterFace: a heat map of the middles of faces,
// with a cell for every 4 pixels a side, and for each cell the size of its face,
// where in the cell the middle is, and five landmarks.
type centerface struct{}

const centerfaceStride = 4

// spec frees the batch and the size, which the file fixes to 10×3×32×32. The
// outputs are heat map, size, offset and landmarks.
func (centerface) spec() ModelSpec {
	return ModelSpec{Input: "input.1", Outputs: []string{"537", "538", "539", "540"}, FreeDims: []int{0, 2, 3}}
}

func (centerface) norm() pixel.Norm { return pixel.Norm{Scale: [3]float32{1, 1, 1}} }

func (centerface) scale() confidenceScale { return confidenceScale{cut: 0.35} }

func (centerface) outputs(bufs *pixel.Buffers, inputs int64, width, height int) []*pixel.Tensor {
	out := make([]*pixel.Tensor, 0, 4)
	for _, planes := range []int64{1, 2, 2, 10} {
		out = append(out, bufs.Tensor(inputs, planes, int64(height/centerfaceStride), int64(width/centerfaceStride)))
	}
	return out
}

func (centerface) decode(out [][]float32, width, _ int, minScore float64) []detection {
	var found []detection
	heat := out[0]
	columns := width / centerfaceStride
	for i, score := range heat {
		if !(float64(score) >= minScore) {
			continue
		}
		// The value of plane p of an output at this cell.
		value := func(output, p int) float64 { return float64(out[output][p*len(heat)+i]) }
		h := math.Exp(value(1, 0)) * centerfaceStride
		w := math.Exp(value(1, 1)) * centerfaceStride
		box := face.Box{
			X: (float64(i%columns)+value(2, 1)+0.5)*centerfaceStride - w/2,
			Y: (float64(i/columns)+value(2, 0)+0.5)*centerfaceStride - h/2,
			W: w, H: h,
		}
		at := func(n int) face.Point {
			return face.Point{X: box.X + value(3, 2*n+1)*w, Y: box.Y + value(3, 2*n)*h}
		}
		found = append(found, detection{
			box: box, score: min(float64(score), 1),
			landmarks: face.Landmarks{LeftEye: at(0), RightEye: at(1), Nose: at(2), LeftMouth: at(3), RightMouth: at(4)},
		})
	}
	return found
}
