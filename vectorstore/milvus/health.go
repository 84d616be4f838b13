package milvus

import (
	"context"
	"fmt"
	"strings"

	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// Check returns an Unavailable error unless the server is in health and the
// collections that this store has used are there and loaded.
func (s *Store) Check(ctx context.Context) error {
	err := s.read(ctx, "check the health", func(ctx context.Context) error {
		state, err := s.client.CheckHealth(ctx)
		if err == nil && !state.IsHealthy {
			err = fmt.Errorf("milvus is not healthy: %s", strings.Join(state.Reasons, "; "))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range s.used() {
		if err := s.checkLoaded(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) used() []*collection {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]*collection, 0, len(s.seen))
	for label := range s.seen {
		out = append(out, &collection{name: collectionName(s.opts.Prefix, label), label: label})
	}
	return out
}

func (s *Store) checkLoaded(ctx context.Context, c *collection) error {
	var state entity.LoadState
	err := s.read(ctx, "read the load state", func(ctx context.Context) error {
		var err error
		state, err = s.client.GetLoadState(ctx, c.name, nil)
		return err
	})
	if err == nil && state != entity.LoadStateLoaded {
		return face.Wrap(face.Unavailable, fmt.Errorf("collection %s has the load state %d", c.name, state),
			"the index of templates is being loaded: try again soon")
	}
	return err
}
