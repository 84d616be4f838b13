package exact

// fastest returns the best kernel that this processor can run.
func fastest() kernel {
	if !hasAVX2FMA() {
		return portable()
	}
	return kernel{name: "avx2", dots: func(q, rows []float32, dim int, out []float32) {
		if len(out) == 0 {
			return
		}
		_, _ = q[dim-1], rows[dim*len(out)-1] // the assembly checks no bounds
		dotsAVX2(&q[0], &rows[0], dim, len(out), &out[0])
	}}
}

// dotsAVX2 is a kernel on n rows of dim values. It reads q[:dim] and
// rows[:dim·n] and writes out[:n].
//
//go:noescape
func dotsAVX2(q, rows *float32, dim, n int, out *float32)

// hasAVX2FMA reports whether processor and operating system have AVX2 and FMA.
func hasAVX2FMA() bool
