// Package gallery holds the use-cases: enrol, identify, verify, and the care
// of watchlists and members. It knows its parts (an engine, a repository, an
// index) by small interfaces, and it is the one place where they are kept
// consistent with each other.
package gallery
