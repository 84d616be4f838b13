package engine

import "github.com/facekeep/facekeep/face"

// alignment names how a face is brought into place for an extractor, and
// templateVersion everything else about a template that has no name: raise it
// when a change makes templates that must not be compared with those before.
const (
	alignment       = "arcface112"
	templateVersion = "1"
)

// templateLabel returns the label of the templates of a detector and an extractor.
func templateLabel(detector, extractor string) face.TemplateLabel {
	return face.TemplateLabel(detector + "+" + alignment + "+" + extractor + "@" + templateVersion)
}
