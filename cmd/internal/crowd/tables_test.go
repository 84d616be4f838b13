package crowd_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/crowd"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/repository/repositorytest"
)

// TestTables fills each database, and wants the repository to read the gallery.
func TestTables(t *testing.T) {
	t.Parallel()
	g := crowd.NewGallery(crowd.Made(100), 500, 3)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := g.InsertInto(t.Context(), dir, 10); err != nil {
			t.Fatal(err)
		}
		checkTemplates(t, g, repository.Options{Dir: dir})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := repositorytest.Postgres(t)
		if err := g.CopyTo(t.Context(), url, 10); err != nil {
			t.Fatal(err)
		}
		checkTemplates(t, g, repository.Options{URL: url})
	})
}

func checkTemplates(t *testing.T, g *crowd.Gallery, opts repository.Options) {
	t.Helper()
	r, err := repository.Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var got []face.IndexRow
	_, err = r.AllTemplates(t.Context(), 100, func(_ face.TemplateLabel, rows []face.IndexRow) error {
		got = append(got, rows...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b face.IndexRow) int { return bytes.Compare(a.Face[:], b.Face[:]) })
	if diff := cmp.Diff(g.Rows, got); diff != "" {
		t.Errorf("the rows of the database differ (-want +got):\n%s", diff)
	}
}
