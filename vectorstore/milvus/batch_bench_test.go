package milvus

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// BenchmarkBatch measures how many rows a second go into a collection, by the size
// of a batch: of Add, whose rows are only inserted, and of Upsert, which looks for
// older ones. All sizes take turns with the same collection. It reports medians.
func BenchmarkBatch(b *testing.B) {
	for _, tt := range []struct {
		name  string
		sizes []int
		put   func(ctx context.Context, s *Store, c *collection, rows []face.IndexRow) error
	}{
		{"add", []int{512, 1024, 2048, 4096, 8192, 16384}, func(ctx context.Context, s *Store, c *collection, rows []face.IndexRow) error {
			_, err := s.insert(ctx, c, rows)
			return err
		}},
		{"upsert", []int{256, 512, 1024, 2048, 4096}, func(ctx context.Context, s *Store, c *collection, rows []face.IndexRow) error {
			return s.replace(ctx, c, rows)
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			s := open(b, func(o *Options) { o.Consistency, o.Partitions = Bounded, 64 })
			most := tt.sizes[len(tt.sizes)-1]
			rows := randomRows(most, 128, 100)
			c, err := s.collectionFor(b.Context(), label, rows)
			if err != nil {
				b.Fatal(err)
			}
			rates := make([][]float64, len(tt.sizes))
			for b.Loop() {
				for i, size := range tt.sizes {
					for k := range rows {
						rows[k].Face = uuid.New()
					}
					begun := time.Now()
					for batch := range slices.Chunk(rows, size) {
						if err := tt.put(b.Context(), s, c, batch); err != nil {
							b.Fatal(err)
						}
					}
					rates[i] = append(rates[i], float64(most)/time.Since(begun).Seconds())
				}
			}
			for i, size := range tt.sizes {
				slices.Sort(rates[i])
				b.ReportMetric(rates[i][len(rates[i])/2], fmt.Sprintf("rows/s-by-%d", size))
			}
		})
	}
}
