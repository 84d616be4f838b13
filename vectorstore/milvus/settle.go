package milvus

import (
	"context"
	"time"

	"github.com/milvus-io/milvus-sdk-go/v2/client"

	"github.com/facekeep/facekeep/face"
)

// settlePoll is the time between looks at how far the server has come.
const settlePoll = 250 * time.Millisecond

// Settle has Milvus write the rows of a label to its storage, build their index
// and serve them by it, and waits for that. By itself Milvus does so when a
// segment is full or has been idle for some minutes; until then rows are searched
// by an interim index of the server's own parameters. For a moment at the end,
// while the collection is loaded anew, searches of the label fail as Unavailable.
func (s *Store) Settle(ctx context.Context, label face.TemplateLabel) error {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return err
	}
	if err := s.Flush(ctx, label); err != nil {
		return err
	}
	for {
		built, err := s.indexBuilt(ctx, c)
		if err != nil {
			return err
		}
		if built {
			return s.reload(ctx, c)
		}
		select {
		case <-ctx.Done():
			return contextError(ctx)
		case <-time.After(settlePoll):
		}
	}
}

// indexBuilt reports whether every row in storage is indexed.
func (s *Store) indexBuilt(ctx context.Context, c *collection) (built bool, err error) {
	err = s.admin(ctx, "read the progress of the index", func(ctx context.Context) error {
		total, indexed, err := s.client.GetIndexBuildProgress(ctx, c.name, fieldVector, client.WithIndexName(""))
		built = indexed >= total
		return err
	})
	return built, err
}

// reload takes a collection out of the memory of the server and loads it again.
func (s *Store) reload(ctx context.Context, c *collection) error {
	s.forget(c)
	s.setBusy(c.label, true)
	defer s.setBusy(c.label, false)
	err := s.admin(ctx, "release the collection", func(ctx context.Context) error {
		return s.client.ReleaseCollection(ctx, c.name)
	})
	if err != nil {
		return err
	}
	if err := s.load(ctx, c, true); err != nil {
		return err
	}
	s.remember(c)
	return nil
}
