package exact

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

const (
	// blockRows is how many rows are compared before their scores are looked at, by
	// all probes in turn: few enough for their codes to stay in the nearest cache.
	blockRows = 256
	// rowsPerWorker is how many rows are worth a goroutine more.
	rowsPerWorker = 32 << 10
)

// scan compares probes with all rows of some partitions, which it reads once.
type scan struct {
	kernel  kernel
	lookups []*lookup
	runs    []run
	rows    int
	next    atomic.Int64 // of runs

	plain bool // read the rows themselves alone; for measurements
}

// lookup is one probe of a scan and what is found for it.
type lookup struct {
	*probe

	query face.IndexQuery
	best  *nearest
}

func newLookup(q face.IndexQuery) *lookup {
	return &lookup{probe: newProbe(q.Vector), query: q, best: newNearest(q)}
}

// run is a chunk as a view shows it.
type run struct {
	*chunk

	watchlist uuid.UUID
	rows      int
}

func newScan(k kernel, partitions []*partition, lookups ...*lookup) *scan {
	s := &scan{kernel: k, lookups: lookups}
	for _, p := range partitions {
		v := p.view.Load()
		for i, c := range v.chunks {
			s.runs = append(s.runs, run{chunk: c, watchlist: p.watchlist, rows: v.inChunk(i)})
		}
		s.rows += v.rows
	}
	return s
}

// run reads everything, with as many goroutines as the work is worth.
func (s *scan) run(ctx context.Context) error {
	workers := min(s.rows*len(s.lookups)/rowsPerWorker, len(s.runs), runtime.GOMAXPROCS(0))
	if workers <= 1 {
		return s.work(ctx, s.collectors(false))
	}
	all := make([][]*nearest, workers)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for i := range workers {
		all[i] = s.collectors(true)
		wait.Go(func() { errs[i] = s.work(ctx, all[i]) })
	}
	wait.Wait()
	for i, found := range all {
		if errs[i] != nil {
			return errs[i]
		}
		for j, l := range s.lookups {
			l.best.merge(found[j])
		}
	}
	return nil
}

// collectors returns where a worker collects what it finds for each lookup: copies of
// its own, if it is one of several.
func (s *scan) collectors(copied bool) []*nearest {
	out := make([]*nearest, len(s.lookups))
	for i, l := range s.lookups {
		out[i] = l.best
		if copied {
			out[i] = newNearest(l.query)
			out[i].skip = l.best.skipAlone
		}
	}
	return out
}

// work reads runs until there are no more.
func (s *scan) work(ctx context.Context, best []*nearest) error {
	w := worker{scan: s}
	for {
		i := int(s.next.Add(1) - 1)
		if i >= len(s.runs) {
			return nil
		}
		if err := contextError(ctx); err != nil {
			return err
		}
		w.read(&s.runs[i], best)
	}
}

// worker is one goroutine of a scan.
type worker struct {
	*scan

	rough  [blockRows]int32
	likely [blockRows]int32
	scores [blockRows]float32
}

// read compares the probes with the rows of a run.
func (w *worker) read(r *run, best []*nearest) {
	for start := 0; start < r.rows; start += blockRows {
		end := min(start+blockRows, r.rows)
		for i, l := range w.lookups {
			if w.plain {
				w.readRows(r, start, end, l.probe, best[i])
			} else {
				w.readCodes(r, start, end, l.probe, best[i])
			}
		}
	}
}

// readCodes compares a probe with the codes of rows, and then with those rows that may
// be near enough by their codes.
func (w *worker) readCodes(r *run, start, end int, p *probe, best *nearest) {
	step, dim := len(p.codes), len(p.vector)
	rough := w.rough[:end-start]
	w.kernel.codes(p, r.codes[start*step:end*step], rough)
	n := likely(p, rough, &r.codings, start, best.bar, w.likely[:])
	if n > len(rough)/8 { // then it is faster to read all of them
		w.readRows(r, start, end, p, best)
		return
	}
	for _, j := range w.likely[:n] {
		i := start + int(j)
		w.kernel.dots(p.vector, r.vector(i, dim), w.scores[:1])
		best.offerRow(r.watchlist, &r.owners[i], w.scores[0])
	}
}

func (w *worker) readRows(r *run, start, end int, p *probe, best *nearest) {
	dim := len(p.vector)
	scores := w.scores[:end-start]
	w.kernel.dots(p.vector, r.vectors[start*dim:end*dim], scores)
	for i, dot := range scores {
		best.offerRow(r.watchlist, &r.owners[start+i], dot)
	}
}
