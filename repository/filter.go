package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// MembersByName returns the UIDs of the members that have one of the names.
func (r *Repository) MembersByName(ctx context.Context, names []string) ([]uuid.UUID, error) {
	return r.membersBy(ctx, names, "full_name", "display_name")
}

// MembersByExternalID returns the UIDs of the members that have one of the external
// ids.
func (r *Repository) MembersByExternalID(ctx context.Context, ids []string) ([]uuid.UUID, error) {
	return r.membersBy(ctx, ids, "external_id", "")
}

// membersBy looks for values in a column, and in another one where that is empty, if
// there is another one.
func (r *Repository) membersBy(ctx context.Context, values []string, column, otherwise string) (out []uuid.UUID, err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		rows, err := findAll[memberRow](visible(tx).Select("uid").Session(&gorm.Session{}), column, values)
		if err != nil {
			return err
		}
		if otherwise != "" {
			unnamed := visible(tx).Select("uid").Where("(" + column + " IS NULL OR " + column + " = '')").Session(&gorm.Session{})
			more, err := findAll[memberRow](unnamed, otherwise, values)
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
		for _, row := range rows {
			out = append(out, uuid.UUID(row.UID))
		}
		return nil
	})
	return unique(out), err
}

// FaceIDsOf returns the ids of all faces of members by the UIDs of these.
func (r *Repository) FaceIDsOf(ctx context.Context, members []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := findAll[faceRow](r.read.WithContext(ctx).Select("id").Session(&gorm.Session{}), "member_uid", keys(unique(members)))
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	out := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		out[i] = uuid.UUID(row.ID)
	}
	return out, nil
}

// CandidatesOf returns a candidate without face and score for each member, by UIDs,
// and each of the watchlists that it is on and that is asked for: none asks for all.
func (r *Repository) CandidatesOf(ctx context.Context, members, lists []uuid.UUID) (out []face.Candidate, err error) {
	err = r.view(ctx, func(tx *gorm.DB) error {
		known, err := findMembers(tx, members)
		if err != nil {
			return err
		}
		links := scopeOf(tx).links(tx)
		if len(lists) > 0 {
			links = links.Where("watchlist_uid IN ?", keys(lists)).Session(&gorm.Session{})
		}
		rows, err := findAll[membershipRow](links, "member_uid", keys(unique(members)))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if m, ok := known[uuid.UUID(row.MemberUID)]; ok {
				out = append(out, face.Candidate{Watchlist: face.Watchlist{UID: uuid.UUID(row.WatchlistUID)}, Member: m})
			}
		}
		return nil
	})
	return out, err
}

func findMembers(tx *gorm.DB, uids []uuid.UUID) (map[uuid.UUID]face.Member, error) {
	rows, err := findAll[memberRow](alive(tx).Session(&gorm.Session{}), "uid", keys(unique(uids)))
	if err != nil {
		return nil, err
	}
	members := make([]face.Member, len(rows))
	for i, row := range rows {
		members[i] = row.member()
	}
	if err := loadLabels(tx, members); err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]face.Member, len(rows))
	for _, m := range members {
		out[m.UID] = m
	}
	return out, nil
}
