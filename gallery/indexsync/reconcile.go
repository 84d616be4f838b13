package indexsync

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Held is a row as a shared index holds it, under the key that the index gave it.
type Held struct {
	ID        int64
	Watchlist uuid.UUID
	Member    uuid.UUID
	Face      uuid.UUID
	Version   int64 // of several rows of one (watchlist, face), the highest is in force
}

// Rows is what a reconciler needs of a shared index.
type Rows interface {
	Index
	// Labels returns the labels that the index holds rows of.
	Labels(ctx context.Context) ([]face.TemplateLabel, error)
	// Held gives all rows of a label, batch by batch, with every write that
	// returned before the call.
	Held(ctx context.Context, label face.TemplateLabel, visit func([]Held) error) error
	// DeleteRows takes single rows out.
	DeleteRows(ctx context.Context, label face.TemplateLabel, ids []int64) error
}

// database is what a reconciler needs of the truth.
type database interface {
	templates
	// Resolve returns a candidate for each hit that the database still knows.
	Resolve(ctx context.Context, hits []face.Hit) ([]face.Candidate, error)
}

// Drift is what a reconciler found.
type Drift struct {
	Rows      int // that the database wants in the index
	Missing   int // of those, not there
	Surplus   int // in the index, and nothing in the database wants them
	Duplicate int // in the index more than once
}

// None reports whether index and database agree.
func (d Drift) None() bool { return d.Missing == 0 && d.Surplus == 0 && d.Duplicate == 0 }

// Reconciler compares a shared index with the database, and mends the index. It
// may run while servers write: what is fresh may then be counted as drift, and is
// mended harmlessly. It keeps about 120 bytes for each row of the index in memory.
type Reconciler struct {
	From     database
	To       Rows
	Mend     bool                  // false: only count
	Progress func(done, total int) // rows compared, of about so many; may be nil
}

// key of a row of one label, and what the index has of it.
type holding struct {
	id      int64
	version int64
	wanted  bool
}

// Run compares every label.
func (r *Reconciler) Run(ctx context.Context) (Drift, error) {
	labels, err := r.To.Labels(ctx)
	if err != nil {
		return Drift{}, fmt.Errorf("reconcile: %w", err)
	}
	held := map[face.TemplateLabel]map[face.IndexKey]*holding{}
	var drift Drift
	for _, label := range labels {
		if held[label], err = r.read(ctx, label, &drift); err != nil {
			return drift, fmt.Errorf("reconcile: %w", err)
		}
	}
	if err := r.compare(ctx, held, &drift); err != nil {
		return drift, fmt.Errorf("reconcile: %w", err)
	}
	for label, rows := range held {
		if err := r.removeSurplus(ctx, label, rows, &drift); err != nil {
			return drift, fmt.Errorf("reconcile: %w", err)
		}
	}
	return drift, nil
}

// read lists what the index holds of a label, and takes out of it what it holds
// twice.
func (r *Reconciler) read(ctx context.Context, label face.TemplateLabel, drift *Drift) (map[face.IndexKey]*holding, error) {
	rows := map[face.IndexKey]*holding{}
	var twice []int64
	err := r.To.Held(ctx, label, func(batch []Held) error {
		for _, h := range batch {
			key := face.IndexKey{Watchlist: h.Watchlist, Face: h.Face}
			known := rows[key]
			switch {
			case known == nil:
				rows[key] = &holding{id: h.ID, version: h.Version}
			case h.Version > known.version:
				twice = append(twice, known.id)
				known.id, known.version = h.ID, h.Version
			default:
				twice = append(twice, h.ID)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	drift.Duplicate += len(twice)
	return rows, r.delete(ctx, label, twice)
}

// compare goes through the rows that the database wants, and puts what is missing.
func (r *Reconciler) compare(ctx context.Context, held map[face.TemplateLabel]map[face.IndexKey]*holding, drift *Drift) error {
	total := 0
	for _, rows := range held {
		total += len(rows)
	}
	_, err := r.From.AllTemplates(ctx, loadBatch, func(label face.TemplateLabel, batch []face.IndexRow) error {
		var missing []face.IndexRow
		for _, row := range batch {
			if h := held[label][face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}]; h != nil {
				h.wanted = true
			} else {
				missing = append(missing, row)
			}
		}
		drift.Rows += len(batch)
		drift.Missing += len(missing)
		if r.Progress != nil {
			r.Progress(drift.Rows, max(total, drift.Rows))
		}
		return r.put(ctx, label, missing)
	})
	return err
}

// put puts rows, and takes out again those that were deleted meanwhile.
func (r *Reconciler) put(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if !r.Mend || len(rows) == 0 {
		return nil
	}
	if err := r.To.Upsert(ctx, label, rows); err != nil {
		return err
	}
	hits := make([]face.Hit, len(rows))
	for i, row := range rows {
		hits[i] = face.Hit{Watchlist: row.Watchlist, Member: row.Member, Face: row.Face}
	}
	known, err := r.From.Resolve(ctx, hits)
	if err != nil {
		return err
	}
	still := make(map[face.IndexKey]bool, len(known))
	for _, c := range known {
		still[face.IndexKey{Watchlist: c.Watchlist.UID, Face: c.FaceID}] = true
	}
	var gone []face.IndexKey
	for _, row := range rows {
		if key := (face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}); !still[key] {
			gone = append(gone, key)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return r.To.Delete(ctx, gone)
}

// removeSurplus takes out the rows that nothing in the database wants. The index
// was read before the database, so none of them is on its way to be wanted.
func (r *Reconciler) removeSurplus(ctx context.Context, label face.TemplateLabel, rows map[face.IndexKey]*holding, drift *Drift) error {
	var ids []int64
	for _, h := range rows {
		if !h.wanted {
			ids = append(ids, h.id)
		}
	}
	drift.Surplus += len(ids)
	return r.delete(ctx, label, ids)
}

func (r *Reconciler) delete(ctx context.Context, label face.TemplateLabel, ids []int64) error {
	const most = 4096
	for len(ids) > 0 && r.Mend {
		n := min(len(ids), most)
		if err := r.To.DeleteRows(ctx, label, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}
