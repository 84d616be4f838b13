//go:build !amd64

package exact

// fastest returns the best kernel that this processor can run.
func fastest() kernel { return portable() }
