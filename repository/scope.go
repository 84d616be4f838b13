package repository

import (
	"slices"

	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// scope is what the grant of a request lets it see and change: everything, or what
// hangs on some watchlists. It is decided here for every read and write of the
// gallery, in the transaction that it holds for, because between a look and a
// write somebody else may link a member to another watchlist. What has no grant in
// its context (the index, a sweep, a request where no key is asked for) is not
// confined.
//
// What is out of scope reads as if it were not there. Only where a request names a
// watchlist to write to, or would change a member that is in the scope of others
// as well, it is told that its key is not for that.
type scope struct {
	lists []string // ids of watchlists; empty: all there are
}

// scopeOf returns the scope of a statement, by the context that it runs in.
func scopeOf(tx *gorm.DB) scope {
	grant, _ := face.GrantOf(tx.Statement.Context)
	return scope{grant.Watchlists}
}

func (s scope) confined() bool { return len(s.lists) > 0 }

func (s scope) covers(watchlistID string) bool {
	return !s.confined() || slices.Contains(s.lists, watchlistID)
}

// names returns a Forbidden error unless all watchlists that a write names are in
// scope, those included that do not exist: the answer must not tell.
func (s scope) names(watchlistIDs ...string) error {
	for _, id := range watchlistIDs {
		if !s.covers(id) {
			return face.Errorf(face.Forbidden, "This key is not for the watchlist '%s'.", id)
		}
	}
	return nil
}

// watchlists narrows a query of watchlists to those in scope.
func (s scope) watchlists(tx *gorm.DB) *gorm.DB {
	if !s.confined() {
		return tx
	}
	return tx.Where("id IN ?", padded(s.lists)).Session(&gorm.Session{})
}

// members narrows a query to rows whose column (a name of ours, with its table) is
// the uid of a member in scope: one on at least one of the watchlists. It is asked
// row by row, for queries that find few rows by something else: a list of all who are
// on the watchlists may be long.
func (s scope) members(tx *gorm.DB, column string) *gorm.DB {
	if !s.confined() {
		return tx
	}
	return tx.Where("EXISTS (SELECT 1 FROM memberships ms JOIN watchlists w ON w.uid = ms.watchlist_uid WHERE ms.member_uid = "+column+" AND w.id IN ?)",
		padded(s.lists)).Session(&gorm.Session{})
}

// links narrows a query of memberships to those in scope.
func (s scope) links(tx *gorm.DB) *gorm.DB {
	if !s.confined() {
		return tx
	}
	return tx.Where("watchlist_uid IN (SELECT uid FROM watchlists WHERE id IN ?)", padded(s.lists)).Session(&gorm.Session{})
}

// visible narrows a query of members to those in scope that have not expired.
func visible(tx *gorm.DB) *gorm.DB {
	return scopeOf(tx).members(alive(tx), "members.uid").Session(&gorm.Session{})
}

// visibleAll is visible for listings of all members. It begins with who is on the
// watchlists: of a large gallery that is seldom everybody, and row by row a page of few
// would look at all (SQLite, 100 of 300,000 members: 1 ms instead of 1 s).
func visibleAll(tx *gorm.DB) *gorm.DB {
	s := scopeOf(tx)
	if !s.confined() {
		return alive(tx)
	}
	return alive(tx).Where("uid IN (SELECT ms.member_uid FROM memberships ms JOIN watchlists w ON w.uid = ms.watchlist_uid WHERE w.id IN ?)",
		padded(s.lists))
}

// makesLoose returns a Forbidden error unless a member may be made that is on no
// watchlist: in a narrower scope nobody could see it.
func (s scope) makesLoose() error {
	if s.confined() {
		return face.Errorf(face.Forbidden, "This key is for some watchlists: it cannot make a member that is on none.")
	}
	return nil
}

// enrols returns a Forbidden error unless a member may be made on watchlists.
func (s scope) enrols(watchlistIDs []string) error {
	if len(watchlistIDs) == 0 {
		return s.makesLoose()
	}
	return s.names(watchlistIDs...)
}

// findOwn returns the member of an id, locked as a write wants it, and only if the
// write may change it. A member out of scope is NotFound, one that is on another
// watchlist as well is Forbidden: deleting it or changing its face would change
// what others find.
func findOwn(tx *gorm.DB, lock func(*gorm.DB) *gorm.DB, id string) (memberRow, error) {
	m, err := findMember(lock(tx), id)
	s := scopeOf(tx)
	if err != nil || !s.confined() {
		return m, err
	}
	// After the lock, so that it sees the links of whoever held the member before.
	var others int64
	err = tx.Raw(`SELECT count(*) FROM memberships ms JOIN watchlists w ON w.uid = ms.watchlist_uid
		WHERE ms.member_uid = ? AND w.id NOT IN ?`, m.UID, padded(s.lists)).Row().Scan(&others)
	if err == nil && others > 0 {
		err = face.Errorf(face.Forbidden, "Watchlist member with id '%s' is also on a watchlist that this key is not for.", id)
	}
	return m, err
}
