package pixel

// Portable turns the wide forms of the kernels off until the function that it returns
// is called.
func Portable() (restore func()) {
	before := wide
	wide = 0
	return func() { wide = before }
}
