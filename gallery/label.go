package gallery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/facekeep/facekeep/face"
)

// CheckLabel returns a Conflict if the gallery holds templates that the engine
// does not make: a probe would never meet them, and people would silently not be
// found. An engine without a calibration is an error too.
func (g *Gallery) CheckLabel(ctx context.Context) error {
	makes := g.engine.Label()
	if _, err := g.scores.For(makes); err != nil {
		return err
	}
	held, err := g.rows.TemplateLabels(ctx)
	if err != nil {
		return fmt.Errorf("read template labels: %w", err)
	}
	var others []string
	for _, label := range slices.Sorted(maps.Keys(held)) {
		if label != makes {
			others = append(others, fmt.Sprintf("%d templates %q", held[label], label))
		}
	}
	if others != nil {
		return face.Errorf(face.Conflict, "the gallery holds %s, but the models make %q, which cannot be compared with them: "+
			"start with the models that the gallery was enrolled with, or with another data folder", strings.Join(others, " and "), makes)
	}
	return nil
}
