package gallery_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/exact"
)

// system is a gallery on a real database and a real index; its engine alone is
// fake.
type system struct {
	*gallery.Gallery
	repo   *repository.Repository
	index  *exact.Index
	relay  *indexsync.Relay
	engine *fakeEngine
}

// open opens the gallery of a data folder as a server does.
func open(tb testing.TB, dir string) *system {
	tb.Helper()
	s, err := openIn(tb.Context(), dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.repo.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func openIn(ctx context.Context, dir string) (*system, error) {
	repo, err := repository.Open(ctx, repository.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	index := exact.New()
	position, err := indexsync.Load(ctx, repo, index, discard())
	if err != nil {
		return nil, err
	}
	s := &system{repo: repo, index: index, relay: indexsync.NewRelay(repo, index, position, discard()), engine: newFakeEngine()}
	s.rewire(func(*gallery.Parts) {})
	return s, s.CheckLabel(ctx)
}

// rewire puts the gallery together anew, with changed parts.
func (s *system) rewire(change func(*gallery.Parts)) {
	p := gallery.Parts{Repository: s.repo, Index: s.index, Sync: s.relay, Engine: s.engine, Calibrations: testCurve()}
	change(&p)
	s.Gallery = gallery.New(p)
}

// hangingUp is a database whose client goes away right after an enrolment is
// committed.
type hangingUp struct {
	*repository.Repository
	cancel func()
}

func (h hangingUp) Enrol(ctx context.Context, m face.Member, lists []string, faces []face.Enrolled) ([]face.Watchlist, error) {
	defer h.cancel()
	return h.Repository.Enrol(ctx, m, lists, faces)
}

// list makes a watchlist.
func (s *system) list(tb testing.TB, id string) face.Watchlist {
	tb.Helper()
	w, err := s.CreateWatchlist(tb.Context(), face.Watchlist{ID: id, DisplayName: id, FullName: id, Threshold: 40, PreviewColor: "#4adf62"})
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// enrol enrols a member by pictures.
func (s *system) enrol(tb testing.TB, id string, lists []string, pictures ...string) gallery.Enrolment {
	tb.Helper()
	e, err := s.Enrol(tb.Context(), enrolment(id, lists, pictures...))
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func enrolment(id string, lists []string, pictures ...string) gallery.EnrolRequest {
	r := gallery.EnrolRequest{Member: face.Member{ID: id}, WatchlistIDs: lists}
	for _, p := range pictures {
		r.Pictures = append(r.Pictures, gallery.EnrolImage{Data: []byte(p)})
	}
	return r
}

// found is one candidate, as the tests compare it.
type found struct{ Watchlist, Member string }

// identify returns who is found for a picture of one face, by at least score 40.
func (s *system) identify(tb testing.TB, picture string, lists ...string) []found {
	tb.Helper()
	faces, err := s.Identify(tb.Context(), gallery.IdentifyQuery{
		Image: []byte(picture), WatchlistIDs: lists, MinScore: 40, MaxCandidates: 100,
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(faces) != 1 {
		tb.Fatalf("%d faces are answered, want 1", len(faces))
	}
	return names(faces[0].Candidates)
}

// names returns candidates as the tests compare them.
func names(candidates []face.Candidate) []found {
	out := make([]found, len(candidates))
	for i, c := range candidates {
		out[i] = found{c.Watchlist.ID, c.Member.ID}
	}
	return out
}

// epoch is a time for what is written around the gallery.
var epoch = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
