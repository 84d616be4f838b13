package models

import (
	"fmt"
	"strings"
)

// MissingError is a set of model files that no look-up folder has.
type MissingError struct {
	Packs []MissingFiles // one for each pack that would have done
	Dirs  []string       // the folders looked in
}

// MissingFiles is what one pack lacks.
type MissingFiles struct {
	Pack    Pack
	Entries []Entry
}

// Error names each missing file, the folders looked in, and the way out.
func (e *MissingError) Error() string {
	var b strings.Builder
	for i, pack := range e.Packs {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s pack: ", pack.Pack)
		for j, entry := range pack.Entries {
			if j > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s (%s)", entry.File, entry.Role)
		}
	}
	fmt.Fprintf(&b, "; looked in %s; run \"facekeep models pull\"", strings.Join(e.Dirs, ", "))
	return b.String()
}
