package engine

import (
	"math"

	"github.com/facekeep/facekeep/engine/pixel"
)

// tones says how much of a picture has each luma.
type tones struct {
	part     [256]float64 // of the pixels; all together 1
	mean, sd float64      // of luma, 0…255
}

func newTones(g *pixel.Grey) *tones {
	var counts [256]int
	var sum, squares float64
	for _, v := range g.Pix {
		counts[min(max(int(v+0.5), 0), 255)]++
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	n := float64(len(g.Pix))
	t := &tones{mean: sum / n}
	t.sd = math.Sqrt(max(squares/n-t.mean*t.mean, 0))
	for v, c := range counts {
		t.part[v] = float64(c) / n
	}
	return t
}

// brightness is the mean luma, from −10000 for black to 10000 for white. The least
// that a near liveness check wants, −7800, is a luma of 28: a dark face in a good
// light is above 55.
func (t *tones) brightness() float64 { return onScale(2*t.mean/255 - 1) }

// fullContrast is the standard deviation of luma that is 10000. A near liveness
// check wants −5000 to 6000, which is then 22.5 to 72: 98 % of LFW.
const fullContrast = 90

// contrast is the standard deviation of luma, from −10000 for none.
func (t *tones) contrast() float64 { return onScale(2*t.sd/fullContrast - 1) }

// span returns how far apart the darkest and the lightest hundredth are, in steps of
// luma.
func (t *tones) span() float64 { return float64(t.quantile(0.99) - t.quantile(0.01)) }

// quantile returns the least luma that a part of the pixels does not exceed.
func (t *tones) quantile(part float64) int {
	var sum float64
	for v, p := range t.part {
		if sum += p; sum >= part {
			return v
		}
	}
	return len(t.part) - 1
}

// levels says how many levels of luma are in use, from −10000 for one to 10000 for
// all. It follows the root, so that the 500 that a near liveness check wants are 71
// levels: 99.8 % of LFW have them, a face of a quarter of the usual contrast not.
func (t *tones) levels() float64 { return onScale(2*math.Sqrt(t.used()/256) - 1) }

// used returns how many levels a picture has that uses them all alike and tells as
// much as this one: 2 to the power of the entropy. A mere count would be of no use,
// because scaling leaves a pixel or two at every level.
func (t *tones) used() float64 {
	var entropy float64
	for _, p := range t.part {
		if p > 0 {
			entropy -= p * math.Log2(p)
		}
	}
	return math.Exp2(entropy)
}

// onScale maps −1…1 to −10000…10000.
func onScale(x float64) float64 { return 10000 * min(max(x, -1), 1) }
