package repository

import (
	"testing"
	"time"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			start := time.Now().Add(-time.Minute) // goose writes whole seconds, and the database was made before
			got, err := r.Schema(t.Context())
			if err != nil || got.Version != 5 || got.CreatedAt.Before(start) || got.UpdatedAt.Before(got.CreatedAt) || got.UpdatedAt.After(time.Now()) {
				t.Errorf("Schema = %+v (%v), want version 5, made since %v", got, err, start)
			}
		})
	}
}
