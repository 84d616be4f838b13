package exact

// kernel writes the dot product of q and each row of rows into out: len(q) =
// dim ≥ 1, len(rows) = dim·len(out). The products of a row are summed in an order
// that depends on dim alone, so that equal rows get equal results wherever they
// are. Kernels may differ from each other in the last places.
type kernel struct {
	name string
	dots func(q, rows []float32, dim int, out []float32)
}

// portable works everywhere. It sums in eight lanes, which the processor can
// work on at once.
func portable() kernel {
	return kernel{name: "portable", dots: func(q, rows []float32, dim int, out []float32) {
		for i := range out {
			out[i] = dot(q[:dim], rows[i*dim:][:dim])
		}
	}}
}

func dot(q, r []float32) float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for len(q) >= 8 && len(r) >= 8 {
		a, b := (*[8]float32)(q), (*[8]float32)(r)
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		s4 += a[4] * b[4]
		s5 += a[5] * b[5]
		s6 += a[6] * b[6]
		s7 += a[7] * b[7]
		q, r = q[8:], r[8:]
	}
	for i := range min(len(q), len(r)) {
		s0 += q[i] * r[i]
	}
	return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
}
