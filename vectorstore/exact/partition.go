package exact

import (
	"sync"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const (
	chunkRows = 4096 // rows of a full chunk
	firstRows = 8    // rows that the first chunk starts with: most watchlists are small
)

// partition holds the rows of one label and watchlist without gaps, in chunks.
// All chunks but the last are full, so that row i is in chunk i/chunkRows.
type partition struct {
	watchlist uuid.UUID
	dim       int

	mu     sync.RWMutex
	chunks []chunk
	at     map[uuid.UUID]int32 // row of each face
}

// chunk is a run of rows.
type chunk struct {
	vectors []float32 // dim for each row
	owners  []owner
}

// owner says whose face a row is, and which change put it.
type owner struct {
	member, face uuid.UUID
	version      int64
}

func newPartition(watchlist uuid.UUID, dim int) *partition {
	return &partition{watchlist: watchlist, dim: dim, at: map[uuid.UUID]int32{}}
}

func (p *partition) len() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.at)
}

// put stores a row in place of the one that has its face, unless that is newer,
// or as the last.
func (p *partition) put(r face.IndexRow) {
	p.mu.Lock()
	defer p.mu.Unlock()
	row, ok := p.at[r.Face]
	if !ok {
		row = int32(len(p.at))
		p.grow()
		p.at[r.Face] = row
	}
	vec, own := p.row(int(row))
	if ok && own.version > r.Version {
		return
	}
	copy(vec, r.Vector)
	*own = owner{member: r.Member, face: r.Face, version: r.Version}
}

// remove takes out the row of a face, if there is one and its version is below a
// bound, by moving the last row into its place. It returns how many rows are left.
func (p *partition) remove(id uuid.UUID, before int64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	row, ok := p.at[id]
	if !ok {
		return len(p.at)
	}
	if _, own := p.row(int(row)); own.version >= before {
		return len(p.at)
	}
	last := len(p.at) - 1
	lastVec, lastOwn := p.row(last)
	if int(row) != last {
		vec, own := p.row(int(row))
		copy(vec, lastVec)
		*own = *lastOwn
		p.at[own.face] = row
	}
	clear(lastVec) // a template does not stay in memory after its deletion
	*lastOwn = owner{}
	delete(p.at, id)
	p.shrink()
	return last
}

// row returns where a row is stored.
func (p *partition) row(i int) ([]float32, *owner) {
	c, j := &p.chunks[i/chunkRows], i%chunkRows
	return c.vectors[j*p.dim : (j+1)*p.dim], &c.owners[j]
}

// grow makes room for one more row at the end. The first chunk doubles until it
// is full; every other one is made at its full size.
func (p *partition) grow() {
	n := len(p.chunks)
	if n == 0 || len(p.chunks[n-1].owners) == chunkRows {
		rows := chunkRows
		if n == 0 {
			rows = firstRows
		}
		p.chunks = append(p.chunks, p.newChunk(rows))
		n++
	}
	c := &p.chunks[n-1]
	if used := len(c.owners); used == cap(c.owners) {
		wider := p.newChunk(min(2*used, chunkRows))
		wider.vectors = append(wider.vectors, c.vectors...)
		wider.owners = append(wider.owners, c.owners...)
		clear(c.vectors)
		*c = wider
	}
	c.vectors = c.vectors[:len(c.vectors)+p.dim]
	c.owners = c.owners[:len(c.owners)+1]
}

// shrink gives up the last row, and the last chunk with its last row.
func (p *partition) shrink() {
	n := len(p.chunks)
	c := &p.chunks[n-1]
	c.vectors = c.vectors[:len(c.vectors)-p.dim]
	c.owners = c.owners[:len(c.owners)-1]
	if len(c.owners) == 0 {
		p.chunks[n-1] = chunk{}
		p.chunks = p.chunks[:n-1]
	}
}

func (p *partition) newChunk(rows int) chunk {
	return chunk{vectors: make([]float32, 0, rows*p.dim), owners: make([]owner, 0, rows)}
}
