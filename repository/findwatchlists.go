package repository

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// WatchlistByName returns the watchlist whose id a name is, else whose full name,
// else whose display name; of several the oldest. None is NotFound.
func (r *Repository) WatchlistByName(ctx context.Context, name string) (w face.Watchlist, err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		for _, column := range []string{"id", "full_name", "display_name"} {
			var rows []watchlistRow
			if err := scopeOf(tx).watchlists(tx).Where(column+" = ?", name).Order("created_at, uid").Limit(1).Find(&rows).Error; err != nil {
				return err
			}
			if len(rows) > 0 {
				w = rows[0].watchlist()
				return nil
			}
		}
		return noWatchlist(name)
	})
	return w, err
}

// MemberWatchlists returns one page of the watchlists that a member is on. An unknown
// member is on none.
func (r *Repository) MemberWatchlists(ctx context.Context, memberID string, q face.PageQuery) (page face.Page[face.Watchlist], err error) {
	ofMember := func(tx *gorm.DB) *gorm.DB {
		member := alive(tx.Session(&gorm.Session{NewDB: true}).Model(&memberRow{})).Select("uid").Where("id = ?", memberID)
		return scopeOf(tx).watchlists(tx).Where("uid IN (SELECT watchlist_uid FROM memberships WHERE member_uid = (?))", member)
	}
	err = r.view(ctx, func(tx *gorm.DB) error {
		page, err = paged(tx, q, ofMember, [2]string{"created_at", "uid"}, watchlistRow.watchlist)
		return err
	})
	return page, err
}

// WatchlistsOf returns the watchlists that members are on, by the UIDs of these, the
// newest first.
func (r *Repository) WatchlistsOf(ctx context.Context, members []uuid.UUID) (map[uuid.UUID][]face.Watchlist, error) {
	out := make(map[uuid.UUID][]face.Watchlist, len(members))
	err := r.view(ctx, func(tx *gorm.DB) error {
		links, err := findAll[membershipRow](tx, "member_uid", keys(unique(members)))
		if err != nil {
			return err
		}
		on := map[uuid.UUID][]uuid.UUID{}
		for _, l := range links {
			on[uuid.UUID(l.WatchlistUID)] = append(on[uuid.UUID(l.WatchlistUID)], uuid.UUID(l.MemberUID))
		}
		uids := make([]key, 0, len(on))
		for uid := range on {
			uids = append(uids, key(uid))
		}
		lists, err := findAll[watchlistRow](scopeOf(tx).watchlists(tx), "uid", uids)
		if err != nil {
			return err
		}
		sortNewestFirst(lists)
		for _, w := range lists {
			for _, m := range on[uuid.UUID(w.UID)] {
				out[m] = append(out[m], w.watchlist())
			}
		}
		return nil
	})
	return out, err
}

func sortNewestFirst(lists []watchlistRow) {
	slices.SortFunc(lists, func(a, b watchlistRow) int {
		return cmp.Or(b.Created.Compare(a.Created.Time), bytes.Compare(b.UID[:], a.UID[:]))
	})
}
