package pixel

// Widths are the forms of the kernels from the portable one to the widest, by name.
func Widths() []string { return []string{"portable", "AVX2", "AVX-512"} }

// Narrow keeps to a form of the kernels, or the widest that this processor has below it,
// until the function that it returns is called.
func Narrow(width int) (restore func()) {
	before := wide
	wide = min(wide, width)
	return func() { wide = before }
}
