package exact

import "math"

// A row is kept twice: as it is, and as a code of 8 bits a value, which a scan reads
// first. A code says within which bounds the cosine lies; only rows whose upper bound
// reaches what is wanted are read as they are. So the answer is that of a scan of the
// rows themselves, and a scan reads a quarter of the memory.

// codeStep is what the number of codes of a row is a multiple of.
const codeStep = 64

// codeMiddle is the code of zero.
const codeMiddle = 128

// stride returns how many codes a row of a dimension has.
func stride(dim int) int { return (dim + codeStep - 1) / codeStep * codeStep }

// coding says what a code stands for: its values, less codeMiddle, times scale. That is
// away from the row by a vector of length off at most.
type coding struct{ scale, off float32 }

// codings are those of a run of rows.
type codings struct{ scales, offs []float32 }

func newCodings(rows int) codings {
	return codings{make([]float32, rows), make([]float32, rows)}
}

func (c *codings) set(j int, to coding) { c.scales[j], c.offs[j] = to.scale, to.off }

func (c *codings) at(j int) coding { return coding{c.scales[j], c.offs[j]} }

// probe is what a scan looks for.
type probe struct {
	vector []float32
	codes  []int8
	wide   []int16 // the same codes
	coding
}

func newProbe(vector []float32) *probe {
	n := stride(len(vector))
	p := &probe{vector: vector, codes: make([]int8, n), wide: make([]int16, n)}
	coded := make([]uint8, n)
	p.coding = encode(vector, coded)
	for i, c := range coded {
		p.wide[i] = int16(c) - codeMiddle
		p.codes[i] = int8(p.wide[i])
	}
	return p
}

// encode writes the code of a vector, which is finite, and what it stands for.
func encode(vector []float32, code []uint8) coding {
	var most float32
	for _, x := range vector {
		most = max(most, max(x, -x))
	}
	scale := float64(most) / 127
	var off float64
	for i, x := range vector {
		n := 0.0
		if scale > 0 {
			n = math.RoundToEven(float64(x) / scale)
		}
		code[i] = uint8(n + codeMiddle)
		d := float64(x) - float64(float32(scale))*n
		off += d * d
	}
	for i := len(vector); i < len(code); i++ {
		code[i] = codeMiddle
	}
	return coding{scale: float32(scale), off: roundUp(math.Sqrt(off))}
}

// roundUp returns a float32 that is not below x.
func roundUp(x float64) float32 { return math.Nextafter32(float32(x), math.MaxFloat32) }

// unitLength bounds the length of a stored vector or probe: see face.CheckVector.
const unitLength = 1.001

// rounding is more than the arithmetic of a bound and of a dot product may be off by.
const rounding = 1e-5

// bounds returns what a row has to reach for its cosine to be bar or more: by, plus and
// least of dot·scale·by + off·plus ≥ least, with the dot product of the codes and the
// coding of the row. With the probe x = x̂+dx and the row y = ŷ+dy,
// x·y = x̂·ŷ + dx·ŷ + x·dy, and no dot product is more than the product of the lengths.
func (p *probe) bounds(bar float64) (by, plus, least float32) {
	return p.scale, unitLength + p.off, float32(bar - rounding - float64(p.off)*unitLength)
}
