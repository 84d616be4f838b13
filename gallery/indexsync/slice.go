package indexsync

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// slice is the part of a reconciliation that is about the faces of ids above one
// and up to another.
type slice struct {
	*Reconciler

	after, upTo uuid.UUID
	drift       *Drift
	newest      int64 // version in the index
}

// holding is what the index holds of one label.
type holding struct {
	rows   map[face.IndexKey]Held    // in force
	others map[face.IndexKey][]int64 // ids of further rows of a key
}

// run reads the index first and then the database, so that whatever is different
// and is not a change under way is amiss.
func (s *slice) run(ctx context.Context) error {
	begun, err := s.From.Clock(ctx)
	if err != nil {
		return err
	}
	held, err := s.held(ctx)
	if err != nil {
		return err
	}
	missing, err := s.compare(ctx, held) // leaves what nothing wants in held
	if err != nil {
		return err
	}
	if err := s.forgive(ctx, begun, held, missing); err != nil {
		return err
	}
	for label, h := range held {
		if err := s.removeFrom(ctx, label, h); err != nil {
			return err
		}
	}
	for label, keys := range missing {
		s.drift.Missing += len(keys)
		if err := s.putMissing(ctx, label, keys); err != nil {
			return err
		}
	}
	if s.Progress != nil {
		s.Progress(s.drift.Rows)
	}
	return nil
}

// held lists what the index holds.
func (s *slice) held(ctx context.Context) (map[face.TemplateLabel]*holding, error) {
	labels, err := s.To.Labels(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[face.TemplateLabel]*holding, len(labels))
	for _, label := range labels {
		h := &holding{rows: map[face.IndexKey]Held{}, others: map[face.IndexKey][]int64{}}
		err := s.To.Held(ctx, label, s.after, s.upTo, func(batch []Held) error {
			for _, row := range batch {
				h.add(row)
				s.newest = max(s.newest, row.Version)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		out[label] = h
	}
	return out, nil
}

func (h *holding) add(row Held) {
	key := face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}
	known, ok := h.rows[key]
	switch {
	case !ok:
		h.rows[key] = row
	case row.Version > known.Version || row.Version == known.Version && row.ID > known.ID:
		h.rows[key] = row
		h.others[key] = append(h.others[key], known.ID)
	default:
		h.others[key] = append(h.others[key], row.ID)
	}
}

// compare goes through the keys that the database wants. It returns those that the
// index lacks, and takes the others out of the rows that are held.
func (s *slice) compare(ctx context.Context, held map[face.TemplateLabel]*holding) (map[face.TemplateLabel][]face.IndexKey, error) {
	missing := map[face.TemplateLabel][]face.IndexKey{}
	err := s.From.WantedKeys(ctx, s.after, s.upTo, func(label face.TemplateLabel, key face.IndexKey) {
		s.drift.Rows++
		if h := held[label]; h != nil {
			if _, ok := h.rows[key]; ok {
				delete(h.rows, key)
				return
			}
		}
		missing[label] = append(missing[label], key)
	})
	return missing, err
}

// forgive takes out of what differs all that changes under way explain.
func (s *slice) forgive(ctx context.Context, begun time.Time, held map[face.TemplateLabel]*holding, missing map[face.TemplateLabel][]face.IndexKey) error {
	differs := len(missing) > 0
	for _, h := range held {
		differs = differs || len(h.rows) > 0 || len(h.others) > 0
	}
	if !differs {
		return nil
	}
	changes, err := s.From.UnderWay(ctx, begun)
	if err != nil {
		return err
	}
	explained := explainedBy(changes)
	for label, keys := range missing {
		missing[label] = slices.DeleteFunc(keys, explained)
	}
	for _, h := range held {
		maps.DeleteFunc(h.rows, func(key face.IndexKey, _ Held) bool { return explained(key) })
		maps.DeleteFunc(h.others, func(key face.IndexKey, _ []int64) bool { return explained(key) })
	}
	return nil
}

// explainedBy returns whether a change is about a key.
func explainedBy(changes []face.IndexChange) func(face.IndexKey) bool {
	keys, lists := map[face.IndexKey]bool{}, map[uuid.UUID]bool{}
	for _, c := range changes {
		if c.Op == face.IndexDrop {
			lists[c.Watchlist] = true
			continue
		}
		keys[face.IndexKey{Watchlist: c.Watchlist, Face: c.Face}] = true
	}
	return func(key face.IndexKey) bool { return keys[key] || lists[key.Watchlist] }
}

// removeFrom takes out what the index holds twice or for nothing, row by row: a
// row that is put for the same key meanwhile is another one.
func (s *slice) removeFrom(ctx context.Context, label face.TemplateLabel, h *holding) error {
	var ids []int64
	for _, others := range h.others {
		ids = append(ids, others...)
	}
	s.drift.Duplicate += len(ids)
	for _, row := range h.rows {
		ids = append(ids, row.ID)
	}
	s.drift.Surplus += len(h.rows)
	if !s.Mend || len(ids) == 0 {
		return nil
	}
	return s.To.DeleteRows(ctx, label, ids)
}

// putMissing puts rows, a batch at a time.
func (s *slice) putMissing(ctx context.Context, label face.TemplateLabel, keys []face.IndexKey) error {
	if !s.Mend {
		return nil
	}
	for batch := range slices.Chunk(keys, loadBatch) {
		rows, err := s.From.IndexRows(ctx, label, batch)
		if err != nil {
			return err
		}
		if err := s.put(ctx, label, rows); err != nil {
			return err
		}
	}
	return nil
}

// put puts rows, and takes out again those that are not wanted any more: their
// removal may have been applied before.
func (s *slice) put(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if len(rows) == 0 {
		return nil
	}
	if err := s.tell(ctx, label, rows); err != nil {
		return err
	}
	if err := s.To.Add(ctx, label, rows); err != nil {
		return err
	}
	if err := s.tell(ctx, label, rows); err != nil {
		return err
	}
	gone, err := s.unwanted(ctx, rows)
	if err != nil || len(gone) == 0 {
		return err
	}
	return s.To.Delete(ctx, gone)
}

func (s *slice) tell(ctx context.Context, label face.TemplateLabel, rows []face.IndexRow) error {
	if s.Missing == nil {
		return nil
	}
	return s.Missing(ctx, label, rows)
}

// unwanted returns the removals of those rows that the database does not want.
func (s *slice) unwanted(ctx context.Context, rows []face.IndexRow) (gone []face.IndexRemoval, err error) {
	hits := make([]face.Hit, len(rows))
	for i, row := range rows {
		hits[i] = face.Hit{Watchlist: row.Watchlist, Member: row.Member, Face: row.Face}
	}
	known, err := s.From.Resolve(ctx, hits)
	if err != nil {
		return nil, err
	}
	still := make(map[face.IndexKey]bool, len(known))
	for _, c := range known {
		still[face.IndexKey{Watchlist: c.Watchlist.UID, Face: c.FaceID}] = true
	}
	for _, row := range rows {
		if key := (face.IndexKey{Watchlist: row.Watchlist, Face: row.Face}); !still[key] {
			gone = append(gone, face.IndexRemoval{IndexKey: key, Before: row.Version + 1})
		}
	}
	return gone, nil
}
