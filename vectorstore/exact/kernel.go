package exact

// #cgo CFLAGS: -O3
// #cgo noescape fk_dots
// #cgo nocallback fk_dots
// #cgo noescape fk_codes
// #cgo nocallback fk_codes
// #cgo noescape fk_likely
// #cgo nocallback fk_likely
// #include "kernels.h"
import "C"

// kernel is the arithmetic of a scan. It is in C, which this program needs a
// compiler for anyway: one source for each processor, and nothing to keep in step
// with an assembler.
type kernel C.int

// The kernels there are, by the width of their arithmetic.
const (
	portable kernel = C.FK_PORTABLE
	avx2     kernel = C.FK_AVX2
	avx512   kernel = C.FK_AVX512
	neon     kernel = C.FK_NEON
)

// fastest returns the widest kernel that this processor can run.
func fastest() kernel { return kernel(C.fk_best()) }

// String returns the name of the kernel for logs.
func (k kernel) String() string {
	switch k {
	case avx2:
		return "avx2"
	case avx512:
		return "avx512"
	case neon:
		return "neon"
	case portable:
	}
	return "portable"
}

// dots writes the dot product of q and each row of rows into out: len(q) = dim ≥ 1,
// len(rows) = dim·len(out). The products of a row are summed in an order that depends
// on dim alone, so that equal rows get equal results wherever they are. Kernels may
// differ from each other in the last places.
func (k kernel) dots(q, rows []float32, out []float32) {
	if len(out) == 0 {
		return
	}
	_ = rows[len(q)*len(out)-1] // C checks no bounds
	C.fk_dots(C.int(k), (*C.float)(&q[0]), (*C.float)(&rows[0]), C.long(len(q)), C.long(len(out)), (*C.float)(&out[0]))
}

// codes writes the dot product of the codes of a probe and each row of codes into out,
// as integers; all kernels give the same.
func (k kernel) codes(p *probe, rows []uint8, out []int32) {
	if len(out) == 0 {
		return
	}
	stride := len(p.codes)
	_ = rows[stride*len(out)-1]
	C.fk_codes(C.int(k), (*C.int8_t)(&p.codes[0]), (*C.int16_t)(&p.wide[0]), (*C.uint8_t)(&rows[0]), C.long(stride), C.long(len(out)), (*C.int32_t)(&out[0]))
}

// likely writes into out which rows of a block may have a cosine of at least bar with a
// probe, by the dot products of their codes, and returns how many they are.
func likely(p *probe, dots []int32, rows *codings, start int, bar float64, out []int32) int {
	n := len(dots)
	if n == 0 {
		return 0
	}
	scales, offs := rows.scales[start:start+n], rows.offs[start:start+n]
	_ = out[n-1]
	by, plus, least := p.bounds(bar)
	return int(C.fk_likely((*C.int32_t)(&dots[0]), (*C.float)(&scales[0]), (*C.float)(&offs[0]), C.long(n),
		C.float(by), C.float(plus), C.float(least), (*C.int32_t)(&out[0])))
}
