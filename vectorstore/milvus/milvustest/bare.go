package milvustest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// Bare searches a collection by the SDK alone, as a program would that has nothing
// else to do: what the way through Facekeep costs is measured against it.
type Bare struct {
	client     client.Client
	collection string
	param      entity.SearchParam
}

// OpenBare connects to the first collection whose name begins with a prefix, to
// search it with the parameters of an index. The caller closes it.
func OpenBare(ctx context.Context, address, prefix string, x milvus.Index) (*Bare, error) {
	param, err := searchParam(x)
	if err != nil {
		return nil, err
	}
	c, err := client.NewClient(ctx, client.Config{Address: address, DisableConn: true})
	if err != nil {
		return nil, err
	}
	all, err := c.ListCollections(ctx)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	for _, found := range all {
		if strings.HasPrefix(found.Name, prefix) {
			return &Bare{client: c, collection: found.Name, param: param}, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("no collection begins with %q", prefix), c.Close())
}

func searchParam(x milvus.Index) (entity.SearchParam, error) {
	switch x.Kind {
	case milvus.HNSW:
		return entity.NewIndexHNSWSearchParam(x.Ef)
	case milvus.IVFFlat:
		return entity.NewIndexIvfFlatSearchParam(x.Probes)
	case milvus.IVFSQ8:
		return entity.NewIndexIvfSQ8SearchParam(x.Probes)
	case milvus.Flat:
		return entity.NewIndexFlatSearchParam()
	}
	return nil, fmt.Errorf("no search of the index %q", x.Kind)
}

// Close lets go of the connection.
func (b *Bare) Close() error { return b.client.Close() }

// Search returns the members of the rows, at most so many, that are nearest to a
// vector in watchlists; none stands for all.
func (b *Bare) Search(ctx context.Context, vector []float32, watchlists []uuid.UUID, rows int) ([]string, error) {
	within := ""
	if len(watchlists) > 0 {
		names := make([]string, len(watchlists))
		for i, id := range watchlists {
			names[i] = fmt.Sprintf("%q", id)
		}
		within = "watchlist in [" + strings.Join(names, ",") + "]"
	}
	found, err := b.client.Search(ctx, b.collection, nil, within, []string{"watchlist", "member", "face"},
		[]entity.Vector{entity.FloatVector(vector)}, "vector", entity.IP, rows, b.param,
		client.WithSearchQueryConsistencyLevel(entity.ClBounded))
	if err != nil || len(found) == 0 || found[0].ResultCount == 0 {
		return nil, err
	}
	members, ok := found[0].Fields.GetColumn("member").(*entity.ColumnVarChar)
	if !ok {
		return nil, fmt.Errorf("the answer has no members")
	}
	return members.Data(), nil
}
