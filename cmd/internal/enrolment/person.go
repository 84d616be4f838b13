package enrolment

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Person is somebody to be enrolled.
type Person struct {
	ID       string // of the member
	Name     string // full name
	Labels   []Label
	Pictures []Picture // at least one
}

// Label is a key and a value attached to a member.
type Label struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Picture is a file that shows a person.
type Picture struct {
	Item string // what the report calls it
	Path string
}

// faceID returns the id of the face that a picture gives a member: the same for the
// same bytes, wherever they lie, so that they are not enrolled twice.
func faceID(memberID string, picture []byte) uuid.UUID {
	sum := sha256.Sum256(picture)
	return uuid.NewSHA1(uuid.NameSpaceOID, slices.Concat([]byte("facekeep enrolment\x00"), []byte(memberID), []byte{0}, sum[:]))
}

// EachAlone makes a person of every picture, whose id is that of the item: nothing
// shorter is sure to be its own.
func EachAlone(people []Person) []Person {
	var out []Person
	for _, p := range people {
		for _, picture := range p.Pictures {
			out = append(out, Person{ID: picture.Item, Name: p.Name, Labels: p.Labels, Pictures: []Picture{picture}})
		}
	}
	return out
}

// nameOf makes a full name of the name of a file or folder.
func nameOf(id string) string { return strings.TrimSpace(strings.ReplaceAll(id, "_", " ")) }
