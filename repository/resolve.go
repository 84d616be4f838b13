package repository

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// Resolve turns the hits of an index into candidates without a score, in the
// order of the hits. A hit whose face, member, watchlist or link is gone is left
// out: the index was behind.
func (r *Repository) Resolve(ctx context.Context, hits []face.Hit) (found []face.Candidate, err error) {
	if len(hits) == 0 {
		return nil, nil
	}
	err = r.view(ctx, func(tx *gorm.DB) error {
		found, err = resolve(tx, hits)
		return err
	})
	return found, err
}

func resolve(tx *gorm.DB, hits []face.Hit) ([]face.Candidate, error) {
	faceIDs, listIDs, memberIDs := make([]uuid.UUID, len(hits)), make([]uuid.UUID, len(hits)), make([]uuid.UUID, len(hits))
	for i, h := range hits {
		faceIDs[i], listIDs[i], memberIDs[i] = h.Face, h.Watchlist, h.Member
	}
	owners, err := findOwners(tx, faceIDs)
	if err != nil {
		return nil, err
	}
	links, err := findLinks(tx, memberIDs)
	if err != nil {
		return nil, err
	}
	lists, err := findLists(scopeOf(tx).watchlists(tx), listIDs)
	if err != nil {
		return nil, err
	}
	members, err := findMembers(tx, memberIDs)
	if err != nil {
		return nil, err
	}
	out := make([]face.Candidate, 0, len(hits))
	for _, h := range hits {
		_, known := members[h.Member]
		_, listed := lists[h.Watchlist]
		if known && listed && owners[h.Face] == h.Member && links[[2]uuid.UUID{h.Watchlist, h.Member}] {
			out = append(out, face.Candidate{Watchlist: lists[h.Watchlist], Member: members[h.Member], FaceID: h.Face})
		}
	}
	return out, nil
}

// findOwners returns the member of each face.
func findOwners(tx *gorm.DB, faceIDs []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	rows, err := findAll[faceRow](tx.Select("id", "member_uid").Session(&gorm.Session{}), "id", keys(unique(faceIDs)))
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, row := range rows {
		out[uuid.UUID(row.ID)] = uuid.UUID(row.MemberUID)
	}
	return out, nil
}

// findLinks returns the links of members as (watchlist, member).
func findLinks(tx *gorm.DB, memberUIDs []uuid.UUID) (map[[2]uuid.UUID]bool, error) {
	rows, err := findAll[membershipRow](tx, "member_uid", keys(unique(memberUIDs)))
	if err != nil {
		return nil, err
	}
	out := make(map[[2]uuid.UUID]bool, len(rows))
	for _, row := range rows {
		out[[2]uuid.UUID{uuid.UUID(row.WatchlistUID), uuid.UUID(row.MemberUID)}] = true
	}
	return out, nil
}

func findLists(tx *gorm.DB, uids []uuid.UUID) (map[uuid.UUID]face.Watchlist, error) {
	rows, err := findAll[watchlistRow](tx, "uid", keys(unique(uids)))
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]face.Watchlist, len(rows))
	for _, row := range rows {
		out[uuid.UUID(row.UID)] = row.watchlist()
	}
	return out, nil
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

// unique returns the ids, each once.
func unique(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	out := make([]uuid.UUID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
