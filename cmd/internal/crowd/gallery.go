package crowd

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Gallery is a crowd with probes to search it by.
type Gallery struct {
	Label      face.TemplateLabel
	Rows       []face.IndexRow // a face and a member each, in watchlists in turn
	Real       int             // of the rows, the first ones: people who are not made up
	Watchlists []uuid.UUID
	Mated      []Probe // another picture of somebody in the gallery
	NonMated   []Probe // somebody who is not
}

// Probe is a template to search by.
type Probe struct {
	Vector    []float32
	Watchlist int // of the mate, or any: number in Gallery.Watchlists
}

const (
	outside   = 10  // every tenth person stays out of the gallery
	synthetic = 500 // mated probes of people who are made up
)

// NewGallery makes a gallery of so many rows. Its people are the first templates
// of nine in ten of the real ones, as far as there is room, and others made up
// around them. Mated probes are second pictures of the real ones, and 500 more
// around others, at cosines drawn from those of the real pairs. Non-mated probes
// are all templates of every tenth person.
func NewGallery(p People, rows, watchlists int) *Gallery {
	g := &Gallery{Label: p.Label}
	for i := range watchlists {
		g.Watchlists = append(g.Watchlists, numbered('w', i))
	}
	rng := seeded(2)
	inside := g.admit(p, rows)
	g.Real = len(inside)
	like := shapeOf(firsts(p.Faces))
	for len(g.Rows) < rows {
		kin := inside[rng.IntN(len(inside))].Templates[0]
		g.add(near(rng, like, kin, 0.2+0.3*rng.Float64()))
	}
	g.probe(rng, like, inside)
	return g
}

// admit puts real people into the gallery, and the others among the probes.
func (g *Gallery) admit(p People, rows int) (inside []Person) {
	for i, person := range p.Faces {
		switch {
		case i%outside == 0:
			for _, t := range person.Templates {
				g.NonMated = append(g.NonMated, Probe{Vector: t, Watchlist: len(g.NonMated) % len(g.Watchlists)})
			}
		case len(g.Rows) < rows:
			inside = append(inside, person)
			g.add(person.Templates[0])
		}
	}
	return inside
}

// probe makes the mated probes.
func (g *Gallery) probe(rng *rand.Rand, like *shape, inside []Person) {
	var pairs []float64
	for i, person := range inside {
		if len(person.Templates) > 1 {
			pairs = append(pairs, face.Dot(person.Templates[0], person.Templates[1]))
			g.Mated = append(g.Mated, Probe{Vector: person.Templates[1], Watchlist: i % len(g.Watchlists)})
		}
	}
	for range synthetic {
		i := rng.IntN(len(g.Rows))
		cosine := pairs[rng.IntN(len(pairs))]
		g.Mated = append(g.Mated, Probe{Vector: near(rng, like, g.Rows[i].Vector, cosine), Watchlist: i % len(g.Watchlists)})
	}
}

func (g *Gallery) add(vector []float32) {
	n := len(g.Rows)
	g.Rows = append(g.Rows, face.IndexRow{
		Watchlist: g.Watchlists[n%len(g.Watchlists)], Member: numbered('m', n), Face: numbered('f', n), Vector: vector,
	})
}

// Lists returns so many watchlists, the probe's first; none stands for all.
func (g *Gallery) Lists(p Probe, n int) []uuid.UUID {
	out := make([]uuid.UUID, n)
	for i := range out {
		out[i] = g.Watchlists[(p.Watchlist+i)%len(g.Watchlists)]
	}
	return out
}

// Query asks for the nearest limit people in so many watchlists; 0 stands for all.
func (g *Gallery) Query(p Probe, lists, limit int) face.IndexQuery {
	return face.IndexQuery{Label: g.Label, Vector: p.Vector, Watchlists: g.Lists(p, lists), Limit: limit, MinCosine: -1}
}

// IDs returns what watchlists are called in a database that holds the gallery.
func (g *Gallery) IDs(watchlists []uuid.UUID) []string {
	out := make([]string, len(watchlists))
	for i, w := range watchlists {
		out[i] = listID(slices.Index(g.Watchlists, w))
	}
	return out
}

func listID(n int) string { return fmt.Sprint("list", n) }

// numbered returns a fixed id; ids rise with n.
func numbered(kind byte, n int) uuid.UUID {
	u := uuid.UUID{0: kind, 6: 0x70, 8: 0x80} // version 7, as the program makes them
	binary.BigEndian.PutUint32(u[12:], uint32(n))
	return u
}

func firsts(people []Person) [][]float32 {
	out := make([][]float32, len(people))
	for i, p := range people {
		out[i] = p.Templates[0]
	}
	return out
}
