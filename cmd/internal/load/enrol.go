package load

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

// Enrolments makes members from pictures, on a watchlist of its own.
type Enrolments struct {
	*Target
	name string // of the watchlist, and what the ids of the members begin with
}

// Enrol returns a target that makes a member of each picture, after it has made the
// watchlist for them.
func Enrol(ctx context.Context, client *remote.Client, pictures [][]byte) (*Enrolments, error) {
	e := &Enrolments{name: "bench-" + uuid.NewString()}
	ready, err := bodies(pictures, func(i int) any {
		return registration{Images: []picture{{Data: pictures[i]}}, WatchlistIDs: []string{e.name}, Detector: &detector{MaxFaces: 1}}
	})
	if err != nil {
		return nil, err
	}
	e.Target = &Target{client: client, path: prefix + "WatchlistMembers/Register", body: func(i int) []byte {
		return slices.Concat(fmt.Appendf(nil, `{"id":%q,`, e.member(i)), ready[i%len(ready)][1:])
	}}
	body, err := json.Marshal(watchlist{ID: e.name, DisplayName: e.name, FullName: e.name})
	if err != nil {
		return nil, err
	}
	answer, err := client.Send(ctx, http.MethodPut, prefix+"Watchlists", body)
	if err != nil {
		return nil, face.Wrap(face.Unavailable, err, "the server cannot be reached")
	}
	if answer.Status != http.StatusOK && answer.Status != http.StatusCreated {
		return nil, face.Errorf(face.Unavailable, "make a watchlist: the server answered %d: %s", answer.Status, answer.Reason())
	}
	return e, nil
}

func (e *Enrolments) member(i int) string { return fmt.Sprintf("%s-%d", e.name, i) }

// deletions is how many members are deleted at a time.
const deletions = 8

// Remove deletes all members that were made, or may have been, and the watchlist.
func (e *Enrolments) Remove(ctx context.Context) error {
	g, group := errgroup.WithContext(ctx)
	g.SetLimit(deletions)
	for i := range int(e.next.Load()) {
		g.Go(func() error { return e.remove(group, "WatchlistMembers/"+e.member(i)) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return e.remove(ctx, "Watchlists/"+e.name)
}

func (e *Enrolments) remove(ctx context.Context, path string) error {
	answer, err := e.client.Send(ctx, http.MethodDelete, prefix+path, nil)
	if err != nil {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	if answer.Status != http.StatusNoContent && answer.Status != http.StatusNotFound {
		return face.Errorf(face.Unavailable, "remove %s: the server answered %d: %s", path, answer.Status, answer.Reason())
	}
	return nil
}
