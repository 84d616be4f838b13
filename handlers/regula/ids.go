package regula

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// uuidLength is that of the one form of a UUID that is taken, in any case.
const uuidLength = 36

// parseID reads an id of a request.
func parseID(field, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != uuidLength {
		return uuid.Nil, face.FieldErrorf(field, "%s must be a UUID", field)
	}
	return id, nil
}

// pathID reads an id from the path.
func pathID(c *gin.Context, name string) (uuid.UUID, error) {
	text, err := httpx.PathParam(c, name)
	if err != nil {
		return uuid.Nil, err
	}
	return parseID(name, text)
}

// newID makes the id of a new person or group: time-ordered, so that listings by
// decreasing id begin with the newest.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", face.Wrap(face.Internal, err, "")
	}
	return id.String(), nil
}
