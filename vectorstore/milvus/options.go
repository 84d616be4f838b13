package milvus

import (
	"context"
	"log/slog"
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// Consistency says which writes a search sees for certain.
type Consistency string

// The consistency levels that are of use here.
const (
	Bounded    Consistency = "bounded"    // all but those of the last seconds (Milvus: common.gracefulTime, 5 s)
	Eventually Consistency = "eventually" // whatever has arrived; after a restart of Milvus that may be little
	Strong     Consistency = "strong"     // all that returned before; waits for the time tick
)

func (c Consistency) level() entity.ConsistencyLevel {
	switch c {
	case Strong:
		return entity.ClStrong
	case Eventually:
		return entity.ClEventually
	case Bounded:
		return entity.ClBounded
	}
	return entity.ClBounded
}

// Options are what a Store can be told. Address is needed; the zero value of
// everything else stands for the default in brackets.
type Options struct {
	Address  string // host:port
	Username string
	Password string
	TLS      bool

	Prefix      string      // of the names of collections; letters, digits and _, a letter first ["facekeep"]
	Consistency Consistency // of searches, and of looking for rows that a write replaces [Bounded]
	Metric      Metric      // of new collections [IP]
	Index       Index       // of vectors
	Partitions  int         // of new collections, among which watchlists are spread by hash [64]
	Shards      int         // of new collections: write channels [1]

	SearchTimeout time.Duration // of a search in all; a longer one is Unavailable [1 s]
	ReadTimeout   time.Duration // of one attempt to read a page or to count [5 s]
	WriteTimeout  time.Duration // of one call that writes [15 s]
	AdminTimeout  time.Duration // of making, loading or flushing a collection [2 min]
	Attempts      int           // at a call while the server cannot be reached [3]
	FirstPause    time.Duration // between attempts; doubles [50 ms]

	// Templates returns the stored vectors of faces, as far as there are any. With
	// it, hits of an index that rounds (IVFSQ8) get their true cosines, from rows
	// enough that none is missed by the rounding; without it they keep the rounded
	// ones [none].
	Templates func(ctx context.Context, label face.TemplateLabel, faces []uuid.UUID) (map[uuid.UUID][]float32, error)

	Log *slog.Logger // [none]
}

var prefixPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

func (o Options) withDefaults() (Options, error) {
	o.Prefix = or(o.Prefix, "facekeep")
	o.Consistency = or(o.Consistency, Bounded)
	o.Metric = or(o.Metric, IP)
	o.Index = o.Index.withDefaults()
	o.Partitions = or(o.Partitions, 64)
	o.Shards = or(o.Shards, 1)
	o.SearchTimeout = or(o.SearchTimeout, time.Second)
	o.ReadTimeout = or(o.ReadTimeout, 5*time.Second)
	o.WriteTimeout = or(o.WriteTimeout, 15*time.Second)
	o.AdminTimeout = or(o.AdminTimeout, 2*time.Minute)
	o.Attempts = or(o.Attempts, 3)
	o.FirstPause = or(o.FirstPause, 50*time.Millisecond)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, o.check()
}

func (o Options) check() error {
	switch {
	case o.Address == "":
		return face.Errorf(face.Invalid, "the address of Milvus is empty")
	case !prefixPattern.MatchString(o.Prefix):
		return face.Errorf(face.Invalid, "the prefix %q of Milvus collections: want letters, digits and _, a letter first, 64 at most", o.Prefix)
	case o.Consistency != Bounded && o.Consistency != Eventually && o.Consistency != Strong:
		return face.Errorf(face.Invalid, "the consistency %q is unknown: want %q, %q or %q", o.Consistency, Bounded, Eventually, Strong)
	case o.Partitions < 1 || o.Partitions > 1024:
		return face.Errorf(face.Invalid, "%d partitions: want 1 to 1024", o.Partitions)
	case o.Shards < 1 || o.Shards > 16:
		return face.Errorf(face.Invalid, "%d shards: want 1 to 16", o.Shards)
	}
	if err := o.Metric.check(); err != nil {
		return err
	}
	return o.Index.check()
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
