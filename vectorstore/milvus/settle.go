package milvus

import (
	"context"
	"fmt"
	"time"

	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// settlePoll is the time between looks at how far the server has come.
const settlePoll = 250 * time.Millisecond

// leastIndexed is how many rows a segment needs for Milvus to index it; smaller
// ones are compared row by row.
const leastIndexed = 1024

// Settle has Milvus write the rows of a label to its storage, build their index
// and serve them by it, and waits for that. By itself Milvus does so when a
// segment is full or has been idle for some minutes; until then large segments are
// searched by an interim index of the server's own parameters, which finds less.
func (s *Store) Settle(ctx context.Context, label face.TemplateLabel) error {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return err
	}
	if err := s.Flush(ctx, label); err != nil {
		return err
	}
	if err := s.until(ctx, c, s.indexBuilt); err != nil {
		return err
	}
	kind, err := s.indexKind(ctx, c)
	if err != nil || kind == Flat {
		return err // rows are compared one by one, before and after
	}
	return s.until(ctx, c, s.indexServed)
}

// until asks again and again whether something is so.
func (s *Store) until(ctx context.Context, c *collection, is func(context.Context, *collection) (bool, error)) error {
	for {
		if yes, err := is(ctx, c); yes || err != nil {
			return err
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

// segmentLister is a method of the client that its interface leaves out.
type segmentLister interface {
	GetQuerySegmentInfo(ctx context.Context, collection string) ([]*entity.Segment, error)
}

var _ segmentLister = (*client.GrpcClient)(nil)

// indexServed reports whether searches use the index that was built, which the
// part of the server that searches takes up some time after it was built.
func (s *Store) indexServed(ctx context.Context, c *collection) (served bool, err error) {
	lister, ok := s.client.(segmentLister)
	if !ok {
		return false, fmt.Errorf("the client %T cannot list segments", s.client)
	}
	stored, err := s.storedRows(ctx, c)
	if err != nil {
		return false, err
	}
	err = s.admin(ctx, "read what is loaded", func(ctx context.Context) error {
		segments, err := lister.GetQuerySegmentInfo(ctx, c.name)
		served = indexed(segments) >= stored
		return err
	})
	return served, err
}

// indexed counts the rows of loaded segments that need no interim index.
func indexed(segments []*entity.Segment) (rows int) {
	for _, g := range segments {
		if g.IndexID != 0 || g.NumRows < leastIndexed {
			rows += int(g.NumRows)
		}
	}
	return rows
}
