package exact

import (
	"slices"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const (
	chunkRows = 1024 // rows of a full chunk
	firstRows = 8    // rows that the first chunk starts with: most watchlists are small
)

// partition holds the rows of one label and watchlist without gaps, in chunks. All
// chunks but the last are full, so that row i is in chunk i/chunkRows.
//
// Searches read the view, which never changes, and wait for nobody. Writes, one at a
// time, make another one: see edit.
type partition struct {
	watchlist uuid.UUID
	dim       int
	view      atomic.Pointer[view]

	at map[uuid.UUID]int32 // row of each face; for writers alone
}

// view is what a search sees of a partition.
type view struct {
	chunks []*chunk
	rows   int
}

// chunk is a run of rows. What is in view of a search is never written again; room
// behind that is filled in place.
type chunk struct {
	vectors []float32 // dim for each row
	codes   []uint8   // stride(dim) for each row
	codings codings
	owners  []owner

	shown int // rows that were ever in view; for writers alone
}

// owner says whose face a row is, and which change put it.
type owner struct {
	member, face uuid.UUID
	version      int64
}

func newPartition(watchlist uuid.UUID, dim int) *partition {
	p := &partition{watchlist: watchlist, dim: dim, at: map[uuid.UUID]int32{}}
	p.view.Store(&view{})
	return p
}

func (p *partition) len() int { return p.view.Load().rows }

// inChunk returns how many rows of chunk i a view shows.
func (v *view) inChunk(i int) int { return min(v.rows-i*chunkRows, chunkRows) }

func newChunk(dim, rows int) *chunk {
	return &chunk{
		vectors: make([]float32, rows*dim), codes: make([]uint8, rows*stride(dim)),
		codings: newCodings(rows), owners: make([]owner, rows),
	}
}

// room returns how many rows a chunk can hold.
func (c *chunk) room() int { return len(c.owners) }

// copied returns a copy of so many rows of a chunk, with room for as many as are
// wanted.
func (c *chunk) copied(dim, rows, room int) *chunk {
	out := newChunk(dim, room)
	copy(out.vectors, c.vectors[:rows*dim])
	copy(out.codes, c.codes[:rows*stride(dim)])
	copy(out.codings.scales, c.codings.scales[:rows])
	copy(out.codings.offs, c.codings.offs[:rows])
	copy(out.owners, c.owners[:rows])
	return out
}

func (c *chunk) vector(j, dim int) []float32 { return c.vectors[j*dim : (j+1)*dim] }

func (c *chunk) code(j, dim int) []uint8 { return c.codes[j*stride(dim) : (j+1)*stride(dim)] }

func (c *chunk) set(j, dim int, r face.IndexRow) {
	copy(c.vector(j, dim), r.Vector)
	c.codings.set(j, encode(r.Vector, c.code(j, dim)))
	c.owners[j] = owner{member: r.Member, face: r.Face, version: r.Version}
}

// move makes row j a copy of row k of another chunk.
func (c *chunk) move(j int, from *chunk, k, dim int) {
	copy(c.vector(j, dim), from.vector(k, dim))
	copy(c.code(j, dim), from.code(k, dim))
	c.codings.set(j, from.codings.at(k))
	c.owners[j] = from.owners[k]
}

// wipe leaves nothing of row j.
func (c *chunk) wipe(j, dim int) {
	clear(c.vector(j, dim))
	clear(c.code(j, dim))
	c.codings.set(j, coding{})
	c.owners[j] = owner{}
}

// edit is a change of a partition under way. The chunks that it changes where a
// search may look are copies.
type edit struct {
	*partition

	next view
	ours map[int]bool // chunks that no search can see yet
}

func (p *partition) edit() *edit {
	now := p.view.Load()
	return &edit{partition: p, next: view{chunks: slices.Clone(now.chunks), rows: now.rows}, ours: map[int]bool{}}
}

// publish shows the change to searches that begin from now on.
func (e *edit) publish() {
	if n := len(e.next.chunks); n > 0 {
		last, rows := e.next.chunks[n-1], e.next.inChunk(n-1)
		if e.ours[n-1] {
			last.shown = 0
		}
		last.shown = max(last.shown, rows)
	}
	next := e.next
	e.view.Store(&next)
}

// own returns a chunk to change where a search may look.
func (e *edit) own(i int) *chunk {
	if !e.ours[i] {
		c, rows := e.next.chunks[i], e.next.inChunk(i)
		e.next.chunks[i] = c.copied(e.dim, rows, c.room())
		e.next.chunks[i].shown = rows // for good, if it is not the last one when it is published
		e.ours[i] = true
	}
	return e.next.chunks[i]
}

// put stores a row in place of the one that has its face, unless that is newer, or as
// the last.
func (e *edit) put(r face.IndexRow) {
	if row, ok := e.at[r.Face]; ok {
		i, j := int(row)/chunkRows, int(row)%chunkRows
		if e.next.chunks[i].owners[j].version <= r.Version {
			e.own(i).set(j, e.dim, r)
		}
		return
	}
	n := e.next.rows
	e.spare().set(n%chunkRows, e.dim, r)
	e.at[r.Face] = int32(n)
	e.next.rows++
}

// spare returns the chunk of the next new row, with room for it where no search looks.
// The first chunk doubles until it is full; every other one is made at its full size.
func (e *edit) spare() *chunk {
	i, used := e.next.rows/chunkRows, e.next.rows%chunkRows
	if i == len(e.next.chunks) {
		room := firstRows
		if i > 0 {
			room = chunkRows
			e.next.chunks[i-1].shown = chunkRows
		}
		e.next.chunks = append(e.next.chunks, newChunk(e.dim, room))
		e.ours[i] = true
	}
	c := e.next.chunks[i]
	if used == c.room() {
		e.next.chunks[i] = c.copied(e.dim, used, min(2*used, chunkRows))
		e.ours[i] = true
	} else if used < c.shown { // a row was there that a search may still look at
		e.own(i)
	}
	return e.next.chunks[i]
}

// remove takes out the row of a face, if there is one and its version is below a bound,
// by moving the last row into its place.
func (e *edit) remove(id uuid.UUID, before int64) {
	row, ok := e.at[id]
	if !ok || e.next.chunks[row/chunkRows].owners[row%chunkRows].version >= before {
		return
	}
	last := e.next.rows - 1
	from := e.own(last / chunkRows)
	if int(row) != last {
		to := e.own(int(row) / chunkRows)
		to.move(int(row)%chunkRows, from, last%chunkRows, e.dim)
		e.at[from.owners[last%chunkRows].face] = row
	}
	from.wipe(last%chunkRows, e.dim) // a template does not stay after its deletion
	delete(e.at, id)
	e.next.rows--
	if last%chunkRows == 0 {
		e.next.chunks = e.next.chunks[:last/chunkRows]
		delete(e.ours, last/chunkRows)
	}
}
