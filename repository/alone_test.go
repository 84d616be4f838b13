package repository

import (
	"context"
	"errors"
	"testing"

	"github.com/facekeep/facekeep/repository/repositorytest"
)

// TestAlone holds that of two servers one at a time does what has a name, whether
// it succeeds, fails, or is given up.
func TestAlone(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var a, b *Repository
			if kind == "postgres" {
				url := repositorytest.Postgres(t)
				a, b = openWith(t, Options{URL: url}), openWith(t, Options{URL: url})
			} else {
				a = openTest(t)
				b = a
			}
			broken := errors.New("broken")
			given, cancel := context.WithCancel(t.Context())
			defer cancel()
			for _, want := range []error{nil, broken, context.Canceled} {
				done, err := a.Alone(given, "index", func(ctx context.Context) error {
					if other, err := b.Alone(t.Context(), "index", func(context.Context) error { return nil }); other || err != nil {
						t.Errorf("a second server is let in beside the first: %t, %v", other, err)
					}
					if other, err := b.Alone(t.Context(), "another", func(context.Context) error { return nil }); !other || err != nil {
						t.Errorf("another name: %t, %v; want it done", other, err)
					}
					if errors.Is(want, context.Canceled) {
						cancel()
						return ctx.Err()
					}
					return want
				})
				if !done || !errors.Is(err, want) {
					t.Errorf("Alone = %t, %v; want true, %v", done, err, want)
				}
			}
			if done, err := b.Alone(t.Context(), "index", func(context.Context) error { return nil }); !done || err != nil {
				t.Errorf("afterwards: %t, %v; want it done", done, err)
			}
		})
	}
}
