package httpx

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// KeyHeader carries the API key of a request. A key in "Authorization: Bearer …"
// counts where it is absent.
const KeyHeader = "x-api-key"

// keyTime bounds the look-up of a key, which no timeout of a dialect covers: it
// comes before the body is read.
const keyTime = 5 * time.Second

const keyIDKey = "httpx.key_id"

// Keys tells what a key allows. It returns an Unauthenticated error for one that
// is unknown, wrong, revoked or expired.
type Keys interface {
	Authenticate(ctx context.Context, key string) (face.Grant, error)
}

// Access asks requests for keys. A nil Access lets everybody in.
type Access struct {
	keys     Keys
	required bool
}

// NewAccess returns an Access that asks for keys if they are required. If not,
// whatever clients send as one is not looked at: those of SmartFace may send
// tokens of their own.
func NewAccess(keys Keys, required bool) *Access {
	return &Access{keys: keys, required: required}
}

var errKeyAbsent = errors.New("no key was given")

// IsKeyAbsent reports whether err says that a request had no key at all, and not
// that its key is not valid.
func IsKeyAbsent(err error) bool { return errors.Is(err, errKeyAbsent) }

// Need lets those requests pass whose key allows a role, with the grant of the
// key in their context; write answers the others. It reads nothing of the body.
func (a *Access) Need(role face.Role, write ErrorWriter) gin.HandlerFunc {
	if a == nil || !a.required {
		return func(*gin.Context) {}
	}
	return func(c *gin.Context) {
		grant, err := a.grant(c)
		if err == nil && !grant.Role.Allows(role) {
			err = face.Errorf(face.Forbidden, "this needs a key with the role %s, and yours has %s", role, grant.Role)
		}
		if err != nil {
			if KindOf(err) == face.Unauthenticated {
				c.Header("WWW-Authenticate", "Bearer")
			}
			write(c, err)
			c.Abort()
			return
		}
		c.Request = c.Request.WithContext(face.WithGrant(c.Request.Context(), grant))
	}
}

func (a *Access) grant(c *gin.Context) (face.Grant, error) {
	key := keyOf(c.Request.Header)
	if key == "" {
		return face.Grant{}, face.Wrap(face.Unauthenticated, errKeyAbsent, "an API key is needed in the header "+KeyHeader)
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), keyTime)
	defer cancel()
	grant, err := a.keys.Authenticate(ctx, key)
	if err != nil {
		return face.Grant{}, err
	}
	c.Set(keyIDKey, grant.Key.String())
	return grant, nil
}

func keyOf(h http.Header) string {
	if key := strings.TrimSpace(h.Get(KeyHeader)); key != "" {
		return key
	}
	const scheme = "bearer "
	if value := h.Get("Authorization"); len(value) > len(scheme) && strings.EqualFold(value[:len(scheme)], scheme) {
		return strings.TrimSpace(value[len(scheme):])
	}
	return ""
}
