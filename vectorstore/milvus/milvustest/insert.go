// Package milvustest does to collections what no store would.
package milvustest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/milvus-io/milvus-sdk-go/v2/client"
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// Insert puts rows into the first collection whose name begins with a prefix,
// whatever is there, and so makes duplicates. Their ids do not count.
func Insert(ctx context.Context, address, prefix string, rows []milvus.Row) (err error) {
	c, err := client.NewClient(ctx, client.Config{Address: address, DisableConn: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	all, err := c.ListCollections(ctx)
	if err != nil {
		return err
	}
	for _, found := range all {
		if strings.HasPrefix(found.Name, prefix) {
			_, err := c.Insert(ctx, found.Name, "", columns(rows)...)
			return err
		}
	}
	return fmt.Errorf("no collection begins with %q", prefix)
}

func columns(rows []milvus.Row) []entity.Column {
	n := len(rows)
	lists, members, faces := make([]string, n), make([]string, n), make([]string, n)
	versions, vectors := make([]int64, n), make([][]float32, n)
	for i, r := range rows {
		lists[i], members[i], faces[i] = r.Watchlist.String(), r.Member.String(), r.Face.String()
		versions[i], vectors[i] = r.Version, r.Vector
	}
	return []entity.Column{
		entity.NewColumnVarChar("watchlist", lists), entity.NewColumnVarChar("member", members),
		entity.NewColumnVarChar("face", faces), entity.NewColumnInt64("version", versions),
		entity.NewColumnFloatVector("vector", len(vectors[0]), vectors),
	}
}
