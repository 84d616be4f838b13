package repository

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

func TestWatchlistRows(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			w := newWatchlist(t, "stäff/1")
			w.Metadata = json.RawMessage(`{"floor": 3, "nul": "\u0000"}`)
			if err := r.CreateWatchlist(ctx, w); err != nil {
				t.Fatal(err)
			}
			if got, err := r.Watchlist(ctx, w.ID); err != nil || !cmp.Equal(got, w) {
				t.Errorf("Watchlist = %v (%v), want %v", got, err, w)
			}
			if err := r.CreateWatchlist(ctx, newWatchlist(t, w.ID)); face.KindOf(err) != face.Conflict {
				t.Errorf("CreateWatchlist with a taken id: %v", err)
			}
			change := newWatchlist(t, w.ID)
			change.DisplayName, change.FullName, change.Threshold, change.PreviewColor = "", "New", 0, "#000"
			change.CreatedAt = epoch.Add(time.Hour)
			want := change
			want.UID, want.CreatedAt, want.UpdatedAt, want.Metadata = w.UID, w.CreatedAt, change.CreatedAt, w.Metadata
			if got, err := r.UpsertWatchlist(ctx, change); err != nil || !cmp.Equal(got, want) {
				t.Errorf("UpsertWatchlist = %v (%v), want %v", got, err, want)
			}
			if got, err := r.Watchlist(ctx, w.ID); err != nil || !cmp.Equal(got, want) {
				t.Errorf("Watchlist after the update = %v (%v), want %v", got, err, want)
			}
			fresh := newWatchlist(t, "fresh")
			if got, err := r.UpsertWatchlist(ctx, fresh); err != nil || !cmp.Equal(got, fresh) {
				t.Errorf("UpsertWatchlist of a new one = %v (%v), want %v", got, err, fresh)
			}
			byID, err := r.WatchlistUIDs(ctx, []string{"fresh", "nope", w.ID, "fresh"})
			if diff := cmp.Diff(map[string]uuid.UUID{"fresh": fresh.UID, w.ID: want.UID}, byID); diff != "" || err != nil {
				t.Errorf("WatchlistUIDs (%v):\n%s", err, diff)
			}
			for i, kind := range []face.Kind{-1, face.NotFound} {
				if err := r.DeleteWatchlist(ctx, w.ID, epoch); (err == nil) != (i == 0) || err != nil && face.KindOf(err) != kind {
					t.Errorf("%d. DeleteWatchlist: %v", i+1, err)
				}
			}
			if _, err := r.Watchlist(ctx, w.ID); face.KindOf(err) != face.NotFound {
				t.Errorf("Watchlist after its deletion: %v", err)
			}
		})
	}
}

func TestMemberRows(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			m := newMember(t, "ann")
			if err := r.CreateMember(ctx, m); err != nil {
				t.Fatal(err)
			}
			got, err := r.Member(ctx, "ann")
			if diff := cmp.Diff(m, got); diff != "" || err != nil {
				t.Errorf("Member (%v) (-want +got):\n%s", err, diff)
			}
			if err := r.CreateMember(ctx, newMember(t, "ann")); face.KindOf(err) != face.Conflict {
				t.Errorf("CreateMember with a taken id: %v", err)
			}
			change := newMember(t, "ann")
			change.FullName, change.DisplayName, change.Labels = nil, m.FullName, []face.Label{{Key: "b", Value: "3"}}
			change.CreatedAt = epoch.Add(time.Hour)
			want := change
			want.UID, want.CreatedAt, want.UpdatedAt = m.UID, m.CreatedAt, change.CreatedAt
			got, err = r.UpsertMember(ctx, change)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("UpsertMember (%v) (-want +got):\n%s", err, diff)
			}
			got, err = r.Member(ctx, "ann")
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("Member after the update (%v) (-want +got):\n%s", err, diff)
			}
			bare := face.Member{UID: newID(t), ID: "bob", Labels: []face.Label{}, CreatedAt: epoch}
			if _, err := r.UpsertMember(ctx, bare); err != nil {
				t.Fatal(err)
			}
			got, err = r.Member(ctx, "bob")
			if diff := cmp.Diff(bare, got); diff != "" || err != nil {
				t.Errorf("Member without names (%v) (-want +got):\n%s", err, diff)
			}
			if err := r.DeleteMember(ctx, "nope", epoch); face.KindOf(err) != face.NotFound {
				t.Errorf("DeleteMember of nobody: %v", err)
			}
		})
	}
}

// TestPages walks listings of several lengths in pages of several sizes, in both
// directions; many rows have the same time.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			lists := create(t, r, "staff", "other")
			const people = 23
			want := make([]string, 0, people)
			for i := range people {
				m := newMember(t, fmt.Sprintf("m%02d", i))
				m.CreatedAt = epoch.Add(time.Duration(i/5) * time.Microsecond)
				if err := r.CreateMember(t.Context(), m); err != nil {
					t.Fatal(err)
				}
				want = append(want, m.ID)
				if i%2 == 0 {
					if err := r.Link(t.Context(), lists[0].ID, []string{m.ID}, epoch); err != nil {
						t.Fatal(err)
					}
				}
			}
			var linked []string
			for i := 0; i < len(want); i += 2 {
				linked = append(linked, want[i])
			}
			listings := map[string]struct {
				read func(face.PageQuery) (face.Page[face.Member], error)
				want []string
			}{
				"all": {func(q face.PageQuery) (face.Page[face.Member], error) {
					return r.Members(t.Context(), q)
				}, want},
				"linked": {func(q face.PageQuery) (face.Page[face.Member], error) {
					return r.WatchlistMembers(t.Context(), "staff", q)
				}, linked},
			}
			for _, ascending := range []bool{true, false} {
				for _, size := range []int{1, 2, 5, 22, 23, 24, 1000} {
					for name, listing := range listings {
						got := walk(t, listing.read, size, ascending, len(listing.want))
						if !ascending {
							slices.Reverse(got)
						}
						if diff := cmp.Diff(listing.want, got); diff != "" {
							t.Errorf("%s in pages of %d, ascending %v (-want +got):\n%s", name, size, ascending, diff)
						}
					}
				}
			}
		})
	}
}

// walk reads every page of a listing and returns the ids.
func walk(t *testing.T, read func(face.PageQuery) (face.Page[face.Member], error), size int, ascending bool, total int) []string {
	t.Helper()
	var ids []string
	for n := 1; ; n++ {
		page, err := read(face.PageQuery{Number: n, Size: size, Ascending: ascending, Total: n%2 == 0})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: total, false: -1}[n%2 == 0]; page.Total != want {
			t.Errorf("page %d: total %d, want %d", n, page.Total, want)
		}
		for _, m := range page.Items {
			if len(m.Labels) != 3 {
				t.Errorf("member %s has %d labels, want 3", m.ID, len(m.Labels))
			}
			ids = append(ids, m.ID)
		}
		if !page.More {
			return ids
		}
	}
}

func TestPageLimits(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			for _, q := range []face.PageQuery{{Number: 0, Size: 1}, {Number: 1, Size: 0}, {Number: -1, Size: -1}} {
				if _, err := r.Watchlists(t.Context(), q); face.KindOf(err) != face.Invalid {
					t.Errorf("page %d of size %d: %v, want an Invalid error", q.Number, q.Size, err)
				}
			}
			for _, q := range []face.PageQuery{{Number: 2, Size: 1}, {Number: math.MaxInt, Size: math.MaxInt}, {Number: math.MaxInt, Size: 2}} {
				page, err := r.Watchlists(t.Context(), q)
				if err != nil || page.Items == nil || len(page.Items) > 0 || page.More {
					t.Errorf("page %d of size %d = %v (%v), want an empty page", q.Number, q.Size, page, err)
				}
			}
			for name, page := range map[string]func() (int, error){
				"members of an unknown watchlist": func() (int, error) {
					p, err := r.WatchlistMembers(t.Context(), "nope", face.PageQuery{Number: 1, Size: 9, Total: true})
					return len(p.Items) + p.Total, err
				},
				"faces of an unknown member": func() (int, error) {
					p, err := r.MemberFaces(t.Context(), "nope", face.PageQuery{Number: 1, Size: 9, Total: true})
					return len(p.Items) + p.Total, err
				},
			} {
				if n, err := page(); n != 0 || err != nil {
					t.Errorf("%s: %d (%v), want an empty page", name, n, err)
				}
			}
		})
	}
}

func TestEnrolRows(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			ctx := t.Context()
			create(t, r, "staff", "guests")
			m, faces := newMember(t, "ann"), make([]face.Enrolled, 3)
			for i := range faces {
				faces[i] = newFace(t, m)
				faces[i].Face.CreatedAt = epoch.Add(time.Duration(i) * time.Second)
			}
			lists, err := r.Enrol(ctx, m, []string{"staff", "guests", "staff"}, faces)
			if err != nil {
				t.Fatal(err)
			}
			if got := []string{lists[0].ID, lists[1].ID}; !slices.Equal(got, []string{"staff", "guests"}) || len(lists) != 2 {
				t.Errorf("Enrol returns the watchlists %v", lists)
			}
			page, err := r.MemberFaces(ctx, "ann", face.PageQuery{Number: 1, Size: 10, Ascending: true, Total: true})
			want := face.Page[face.Face]{Items: []face.Face{faces[0].Face, faces[1].Face, faces[2].Face}, Total: 3}
			if diff := cmp.Diff(want, page); diff != "" || err != nil {
				t.Errorf("MemberFaces (%v) (-want +got):\n%s", err, diff)
			}
			image, err := r.Image(ctx, faces[1].Image.ID)
			if diff := cmp.Diff(faces[1].Image, image); diff != "" || err != nil {
				t.Errorf("Image (%v) (-want +got):\n%s", err, diff)
			}
			if _, err := r.Image(ctx, uuid.New()); face.KindOf(err) != face.NotFound {
				t.Errorf("Image of an unknown id: %v", err)
			}
			labels, err := r.TemplateLabels(ctx)
			if diff := cmp.Diff(map[face.TemplateLabel]int{testLabel: 3}, labels); diff != "" || err != nil {
				t.Errorf("TemplateLabels (%v):\n%s", err, diff)
			}
		})
	}
}

func TestEnrolConflicts(t *testing.T) {
	t.Parallel()
	for _, kind := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := openKind(t, kind)
			create(t, r, "staff")
			_, taken := enrol(t, r, "ann", []string{"staff"}, 1)
			before := counts(t, r)
			tests := []struct {
				name   string
				member string
				lists  []string
				faceID uuid.UUID
				kind   face.Kind
			}{
				{"a taken member id", "ann", []string{"staff"}, newID(t), face.Conflict},
				{"a taken face id", "bob", []string{"staff"}, taken[0].Face.ID, face.Conflict},
				{"an unknown watchlist", "bob", []string{"staff", "nope"}, newID(t), face.NotFound},
			}
			for _, tt := range tests {
				m := newMember(t, tt.member)
				f := newFace(t, m)
				f.Face.ID = tt.faceID
				check := r.CheckEnrol(t.Context(), tt.member, tt.lists, []uuid.UUID{tt.faceID})
				_, err := r.Enrol(t.Context(), m, tt.lists, []face.Enrolled{f})
				if face.KindOf(err) != tt.kind || face.KindOf(check) != tt.kind || err.Error() != check.Error() {
					t.Errorf("%s: Enrol = %v, CheckEnrol = %v, want the same error of kind %v", tt.name, err, check, tt.kind)
				}
				if diff := cmp.Diff(before, counts(t, r)); diff != "" {
					t.Errorf("%s leaves rows behind:\n%s", tt.name, diff)
				}
			}
		})
	}
}
