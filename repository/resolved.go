package repository

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// resolved is what the database knows of hits.
type resolved struct {
	hits    map[face.Hit]bool // without their cosines
	members map[uuid.UUID]face.Member
	lists   map[uuid.UUID]face.Watchlist
	labels  map[uuid.UUID][]labelRow // of members that several readings met, repeatedly
}

func newResolved() *resolved {
	return &resolved{
		hits: map[face.Hit]bool{}, members: map[uuid.UUID]face.Member{},
		lists: map[uuid.UUID]face.Watchlist{}, labels: map[uuid.UUID][]labelRow{},
	}
}

// candidate returns what a hit stands for, and whether it is still there.
func (r *resolved) candidate(h face.Hit) (face.Candidate, bool) {
	h.Cosine = 0
	return face.Candidate{Watchlist: r.lists[h.Watchlist], Member: r.members[h.Member], FaceID: h.Face}, r.hits[h]
}

// label gives members their labels, when all is read.
func (r *resolved) label() {
	for uid, labels := range r.labels {
		m := r.members[uid]
		slices.SortFunc(labels, func(a, b labelRow) int { return a.Position - b.Position })
		for _, l := range slices.CompactFunc(labels, func(a, b labelRow) bool { return a.Position == b.Position }) {
			m.Labels = append(m.Labels, face.Label{Key: l.Key, Value: l.Value})
		}
		r.members[uid] = m
	}
}

// The sorts of rows that one statement answers with.
const (
	sortHit = iota // and its member
	sortList
	sortLabel
)

// knownHits selects those hits whose face, member and link are still there, of members who
// have not expired; a link has a watchlist always. A face is looked for among those of
// its member: that index is all of it that is read, and in a large gallery the rows of
// faces would displace those of members from memory.
const knownHits = `SELECT h.face_id, h.watchlist_uid, m.* FROM hits h
		JOIN faces f ON f.member_uid = h.member_uid AND f.id = h.face_id
		JOIN memberships ms ON ms.member_uid = h.member_uid AND ms.watchlist_uid = h.watchlist_uid
		JOIN members m ON m.uid = h.member_uid
		WHERE (m.expires_at IS NULL OR m.expires_at > ?)`

// What is told of known hits, of watchlists and of labels. All is told in one statement,
// because each takes a way to the database and back, which a search waits for. A member is
// told with each of its hits, which are seldom several; a watchlist, which most hits share
// and which may have much to say, is told once.
const (
	tellHits   = "SELECT 0, face_id, watchlist_uid, uid, 0, id, display_name, full_name, note, external_id, extra, created_at, updated_at, expires_at"
	tellLists  = " UNION ALL SELECT 1, NULL, uid, NULL, threshold, id, display_name, full_name, preview_color, NULL, metadata, created_at, updated_at, NULL FROM watchlists"
	tellLabels = " UNION ALL SELECT 2, NULL, NULL, member_uid, position, key, value, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM member_labels"
)

// read adds what is known of hits, at most maxBound.
func (r *resolved) read(tx *gorm.DB, hits []face.Hit) error {
	if pool, ok := postgresPool(tx); ok {
		if made, err := r.readDirect(tx.Statement.Context, pool, scopeOf(tx), hits); made {
			return err
		}
	}
	text, args := hitValues(tx, hits)
	text, args = text+"), known AS MATERIALIZED ("+knownHits, append(args, at(time.Now()))
	if s := scopeOf(tx); s.confined() {
		text, args = text+" AND h.watchlist_uid IN (SELECT uid FROM watchlists WHERE id IN ?)", append(args, padded(s.lists))
	}
	text += ") " + tellHits + " FROM known" +
		tellLists + " WHERE uid IN (SELECT watchlist_uid FROM known)" + tellLabels + " WHERE member_uid IN (SELECT uid FROM known)"
	rows, err := tx.Raw(text, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := r.takeAll(rows); err != nil {
		return err
	}
	return rows.Err()
}

// takeAll takes the rows of a statement. Why they ended is for the caller to ask.
func (r *resolved) takeAll(rows interface {
	Next() bool
	Scan(into ...any) error
}) error {
	for rows.Next() {
		var row resolvedRow
		if err := rows.Scan(row.fields()...); err != nil {
			return err
		}
		r.take(row)
	}
	return nil
}

// hitValues begins a statement by a table of hits, and returns its arguments. As in
// padded, their number is a power of two; the rows too many are of nulls, which no row
// is like.
func hitValues(tx *gorm.DB, hits []face.Hit) (text string, args []any) {
	row := "(?, ?, ?)"
	if tx.Name() == "postgres" {
		row = "(?::uuid, ?::uuid, ?::uuid)"
	}
	n := 1
	for n < len(hits) {
		n *= 2
	}
	args = make([]any, 0, 3*n+2)
	for i := range n {
		var h face.Hit
		if i < len(hits) {
			h = hits[i]
		}
		args = append(args, key(h.Face), key(h.Member), key(h.Watchlist))
	}
	return "WITH hits (face_id, member_uid, watchlist_uid) AS (VALUES " + row + strings.Repeat(", "+row, n-1), args
}

func (r *resolved) take(row resolvedRow) {
	member, list := uuid.UUID(row.member), uuid.UUID(row.list)
	switch row.sort {
	case sortHit:
		r.hits[face.Hit{Face: uuid.UUID(row.face), Member: member, Watchlist: list}] = true
		r.members[member] = row.memberRow().member()
	case sortList:
		r.lists[list] = row.watchlistRow().watchlist()
	case sortLabel:
		r.labels[member] = append(r.labels[member], row.labelRow())
	}
}
