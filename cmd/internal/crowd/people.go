package crowd

import (
	"math/rand/v2"
	"testing"

	"github.com/facekeep/facekeep/face"
)

// Person is somebody with the template of each of his pictures, at least one.
type Person struct {
	Name      string
	Templates [][]float32 // of unit length
}

// People are what a gallery is made around.
type People struct {
	Label  face.TemplateLabel
	Faces  []Person // in order of name
	Source string   // where they come from, for a log
}

// Real returns the people of the LFW folder beside the project, by the templates
// that the standard pack makes of their pictures. That takes some minutes once,
// and is kept in .cache. Where folder, models or libraries are missing, it says so
// and returns Made.
func Real(tb testing.TB) People {
	tb.Helper()
	people, why := fromLFW(tb)
	if why != "" {
		tb.Logf("%s: people are made up altogether", why)
		return Made(2000)
	}
	return people
}

// Made returns people who are made up altogether, with two pictures each at a
// cosine of 0.65 or so. Their directions are as unequal as those of real templates.
func Made(n int) People {
	const dim = 128
	rng, like := seeded(1), slanted(dim)
	out := People{Label: "crowd@1", Source: "made up"}
	for range n {
		first := like.draw(rng)
		second := near(rng, like, first, min(max(0.65+0.1*rng.NormFloat64(), 0.3), 0.9))
		out.Faces = append(out.Faces, Person{Templates: [][]float32{first, second}})
	}
	return out
}

// seeded returns random numbers that are the same each time.
func seeded(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 0xface)) //nolint:gosec // data to measure with, no secret
}
