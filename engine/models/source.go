package models

import "fmt"

// SourceKind says how a file can be had.
type SourceKind string

// The kinds of source.
const (
	GitHub    SourceKind = "github"    // a raw file of a public repository, at a commit
	PyPI      SourceKind = "pypi"      // a member of a Python package
	NPM       SourceKind = "npm"       // a member of a Node package
	Converted SourceKind = "converted" // made from another file by a command; no public file has its bytes
)

// Source is where a model file comes from. Which fields are set follows Kind.
type Source struct {
	Kind SourceKind `json:"kind"`

	Repo   string `json:"repo,omitempty"`   // GitHub: owner/name
	Commit string `json:"commit,omitempty"` // GitHub: 40 hex digits
	Path   string `json:"path,omitempty"`   // GitHub: the file in the repository

	Package string `json:"package,omitempty"` // PyPI, NPM
	Version string `json:"version,omitempty"` // PyPI, NPM: exact
	Member  string `json:"member,omitempty"`  // PyPI, NPM: the file in the archive, exact

	From    *Source `json:"from,omitempty"`    // Converted: the file it was made from
	Command string  `json:"command,omitempty"` // Converted: how it was made
}

// String names the source for people, in one line.
func (s Source) String() string {
	switch s.Kind {
	case GitHub:
		return fmt.Sprintf("github %s@%.12s %s", s.Repo, s.Commit, s.Path)
	case PyPI, NPM:
		return fmt.Sprintf("%s %s", s.Kind, s.spec())
	case Converted:
		if s.From != nil {
			return "converted from " + s.From.String()
		}
	}
	return string(s.Kind)
}

// spec is the package at its version, in the way of its own client.
func (s Source) spec() string {
	if s.Kind == PyPI {
		return s.Package + "==" + s.Version
	}
	return s.Package + "@" + s.Version
}
