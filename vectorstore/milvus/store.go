package milvus

import (
	"context"
	"math"
	"sync"
	"time"

	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/retry"
	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/keepalive"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore"
)

// Store is a vectorstore.Store in Milvus. It may be used by many goroutines, and
// several servers may each have one for the same collections.
type Store struct {
	opts   Options
	client client.Client

	pageSize int // rows read at once; 0: pageRows

	turn chan struct{} // holds one token: whoever has it looks a collection up, makes or drops it

	mu    sync.RWMutex
	known map[face.TemplateLabel]*collection // that are loaded, as far as is known
	seen  map[face.TemplateLabel]bool        // that existed once in the life of this store
	busy  map[face.TemplateLabel]bool        // whose index is being changed by this store

	unsealed map[face.TemplateLabel]int // rows written by this store since the last Seal
}

var _ vectorstore.Store = (*Store)(nil)

// Open returns a store. It does not wait for Milvus: until that can be reached,
// calls fail as Unavailable. Options that make no sense are an Invalid error.
func Open(ctx context.Context, opts Options) (*Store, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	c, err := client.NewClient(ctx, config(opts))
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, "the address of Milvus cannot be used")
	}
	s := &Store{
		opts: opts, client: c, turn: make(chan struct{}, 1),
		known: map[face.TemplateLabel]*collection{}, seen: map[face.TemplateLabel]bool{}, busy: map[face.TemplateLabel]bool{},
		unsealed: map[face.TemplateLabel]int{},
	}
	s.turn <- struct{}{}
	return s, nil
}

// config leaves retries to call: those of the SDK would go on for most of a
// minute where a search has to be answered from elsewhere.
func config(opts Options) client.Config {
	return client.Config{
		Address: opts.Address, Username: opts.Username, Password: opts.Password, EnableTLSAuth: opts.TLS,
		DisableConn:    true,
		RetryRateLimit: &client.RetryRateLimitOption{},
		DialOptions: []grpc.DialOption{
			grpc.WithChainUnaryInterceptor(surfaceRefusals),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc_retry.Disable()),
			grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second, PermitWithoutStream: true}),
			grpc.WithConnectParams(grpc.ConnectParams{
				Backoff:           backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
				MinConnectTimeout: 2 * time.Second,
			}),
		},
	}
}

// Close gives up the connection. Nothing may be called afterwards.
func (s *Store) Close() error { return s.client.Close() }
