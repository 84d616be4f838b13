package milvus

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// The fields of a collection.
const (
	fieldID        = "id"        // primary key, given by the server
	fieldWatchlist = "watchlist" // UUID as text, partition key
	fieldMember    = "member"    // UUID as text
	fieldFace      = "face"      // UUID as text
	fieldVersion   = "version"   // of face.IndexRow
	fieldVector    = "vector"
)

const uuidLength = 36

// collection is what is known of the collection of a label.
type collection struct {
	name   string
	label  face.TemplateLabel
	dim    int
	metric Metric
	kind   IndexKind // when the collection was looked up
}

// description is kept in the collection itself, so that its name need not tell
// the label, and a server with other options reads it rightly.
type description struct {
	Label  face.TemplateLabel `json:"label"`
	Dim    int                `json:"dim"`
	Metric Metric             `json:"metric"`
	Schema int                `json:"schema"` // version of the fields
}

// schemaVersion is 2 since versions of rows are numbers of changes; they were times
// before. It is part of the name of a collection: one of another schema is never
// touched, and a server begins with an empty one, which it fills from the database.
const schemaVersion = 2

// collectionName makes a name of a label: readable, of characters that Milvus
// allows, and different for each label by its hash.
func collectionName(prefix string, label face.TemplateLabel) string {
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, string(label))
	h := fnv.New64a()
	h.Write(fmt.Appendf(nil, "%d %s", schemaVersion, label))
	return fmt.Sprintf("%s_%.100s_%016x", prefix, readable, h.Sum64())
}

// find returns the collection of a label, loaded; nil if there is none. One that
// is not loaded is an Unavailable error at once, so that a search can be answered
// from elsewhere, and is asked to be loaded. So is one that was there and is no
// more: nobody may take its absence for an empty index.
func (s *Store) find(ctx context.Context, label face.TemplateLabel) (*collection, error) {
	return s.once(ctx, label, func() (*collection, error) {
		c, err := s.open(ctx, label, false)
		if c == nil && err == nil && s.lost(label) {
			return nil, face.Errorf(face.Unavailable, "the index of templates has to be rebuilt: try again soon")
		}
		return c, err
	})
}

// ensure returns the collection of a label, making it if there is none, and waits
// for it to be loaded.
func (s *Store) ensure(ctx context.Context, label face.TemplateLabel, dim int) (*collection, error) {
	return s.once(ctx, label, func() (*collection, error) {
		if c, err := s.open(ctx, label, true); c != nil || err != nil {
			return c, err
		}
		if err := s.create(ctx, label, dim); err != nil {
			return nil, err
		}
		return s.open(ctx, label, true)
	})
}

// once returns what is known of a label, or else has one caller at a time find
// out.
func (s *Store) once(ctx context.Context, label face.TemplateLabel, find func() (*collection, error)) (*collection, error) {
	if c, err := s.lookup(label); c != nil || err != nil {
		return c, err
	}
	if err := s.take(ctx); err != nil {
		return nil, err
	}
	defer s.release()
	if c, err := s.lookup(label); c != nil || err != nil {
		return c, err
	}
	return find()
}

// take waits for the turn, as long as a search may take; release gives it back.
func (s *Store) take(ctx context.Context) error {
	return s.read(ctx, "wait for the collection", func(ctx context.Context) error {
		select {
		case <-s.turn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

func (s *Store) release() { s.turn <- struct{}{} }

func (s *Store) lookup(label face.TemplateLabel) (*collection, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.busy[label] {
		return nil, face.Errorf(face.Unavailable, "the index of templates is being rebuilt: try again soon")
	}
	return s.known[label], nil
}

func (s *Store) lost(label face.TemplateLabel) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seen[label]
}

func (s *Store) remember(c *collection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[c.label] = c
	s.seen[c.label] = true
}

// forget makes the next use look the collection up again.
func (s *Store) forget(c *collection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[c.label] == c {
		delete(s.known, c.label)
	}
}

// open describes, indexes and loads what is there; a server that ended between
// making a collection and loading it leaves that to the next one. It returns nil
// if there is nothing, and an Unavailable error if it is not loaded and the caller
// does not wait.
func (s *Store) open(ctx context.Context, label face.TemplateLabel, wait bool) (*collection, error) {
	c, err := s.describe(ctx, collectionName(s.opts.Prefix, label))
	if c == nil || err != nil {
		return nil, err
	}
	if err := s.completeIndex(ctx, c); err != nil {
		return nil, err
	}
	if err := s.load(ctx, c, wait); err != nil {
		return nil, err
	}
	s.remember(c)
	return c, nil
}

// describe reads the description of a collection; nil if it does not exist, or is
// of another schema.
func (s *Store) describe(ctx context.Context, name string) (*collection, error) {
	var found *entity.Collection
	err := s.admin(ctx, "describe the collection", func(ctx context.Context) error {
		var err error
		found, err = s.client.DescribeCollection(ctx, name)
		if isMissing(err) {
			return nil
		}
		return err
	})
	if err != nil || found == nil {
		return nil, err
	}
	var d description
	if err := json.Unmarshal([]byte(found.Schema.Description), &d); err != nil || d.Schema < 1 || d.Metric.check() != nil {
		return nil, face.Wrap(face.Internal, fmt.Errorf("collection %s is described as %q", name, found.Schema.Description), "a collection is not of this program")
	}
	if d.Schema != schemaVersion {
		return nil, nil
	}
	return &collection{name: name, label: d.Label, dim: d.Dim, metric: d.Metric}, nil
}

func (s *Store) create(ctx context.Context, label face.TemplateLabel, dim int) error {
	text, err := json.Marshal(description{Label: label, Dim: dim, Metric: s.opts.Metric, Schema: schemaVersion})
	if err != nil {
		return err
	}
	schema := entity.NewSchema().WithName(collectionName(s.opts.Prefix, label)).WithDescription(string(text)).
		WithField(entity.NewField().WithName(fieldID).WithDataType(entity.FieldTypeInt64).WithIsPrimaryKey(true).WithIsAutoID(true)).
		WithField(uuidField(fieldWatchlist).WithIsPartitionKey(true)).
		WithField(uuidField(fieldMember)).
		WithField(uuidField(fieldFace)).
		WithField(entity.NewField().WithName(fieldVersion).WithDataType(entity.FieldTypeInt64)).
		WithField(entity.NewField().WithName(fieldVector).WithDataType(entity.FieldTypeFloatVector).WithDim(int64(dim)))
	return s.admin(ctx, "make the collection", func(ctx context.Context) error {
		return s.client.CreateCollection(ctx, schema, int32(s.opts.Shards),
			client.WithPartitionNum(int64(s.opts.Partitions)), client.WithConsistencyLevel(entity.ClBounded))
	})
}

func uuidField(name string) *entity.Field {
	return entity.NewField().WithName(name).WithDataType(entity.FieldTypeVarChar).WithMaxLength(uuidLength)
}

const loadPoll = 20 * time.Millisecond

// load brings a collection into the memory of the server. Unless it waits, it
// returns an Unavailable error while the server is at it.
func (s *Store) load(ctx context.Context, c *collection, wait bool) error {
	return s.admin(ctx, "load the collection", func(ctx context.Context) error {
		state, err := s.client.GetLoadState(ctx, c.name, nil)
		if err != nil || state == entity.LoadStateLoaded {
			return err
		}
		if err := s.client.LoadCollection(ctx, c.name, true); err != nil {
			return err
		}
		for state != entity.LoadStateLoaded {
			if !wait {
				return face.Errorf(face.Unavailable, "the index of templates is being loaded: try again soon")
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(loadPoll):
			}
			if state, err = s.client.GetLoadState(ctx, c.name, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// collections lists the collections of all labels.
func (s *Store) collections(ctx context.Context) ([]*collection, error) {
	var listed []*entity.Collection
	err := s.admin(ctx, "list the collections", func(ctx context.Context) error {
		var err error
		listed, err = s.client.ListCollections(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []*collection
	for _, l := range listed {
		if !strings.HasPrefix(l.Name, s.opts.Prefix+"_") {
			continue
		}
		c, err := s.named(ctx, l.Name)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}

// named returns a collection by its name, loaded; nil if it has just gone or
// belongs to a store whose prefix begins with the prefix of this one.
func (s *Store) named(ctx context.Context, name string) (*collection, error) {
	s.mu.RLock()
	for _, c := range s.known {
		if c.name == name {
			s.mu.RUnlock()
			return c, nil
		}
	}
	s.mu.RUnlock()
	c, err := s.describe(ctx, name)
	if c == nil || err != nil || collectionName(s.opts.Prefix, c.label) != name {
		return nil, err
	}
	return s.find(ctx, c.label)
}

// DropCollection takes everything of a label out of Milvus. A label that has no
// collection is no error.
func (s *Store) DropCollection(ctx context.Context, label face.TemplateLabel) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.release()
	s.mu.Lock()
	delete(s.known, label)
	delete(s.seen, label)
	s.mu.Unlock()
	return s.admin(ctx, "drop the collection", func(ctx context.Context) error {
		err := s.client.DropCollection(ctx, collectionName(s.opts.Prefix, label))
		if isMissing(err) {
			return nil
		}
		return err
	})
}

// Flush has Milvus write the rows of a label to its storage and waits for it.
func (s *Store) Flush(ctx context.Context, label face.TemplateLabel) error {
	c, err := s.find(ctx, label)
	if c == nil || err != nil {
		return err
	}
	return s.admin(ctx, "flush the collection", func(ctx context.Context) error {
		return s.client.Flush(ctx, c.name, false)
	})
}
