package apikey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// table is what keys need of a database.
type table interface {
	CreateKey(ctx context.Context, k face.APIKey, h face.KeyHash) error
	Key(ctx context.Context, id uuid.UUID) (face.APIKey, face.KeyHash, error)
	Keys(ctx context.Context) ([]face.APIKey, error)
	RevokeKey(ctx context.Context, id uuid.UUID, now time.Time) (face.APIKey, error)
	RevokeKeyNamed(ctx context.Context, name string, now time.Time) (face.APIKey, error)
}

// Keys are the keys of clients. Its methods may be called concurrently, and every
// error is, or wraps, a *face.Error.
type Keys struct {
	rows table
	now  func() time.Time
}

// New returns the keys of a table. A nil now is time.Now.
func New(rows table, now func() time.Time) *Keys {
	if now == nil {
		now = time.Now
	}
	return &Keys{rows: rows, now: now}
}

// Request asks for a new key. No text of it has control characters.
type Request struct {
	Name       string // 1…200 characters, not a UUID; no other valid key has it
	Role       face.Role
	Watchlists []string  // ids, also of watchlists that are not there yet; empty: all
	ExpiresAt  time.Time // in the future; zero: never
}

// Create makes a key and returns what is stored of it, and the key itself, which
// nobody can read again. A taken name is a Conflict.
func (k *Keys) Create(ctx context.Context, r Request) (face.APIKey, string, error) {
	now := k.clock()
	if err := r.check(now); err != nil {
		return face.APIKey{}, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return face.APIKey{}, "", fmt.Errorf("make an id: %w", err)
	}
	s, hash, err := newSecret()
	if err != nil {
		return face.APIKey{}, "", err
	}
	made := face.APIKey{
		ID: id, Name: r.Name, Role: r.Role, Watchlists: distinct(r.Watchlists), CreatedAt: now, ExpiresAt: stored(r.ExpiresAt),
	}
	if err := k.rows.CreateKey(ctx, made, hash); err != nil {
		return face.APIKey{}, "", fmt.Errorf("create key: %w", err)
	}
	return made, write(id, s), nil
}

// List returns all keys, those that are not valid any more included, the oldest
// first.
func (k *Keys) List(ctx context.Context) ([]face.APIKey, error) { return k.rows.Keys(ctx) }

// AnyValid reports whether there is a key that can be used.
func (k *Keys) AnyValid(ctx context.Context) (bool, error) {
	all, err := k.rows.Keys(ctx)
	for _, one := range all {
		if one.ValidAt(k.now()) {
			return true, nil
		}
	}
	return false, err
}

// Revoke ends a key, named by its id or its name, and returns it. The next
// request with it is refused, by every server of the database. An unknown one is
// NotFound.
func (k *Keys) Revoke(ctx context.Context, idOrName string) (face.APIKey, error) {
	if id, err := uuid.Parse(idOrName); err == nil {
		return k.rows.RevokeKey(ctx, id, k.clock())
	}
	return k.rows.RevokeKeyNamed(ctx, idOrName, k.clock())
}

// Authenticate returns what a key allows. It looks the key up each time, so that
// a revocation counts at once. A key that is unknown, wrong, revoked or expired is
// Unauthenticated: the client is not told which, the log is.
func (k *Keys) Authenticate(ctx context.Context, key string) (face.Grant, error) {
	id, s, ok := read(key)
	if !ok {
		return face.Grant{}, refused("it does not read like a key")
	}
	found, hash, err := k.rows.Key(ctx, id)
	switch {
	case face.KindOf(err) == face.NotFound && err != nil:
		return face.Grant{}, refused("there is none with its id")
	case err != nil:
		return face.Grant{}, fmt.Errorf("authenticate: %w", err)
	case !s.matches(hash):
		return face.Grant{}, refused("its secret is wrong: " + id.String())
	case !found.RevokedAt.IsZero():
		return face.Grant{}, refused("it is revoked: " + id.String())
	case !found.ValidAt(k.now()):
		return face.Grant{}, refused("it is expired: " + id.String())
	}
	return face.Grant{Key: id, Role: found.Role, Watchlists: found.Watchlists}, nil
}

func refused(why string) error {
	return face.Wrap(face.Unauthenticated, errors.New("the key is not valid: "+why), "the API key is not valid")
}

// clock returns the time as it is stored.
func (k *Keys) clock() time.Time { return stored(k.now()) }

// stored cuts a time to what a database holds of it.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
