package milvus

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/milvus-io/milvus-proto/go-api/v2/commonpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/facekeep/facekeep/face"
)

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

func TestCosine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		metric Metric
		score  float32
		want   float64
	}{
		{IP, 0.5, 0.5}, {IP, 1.0000002, 1}, {Cosine, -0.25, -0.25}, {Cosine, -1.0000001, -1},
		{L2, 0, 1}, {L2, 2, 0}, {L2, 4, -1}, {L2, 1, 0.5}, {L2, -1e-7, 1},
	} {
		if got := tt.metric.cosine(tt.score); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: cosine(%v) = %v, want %v", tt.metric, tt.score, got, tt.want)
		}
	}
}

func TestCollectionName(t *testing.T) {
	t.Parallel()
	seen := map[string]face.TemplateLabel{}
	for _, label := range []face.TemplateLabel{"", "a+b@1", "a_b@1", "a b@1", "é", "A+b@1", face.TemplateLabel(strings.Repeat("x", 1000))} {
		name := collectionName("facekeep", label)
		if !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) || len(name) > 255 {
			t.Errorf("label %q: Milvus takes no name like %q", label, name)
		}
		if other, ok := seen[name]; ok {
			t.Errorf("labels %q and %q have the same name %q", label, other, name)
		}
		seen[name] = label
	}
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	const one, two = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
	for _, tt := range []struct{ got, want string }{
		{isOneOf("face", nil), ""},
		{isOneOf("face", []uuid.UUID{id(2), id(1), id(2)}), fmt.Sprintf(`face in ["%s","%s"]`, one, two)},
		{hasID([]int64{5, -7}), "id in [5,-7]"},
		{and("", "a", "", "b"), "a and b"},
		{and(""), ""},
		{between("face", uuid.Nil, uuid.Nil), ""},
		{between("face", id(1), id(2)), fmt.Sprintf(`face > %q and face <= %q`, one, two)},
		{
			isKey([]face.IndexKey{{Watchlist: id(1), Face: id(1)}, {Watchlist: id(2), Face: id(2)}}),
			fmt.Sprintf(`(watchlist in [%q] and face in [%q]) or (watchlist in [%q] and face in [%q])`, one, one, two, two),
		},
	} {
		if tt.got != tt.want {
			t.Errorf("got  %s\nwant %s", tt.got, tt.want)
		}
	}
}

// TestMerge holds that the newest row of a face counts, the nearest face of a
// member, that equal cosines come in order, and
// that what is skipped hides nothing else.
func TestMerge(t *testing.T) {
	t.Parallel()
	row := func(w, m, f byte, version int64, cosine float64) nearRow {
		r := face.IndexRow{Watchlist: id(w), Member: id(m), Face: id(f), Version: version}
		return nearRow{Row: Row{IndexRow: r, ID: int64(100*w + f)}, cosine: cosine}
	}
	hit := func(w, m, f byte, cosine float64) face.Hit {
		return face.Hit{Watchlist: id(w), Member: id(m), Face: id(f), Cosine: cosine}
	}
	got := merge([]nearRow{
		row(1, 1, 1, 1, 0.9), row(1, 1, 1, 2, 0.3), row(1, 1, 2, 1, 0.4), // the nearest row of all is replaced
		row(2, 3, 4, 1, 0.4), row(1, 2, 3, 1, 0.4), row(1, 4, 5, 1, 0.1),
		row(1, 5, 6, 1, 0.8), row(2, 5, 6, 1, 0.3),
	}, 0.2, func(k face.IndexKey) bool { return k == face.IndexKey{Watchlist: id(1), Face: id(6)} })
	want := []face.Hit{hit(1, 1, 2, 0.4), hit(1, 2, 3, 0.4), hit(2, 3, 4, 0.4), hit(2, 5, 6, 0.3)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hits (-want +got):\n%s", diff)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){
		"no address":       func(o *Options) { o.Address = "" },
		"bad prefix":       func(o *Options) { o.Prefix = "a-b" },
		"bad consistency":  func(o *Options) { o.Consistency = "some" },
		"bad metric":       func(o *Options) { o.Metric = "JACCARD" },
		"bad index":        func(o *Options) { o.Index.Kind = "LSH" },
		"bad M":            func(o *Options) { o.Index.M = 1000 },
		"too many probes":  func(o *Options) { o.Index.Lists, o.Index.Probes = 10, 11 },
		"partitions below": func(o *Options) { o.Partitions = -1 },
		"shards above":     func(o *Options) { o.Shards = 99 },
	} {
		o := Options{Address: "127.0.0.1:1"}
		change(&o)
		if _, err := o.withDefaults(); face.KindOf(err) != face.Invalid {
			t.Errorf("%s: %v, want an Invalid error", name, err)
		}
	}
	o, err := Options{Address: "127.0.0.1:1"}.withDefaults()
	if err != nil || o.Consistency != Bounded || o.Metric != IP || o.Index.kindFor(10) != Flat || o.Index.kindFor(1e6) != HNSW {
		t.Errorf("the defaults are %+v (%v)", o, err)
	}
}

// TestCallRetries holds that a lost connection is tried again, and a refusal or
// the caller's end is not.
func TestCallRetries(t *testing.T) {
	t.Parallel()
	opts, err := Options{Address: "127.0.0.1:1", FirstPause: 1}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{opts: opts}
	lost := status.Error(codes.Unavailable, "connection refused")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name  string
		ctx   context.Context
		errs  []error // of one attempt after another
		calls int
		kind  face.Kind
	}{
		{"at once", t.Context(), []error{nil}, 1, -1},
		{"back in time", t.Context(), []error{lost, lost, nil}, 3, -1},
		{"gone for good", t.Context(), []error{lost, lost, lost, nil}, 3, face.Unavailable},
		{"refused", t.Context(), []error{&refusal{code: 5}, nil}, 1, face.Unavailable},
		{"out of time", t.Context(), []error{status.Error(codes.DeadlineExceeded, ""), nil}, 1, face.Unavailable},
		{"given up", ended, []error{lost, nil}, 1, face.Canceled},
	} {
		calls := 0
		err := s.read(tt.ctx, "test", func(context.Context) error {
			calls++
			return tt.errs[calls-1]
		})
		if calls != tt.calls {
			t.Errorf("%s: %d calls, want %d", tt.name, calls, tt.calls)
		}
		if tt.kind < 0 && err != nil || tt.kind >= 0 && face.KindOf(err) != tt.kind {
			t.Errorf("%s: %v, want kind %v", tt.name, err, tt.kind)
		}
	}
}

func TestSurfaceRefusals(t *testing.T) {
	t.Parallel()
	answer := func(code int32) error {
		reply := &commonpb.Status{}
		return surfaceRefusals(t.Context(), "m", nil, reply, nil, func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error {
			reply.Code, reply.Reason = code, "because"
			return nil
		})
	}
	if err := answer(0); err != nil {
		t.Errorf("a good answer: %v", err)
	}
	if err := answer(codeCollectionNotFound); !isMissing(err) || !strings.Contains(err.Error(), "because") {
		t.Errorf("a missing collection: %v", err)
	}
	if err := answer(7); err == nil || isMissing(err) {
		t.Errorf("another refusal: %v", err)
	}
	if isMissing(errors.New("collection not found")) {
		t.Error("a text passes for a code")
	}
}

// TestUnreachable holds that a server without Milvus starts, and that calls fail
// soon and in kind.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), Options{Address: "127.0.0.1:1", FirstPause: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	v := []float32{1, 0}
	_, err = s.Search(t.Context(), face.IndexQuery{Label: "x", Vector: v, Limit: 1})
	for what, err := range map[string]error{
		"Search": err,
		"Upsert": s.Upsert(t.Context(), "x", []face.IndexRow{{Vector: v}}),
		"Delete": s.Delete(t.Context(), []face.IndexRemoval{{}}),
		"Check":  s.Check(t.Context()),
	} {
		if face.KindOf(err) != face.Unavailable || strings.Contains(face.MessageOf(err), "127.0.0.1") {
			t.Errorf("%s: %v, want an Unavailable error that does not name the address to the client", what, err)
		}
	}
}
