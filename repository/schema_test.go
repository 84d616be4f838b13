package repository

import (
	"testing"
	"time"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	start := time.Now().Add(-2 * time.Second) // goose writes whole seconds
	r := openTest(t)
	got, err := r.Schema(t.Context())
	if err != nil || got.Version != 2 || got.CreatedAt.Before(start) || got.UpdatedAt.Before(got.CreatedAt) || got.UpdatedAt.After(time.Now()) {
		t.Errorf("Schema = %+v (%v), want version 2, made since %v", got, err, start)
	}
}
