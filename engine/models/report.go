package models

import (
	"fmt"
	"strings"
)

// Report is what a pull did.
type Report struct {
	Pack     Pack  // the pack that was pulled; never Automatic
	FellBack error // why Pack is registry though standard was tried first; nil otherwise
	Files    []FileReport
}

// FileReport is what became of one file of the pack.
type FileReport struct {
	Entry    Entry
	Outcome  Outcome
	From     string    // the folder, the address or the package it came from; empty unless it came now
	Replaced string    // sha256 of a wrong file found under its name; empty if there was none
	Attempts []Attempt // the sources that failed, in order
}

// Outcome is how a file ended.
type Outcome string

// The outcomes.
const (
	Present    Outcome = "present" // it was there already, with the right hash
	Copied     Outcome = "copied"
	Downloaded Outcome = "downloaded"
	Extracted  Outcome = "extracted from package"
	Absent     Outcome = "not available"
)

// Attempt is a source that did not give the file.
type Attempt struct {
	Source string
	Err    error
}

// PullError is a pull that left out files the server needs.
type PullError struct {
	Pack  Pack
	Files []FileReport // the required files that could not be had
}

// Error names each file, what was tried for it, and why that failed, in several
// lines.
func (e *PullError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the %s pack is not complete", e.Pack)
	for _, f := range e.Files {
		fmt.Fprintf(&b, "\n  %s (%s)", f.Entry.File, f.Entry.Role)
		for _, a := range f.Attempts {
			fmt.Fprintf(&b, "\n    %s: %v", a.Source, a.Err)
		}
	}
	return b.String()
}
