package gallery

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// CreateMember makes a member without faces or links. An empty ID is replaced
// by a made one; one that is taken is a Conflict. UID and times are set here.
func (g *Gallery) CreateMember(ctx context.Context, m face.Member) (face.Member, error) {
	m, err := g.newMember(m)
	if err != nil {
		return face.Member{}, err
	}
	if err := g.rows.CreateMember(ctx, m); err != nil {
		return face.Member{}, fmt.Errorf("create member: %w", err)
	}
	return m, nil
}

// UpsertMember replaces names, note and labels of the member with the ID of m
// and sets its UpdatedAt, or makes it where there is none.
func (g *Gallery) UpsertMember(ctx context.Context, m face.Member) (face.Member, error) {
	m, err := g.newMember(m)
	if err != nil {
		return face.Member{}, err
	}
	m, err = g.rows.UpsertMember(ctx, m)
	if err != nil {
		return face.Member{}, fmt.Errorf("upsert member: %w", err)
	}
	return m, nil
}

// Member returns the member of an id, or a NotFound error.
func (g *Gallery) Member(ctx context.Context, id string) (face.Member, error) {
	return g.rows.Member(ctx, id)
}

// Members returns one page of all members.
func (g *Gallery) Members(ctx context.Context, q face.PageQuery) (face.Page[face.Member], error) {
	return g.rows.Members(ctx, q)
}

// WatchlistMembers returns one page of the members that a watchlist lists. An
// unknown watchlist lists none.
func (g *Gallery) WatchlistMembers(ctx context.Context, watchlistID string, q face.PageQuery) (face.Page[face.Member], error) {
	return g.rows.WatchlistMembers(ctx, watchlistID, q)
}

// MemberFaces returns one page of the faces of a member. An unknown member has
// none.
func (g *Gallery) MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Face], error) {
	return g.rows.MemberFaces(ctx, memberID, q)
}

// DeleteMember deletes a member with its faces, templates, pictures and links.
// An unknown id is NotFound.
func (g *Gallery) DeleteMember(ctx context.Context, id string) error {
	err := g.rows.DeleteMember(ctx, id, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("delete member: %w", err)
	}
	return nil
}

// Link puts members on a watchlist, all of them or none; one that is on it
// already stays. Unknown ids are NotFound, and named.
func (g *Gallery) Link(ctx context.Context, watchlistID string, memberIDs []string) error {
	if err := checkIDs("watchlistMembersIds", memberIDs); err != nil {
		return err
	}
	err := g.rows.Link(ctx, watchlistID, memberIDs, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	return nil
}

// Unlink takes members off a watchlist, all of them or none; one that is not on
// it is left alone. Unknown ids are NotFound, and named.
func (g *Gallery) Unlink(ctx context.Context, watchlistID string, memberIDs []string) error {
	if err := checkIDs("watchlistMembersIds", memberIDs); err != nil {
		return err
	}
	err := g.rows.Unlink(ctx, watchlistID, memberIDs, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("unlink: %w", err)
	}
	return nil
}

// newMember checks m and completes it as a new member.
func (g *Gallery) newMember(m face.Member) (face.Member, error) {
	if err := checkMember(m); err != nil {
		return m, err
	}
	uid, err := newUID()
	if err != nil {
		return m, err
	}
	if m.ID == "" {
		m.ID = uuid.NewString()
	}
	m.UID, m.CreatedAt, m.UpdatedAt = uid, g.clock(), time.Time{}
	m.Labels = append([]face.Label{}, m.Labels...)
	return m, nil
}

// MemberByUUID returns the member whose face.Member.UUID an id is, or a NotFound error.
func (g *Gallery) MemberByUUID(ctx context.Context, id uuid.UUID) (face.Member, error) {
	return g.rows.MemberByUUID(ctx, id)
}

// AddMember makes a member without faces and links it to watchlists, all of it or
// nothing. A taken id is a Conflict, an unknown watchlist NotFound.
func (g *Gallery) AddMember(ctx context.Context, m face.Member, watchlistIDs []string) (face.Member, []face.Watchlist, error) {
	if err := checkFewIDs("watchlistIds", watchlistIDs); err != nil {
		return face.Member{}, nil, err
	}
	m, err := g.newMember(m)
	if err != nil {
		return face.Member{}, nil, err
	}
	added, err := g.enrol(ctx, m, watchlistIDs, nil)
	if err != nil {
		return face.Member{}, nil, fmt.Errorf("add member: %w", err)
	}
	return added.Member, added.Watchlists, nil
}

// ChangeMember changes a member and the watchlists that it is on, all of it or nothing,
// and sets its UpdatedAt. An unknown member or watchlist is NotFound.
func (g *Gallery) ChangeMember(ctx context.Context, id string, c MemberChange) (face.Member, error) {
	if c.WatchlistIDs != nil {
		if err := checkFewIDs("watchlistIds", *c.WatchlistIDs); err != nil {
			return face.Member{}, err
		}
	}
	m, err := g.rows.ChangeMember(ctx, id, c.WatchlistIDs, g.clock(), func(m *face.Member) error {
		if c.Change != nil {
			c.Change(m)
		}
		return checkMember(*m)
	})
	if c.WatchlistIDs != nil {
		err = g.settled(ctx, err)
	}
	if err != nil {
		return face.Member{}, fmt.Errorf("change member: %w", err)
	}
	return m, nil
}

// Relink puts members on a watchlist and takes others off it, all of it or nothing. One
// that is on it, or is not, already is left alone. Unknown ids are NotFound, and named.
func (g *Gallery) Relink(ctx context.Context, watchlistID string, add, remove []string) error {
	for field, ids := range map[string][]string{"addItems": add, "removeItems": remove} {
		if err := checkFewIDs(field, ids); err != nil {
			return err
		}
	}
	err := g.rows.Relink(ctx, watchlistID, add, remove, g.clock())
	if err := g.settled(ctx, err); err != nil {
		return fmt.Errorf("relink: %w", err)
	}
	return nil
}
