package load

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

const prefix = "/api/v1/"

// Target is what the requests of a run ask for. Each sends the next picture.
type Target struct {
	client *remote.Client
	path   string
	body   func(i int) []byte // of the ith request
	next   atomic.Int64
}

// SearchOptions say what searches ask for.
type SearchOptions struct {
	Watchlists  []string // nil: all
	LargestFace bool     // look for that alone
	NoFeatures  bool     // leave out what can be left out
	Peer        bool     // speak as the service that Facekeep is compared with does
}

// Search asks who is in a picture.
func Search(client *remote.Client, pictures [][]byte, o SearchOptions) (*Target, error) {
	path := prefix + "Watchlists/Search"
	request := search{WatchlistIDs: o.Watchlists}
	if o.LargestFace {
		request.Detector = &detector{MaxFaces: 1}
	}
	if o.NoFeatures {
		request.Features = &features{}
	}
	if o.Peer {
		path, request = "/search", search{}
	}
	ready, err := bodies(pictures, func(i int) any {
		one := request
		one.Image.Data = pictures[i]
		return one
	})
	return &Target{client: client, path: path, body: turns(ready)}, err
}

// Verify asks whether two pictures, one after the other, show the same person.
func Verify(client *remote.Client, pictures [][]byte) (*Target, error) {
	ready, err := bodies(pictures, func(i int) any {
		var v verification
		v.Probe.Image.Data, v.Reference.Image.Data = pictures[i], pictures[(i+1)%len(pictures)]
		return v
	})
	return &Target{client: client, path: prefix + "Faces/Verify", body: turns(ready)}, err
}

func turns(ready [][]byte) func(i int) []byte {
	return func(i int) []byte { return ready[i%len(ready)] }
}

// Send sends the next request.
func (t *Target) Send(ctx context.Context) (status int) {
	answer, err := t.send(ctx)
	if err != nil {
		return 0
	}
	return answer.Status
}

func (t *Target) send(ctx context.Context) (remote.Answer, error) {
	i := int(t.next.Add(1) - 1)
	return t.client.Send(ctx, http.MethodPost, t.path, t.body(i))
}

// Try sends one request, and says what is in the way of all of them: nobody there
// (Unavailable), no such API, no valid key.
func (t *Target) Try(ctx context.Context) error {
	answer, err := t.send(ctx)
	if err != nil {
		return face.Wrap(face.Unavailable, err, "the server cannot be reached")
	}
	switch answer.Status {
	case http.StatusUnauthorized:
		return face.Errorf(face.Unauthenticated, "the server asks for a key: %s", answer.Reason())
	case http.StatusForbidden:
		return face.Errorf(face.Forbidden, "the key does not allow it: %s", answer.Reason())
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return face.Errorf(face.NotFound, "the server answered %d: %s", answer.Status, answer.Reason())
	}
	return nil
}
