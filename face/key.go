package face

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Role says how much a key allows. Each role includes the ones before it.
type Role int

// The roles of keys. The zero Role allows nothing: whoever forgets to set one
// locks out, and does not let in.
const (
	RoleSearch Role = iota + 1 // identify, verify, check liveness, and read
	RoleEnrol                  // also make, change and delete members and their faces
	RoleAdmin                  // also make, change and delete watchlists
)

var roleNames = [...]string{RoleSearch: "search", RoleEnrol: "enrol", RoleAdmin: "admin"}

// String returns the role in the words of the command line and the database.
func (r Role) String() string {
	if r < RoleSearch || r > RoleAdmin {
		return fmt.Sprintf("role(%d)", int(r))
	}
	return roleNames[r]
}

// ParseRole is the inverse of String. It returns an Invalid error for any other
// text.
func ParseRole(text string) (Role, error) {
	for r := RoleSearch; r <= RoleAdmin; r++ {
		if roleNames[r] == text {
			return r, nil
		}
	}
	return 0, FieldErrorf("role", "must be search, enrol or admin")
}

// Allows reports whether a key of this role may do what needs another.
func (r Role) Allows(need Role) bool {
	return r >= need && r <= RoleAdmin && need >= RoleSearch
}

// APIKey is what is known of a key, all but the key itself.
type APIKey struct {
	ID         uuid.UUID
	Name       string
	Role       Role
	Watchlists []string // ids of those that the key is for; empty: all, also those to come
	CreatedAt  time.Time
	ExpiresAt  time.Time // from then on the key is not valid; zero: never
	RevokedAt  time.Time // zero: it was not
}

// ValidAt reports whether the key counts at a time.
func (k *APIKey) ValidAt(t time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || t.Before(k.ExpiresAt))
}

// Grant is what the key of a request allows.
type Grant struct {
	Key        uuid.UUID
	Role       Role
	Watchlists []string // as in APIKey
}

type grantKey struct{}

// WithGrant returns a context that carries a grant.
func WithGrant(ctx context.Context, g Grant) context.Context {
	return context.WithValue(ctx, grantKey{}, g)
}

// GrantOf returns the grant of a context and whether there is one. There is none
// where no key is asked for: then everything is allowed.
func GrantOf(ctx context.Context) (Grant, bool) {
	g, ok := ctx.Value(grantKey{}).(Grant)
	return g, ok
}

// KeyHash is what is stored in place of a key's secret.
type KeyHash struct {
	Salt [16]byte
	Sum  [32]byte // HMAC-SHA-256 of the secret by the salt
}
