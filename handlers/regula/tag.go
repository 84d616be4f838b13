package regula

import (
	"regexp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// tags are what the contract takes for the name of a session.
var tags = regexp.MustCompile(`^[A-Za-z0-9_-]{0,127}$`)

// checkTag refuses a tag that is none. Nothing else is done with the tags of
// requests here: what they would bring together is not stored.
func checkTag(tag *string) error {
	if !tags.MatchString(httpx.OrDefault(tag, "")) {
		return face.FieldErrorf("tag", "tag must be at most 127 letters, digits, - and _")
	}
	return nil
}
