package milvus

import (
	"context"
	"strconv"

	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// IndexKind is how Milvus finds near vectors.
type IndexKind string

// The kinds of index. Flat compares with every vector and is exact; the others
// are approximate.
const (
	Flat    IndexKind = "FLAT"
	HNSW    IndexKind = "HNSW"
	IVFFlat IndexKind = "IVF_FLAT"
	IVFSQ8  IndexKind = "IVF_SQ8" // 8 bits a dimension: a quarter of the memory, scores are rounded
)

// Index says how vectors are indexed. The zero value stands for the defaults in
// brackets. Those of searches are for faces: a stranger is nearly as far from
// everybody, and an index finds the nearest of so many only if it looks widely.
// Over 100,000 templates in one partition, with the nearest found for 995 of 1,000
// who are enrolled and 990 of those who are not, HNSW needs an Ef of 1,024. IVF
// misses that with half of its clusters (0.980), so it looks at all of them and is
// worth its while for the memory of IVFSQ8 alone (docs/benchmarks.md).
type Index struct {
	Kind      IndexKind // of collections that hold FlatBelow rows or more [HNSW]
	FlatBelow int       // rows under which a collection is compared exactly [100,000]

	M              int // HNSW: neighbours of a node, 4…64 [24]
	EfConstruction int // HNSW: breadth of the search while building [300]
	Ef             int // HNSW: breadth of a search; at least as many as rows are asked for [1024]
	Lists          int // IVF: clusters [1024]
	Probes         int // IVF: clusters that a search looks at [1024: all]
}

func (x Index) withDefaults() Index {
	x.Kind = or(x.Kind, HNSW)
	x.FlatBelow = or(x.FlatBelow, 100_000)
	x.M = or(x.M, 24)
	x.EfConstruction = or(x.EfConstruction, 300)
	x.Ef = or(x.Ef, 1024)
	x.Lists = or(x.Lists, 1024)
	x.Probes = or(x.Probes, 1024)
	return x
}

func (x Index) check() error {
	if _, err := x.build(x.Kind, IP); err != nil {
		return face.Wrap(face.Invalid, err, "the parameters of the Milvus index are wrong")
	}
	if x.Ef < 1 || x.Ef > maxEf || x.Probes < 1 || x.Probes > x.Lists {
		return face.Errorf(face.Invalid, "the search of the Milvus index: want ef from 1 to %d and probes from 1 to %d", maxEf, x.Lists)
	}
	return nil
}

// kindFor returns the kind of index that so many rows should have.
func (x Index) kindFor(rows int) IndexKind {
	if rows < x.FlatBelow {
		return Flat
	}
	return x.Kind
}

// wanted returns the kind that an index of so many rows should have, given the one
// that it has: one that has shrunk stays what it is down to half of FlatBelow, so
// that a gallery about the limit does not change to and fro.
func (x Index) wanted(have IndexKind, rows int) IndexKind {
	if have == x.Kind && rows >= x.FlatBelow/2 {
		return have
	}
	return x.kindFor(rows)
}

func (x Index) build(kind IndexKind, m Metric) (entity.Index, error) {
	switch kind {
	case Flat:
		return entity.NewIndexFlat(m.entity())
	case HNSW:
		return entity.NewIndexHNSW(m.entity(), x.M, x.EfConstruction)
	case IVFFlat:
		return entity.NewIndexIvfFlat(m.entity(), x.Lists)
	case IVFSQ8:
		return entity.NewIndexIvfSQ8(m.entity(), x.Lists)
	}
	return nil, face.Errorf(face.Invalid, "the index %q is unknown: want %q, %q, %q or %q", kind, Flat, HNSW, IVFFlat, IVFSQ8)
}

const maxEf = 32768 // of Milvus

// searchParam holds the parameters of every kind of index. Each takes its own,
// so a search need not know which one the collection has just now.
type searchParam struct{ params map[string]any }

func (x Index) searchParam(rows int) searchParam {
	return searchParam{map[string]any{"ef": max(x.Ef, rows), "nprobe": x.Probes}}
}

func (p searchParam) Params() map[string]any       { return p.params }
func (p searchParam) AddRadius(r float64)          { p.params["radius"] = r }
func (p searchParam) AddRangeFilter(limit float64) { p.params["range_filter"] = limit }

// Kinds returns the kind of index that the collection of a label has, and the one
// that its size asks for; "" and "" if there is no collection.
func (s *Store) Kinds(ctx context.Context, label face.TemplateLabel) (have, want IndexKind, err error) {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return "", "", err
	}
	return s.kinds(ctx, c)
}

func (s *Store) kinds(ctx context.Context, c *collection) (have, want IndexKind, err error) {
	rows, err := s.count(ctx, c)
	if err != nil {
		return "", "", err
	}
	have, err = s.indexKind(ctx, c)
	return have, s.opts.Index.wanted(have, rows), err
}

// Reindex gives the collection of a label the index that its size asks for, and
// reports whether it had to be changed. While it is, searches of the label fail as
// Unavailable, in every server.
func (s *Store) Reindex(ctx context.Context, label face.TemplateLabel) (bool, error) {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return false, err
	}
	have, want, err := s.kinds(ctx, c)
	if err != nil || have == want {
		return false, err
	}
	return true, s.changeIndex(ctx, c, want)
}

// changeIndex drops and makes an index, which Milvus allows only while the
// collection is released. It is loaded again when all of it is indexed: before, it
// would be searched by an interim index.
func (s *Store) changeIndex(ctx context.Context, c *collection, kind IndexKind) error {
	if err := s.Flush(ctx, c.label); err != nil {
		return err
	}
	s.forget(c)
	s.setBusy(c.label, true)
	defer s.setBusy(c.label, false)
	if err := s.dropIndex(ctx, c); err != nil {
		return err
	}
	if err := s.createIndex(ctx, c, kind); err != nil {
		return err
	}
	if err := s.until(ctx, c, s.indexBuilt); err != nil {
		return err
	}
	if err := s.load(ctx, c, true); err != nil {
		return err
	}
	changed := *c
	changed.kind = kind
	s.remember(&changed)
	return nil
}

// dropAttempts bounds how often dropping an index is tried: another server that
// searches may load the collection again before its index is gone.
const dropAttempts = 5

func (s *Store) dropIndex(ctx context.Context, c *collection) error {
	drop := func(ctx context.Context) error {
		if err := s.client.ReleaseCollection(ctx, c.name); err != nil {
			return err
		}
		return s.client.DropIndex(ctx, c.name, fieldVector)
	}
	for attempt := 1; ; attempt++ {
		err := s.admin(ctx, "drop the index", drop)
		if err == nil || attempt == dropAttempts || ctx.Err() != nil {
			return err
		}
	}
}

func (s *Store) setBusy(label face.TemplateLabel, busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if busy {
		s.busy[label] = true
		return
	}
	delete(s.busy, label)
}

// completeIndex makes the index of a collection that has none: another server is
// about to, or has ended before. The same one as there, so that it makes no odds.
func (s *Store) completeIndex(ctx context.Context, c *collection) error {
	var err error
	if c.kind, err = s.indexKind(ctx, c); err != nil || c.kind != "" {
		return err
	}
	rows, err := s.storedRows(ctx, c)
	if err != nil {
		return err
	}
	c.kind = s.opts.Index.kindFor(rows)
	return s.createIndex(ctx, c, c.kind)
}

// storedRows returns how many rows have been written to storage, deleted ones
// among them: the one count that needs no loaded collection.
func (s *Store) storedRows(ctx context.Context, c *collection) (int, error) {
	n := 0
	err := s.admin(ctx, "read the statistics", func(ctx context.Context) error {
		stats, err := s.client.GetCollectionStatistics(ctx, c.name)
		if err != nil {
			return err
		}
		n, err = strconv.Atoi(stats["row_count"])
		return err
	})
	return n, err
}

func (s *Store) createIndex(ctx context.Context, c *collection, kind IndexKind) error {
	index, err := s.opts.Index.build(kind, c.metric)
	if err != nil {
		return face.Wrap(face.Internal, err, "the index cannot be described")
	}
	return s.admin(ctx, "make the index", func(ctx context.Context) error {
		return s.client.CreateIndex(ctx, c.name, fieldVector, index, true)
	})
}

// indexKind returns the kind of index that a collection has; "" if none.
func (s *Store) indexKind(ctx context.Context, c *collection) (IndexKind, error) {
	var found []entity.Index
	err := s.admin(ctx, "describe the index", func(ctx context.Context) error {
		var err error
		found, err = s.client.DescribeIndex(ctx, c.name, fieldVector, client.WithIndexName(""))
		if isMissing(err) {
			return nil
		}
		return err
	})
	if err != nil || len(found) == 0 {
		return "", err
	}
	return IndexKind(found[0].Params()["index_type"]), nil
}
