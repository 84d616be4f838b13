package engine

import (
	"fmt"
	"math"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// yunet reads the detector YuNet: a face for every cell of three grids, of 8, 16
// and 32 pixels a side.
type yunet struct{}

// strides returns the sides of a cell in px.
func (yunet) strides() [3]int { return [3]int{8, 16, 32} }

func (y yunet) spec() ModelSpec {
	s := ModelSpec{Input: "input"}
	for _, name := range []string{"cls", "obj", "bbox", "kps"} {
		for _, stride := range y.strides() {
			s.Outputs = append(s.Outputs, fmt.Sprintf("%s_%d", name, stride))
		}
	}
	return s
}

func (yunet) norm() pixel.Norm { return pixel.Norm{Scale: [3]float32{1, 1, 1}, BGR: true} }

func (yunet) scale() confidenceScale { return confidenceScale{cut: 0.6} }

func (y yunet) outputs(bufs *pixel.Buffers, inputs int64, width, height int) []*pixel.Tensor {
	out := make([]*pixel.Tensor, 0, 12)
	for _, values := range []int64{1, 1, 4, 10} {
		for _, stride := range y.strides() {
			out = append(out, bufs.Tensor(inputs, int64(width/stride)*int64(height/stride), values))
		}
	}
	return out
}

func (y yunet) decode(out [][]float32, width, _ int, minScore float64) []detection {
	var found []detection
	least := float32(minScore * minScore)
	for level, stride := range y.strides() {
		cls, obj := out[level], out[3+level]
		box, points := out[6+level], out[9+level]
		columns := width / stride
		for i := range cls {
			product := clamp01(cls[i]) * clamp01(obj[i])
			if !(product >= least) {
				continue
			}
			c := yunetCell{x: float64(i % columns), y: float64(i / columns), stride: float64(stride)}
			d := c.detection(box[4*i:4*i+4], points[10*i:10*i+10])
			d.score = math.Sqrt(float64(product))
			found = append(found, d)
		}
	}
	return found
}

// yunetCell is a cell of a grid, by column, row and side in px.
type yunetCell struct{ x, y, stride float64 }

// detection reads the face of a cell. The model speaks of the right eye of the
// person first, which is the left one in the picture.
func (c yunetCell) detection(box, points []float32) detection {
	w, h := math.Exp(float64(box[2]))*c.stride, math.Exp(float64(box[3]))*c.stride
	at := func(dx, dy float32) face.Point {
		return face.Point{X: (c.x + float64(dx)) * c.stride, Y: (c.y + float64(dy)) * c.stride}
	}
	middle := at(box[0], box[1])
	return detection{
		box: face.Box{X: middle.X - w/2, Y: middle.Y - h/2, W: w, H: h},
		landmarks: face.Landmarks{
			LeftEye: at(points[0], points[1]), RightEye: at(points[2], points[3]), Nose: at(points[4], points[5]),
			LeftMouth: at(points[6], points[7]), RightMouth: at(points[8], points[9]),
		},
	}
}

// clamp01 puts a number into 0…1, and NaN to 0.
func clamp01(v float32) float32 {
	if !(v > 0) {
		return 0
	}
	return min(v, 1)
}
