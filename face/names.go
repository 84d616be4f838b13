package face

import (
	"cmp"

	"github.com/google/uuid"
)

// UUID is the id under which dialects that know nothing but UUIDs show a watchlist:
// its ID where that is one, in the canonical form, else its UID.
func (w Watchlist) UUID() uuid.UUID { return canonicalUUID(w.ID, w.UID) }

// UUID is the id under which dialects that know nothing but UUIDs show a member: its
// ID where that is one, in the canonical form, else its UID.
func (m Member) UUID() uuid.UUID { return canonicalUUID(m.ID, m.UID) }

// canonicalUUID returns an id that is a UUID as uuid.UUID.String writes it, or
// another one. In any other form it is but a string: two of them could be one UUID.
func canonicalUUID(id string, otherwise uuid.UUID) uuid.UUID {
	if parsed, err := uuid.Parse(id); err == nil && parsed.String() == id {
		return parsed
	}
	return otherwise
}

// Name is the one name of a watchlist for dialects that know but one: the full name,
// else the display name.
func (w Watchlist) Name() string { return cmp.Or(w.FullName, w.DisplayName) }

// Name is the one name of a member for dialects that know but one: the full name,
// else the display name, else "".
func (m Member) Name() string { return cmp.Or(orEmpty(m.FullName), orEmpty(m.DisplayName)) }

// Rename gives a member the one name that some dialects know. The display name
// follows where it was that name too, or absent.
func (m *Member) Rename(name string) {
	if m.DisplayName == nil || *m.DisplayName == m.Name() {
		m.DisplayName = &name
	}
	m.FullName = &name
}

// Rename gives a watchlist the one name that some dialects know. The display name
// follows where it was that name too, or empty.
func (w *Watchlist) Rename(name string) {
	if w.DisplayName == "" || w.DisplayName == w.Name() {
		w.DisplayName = name
	}
	w.FullName = name
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
