package enrolment

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

func newImage(memberID string, data []byte) image {
	return image{FaceID: faceID(memberID, data), Data: data}
}

// store gives a person a face. A conflict says that it is there: a face has an id that
// follows from its picture, and a member that is there may lack this one. An error ends
// the run.
func (r *run) store(ctx context.Context, p Person, img image, member bool) (Outcome, string, error) {
	if !member {
		got, err := r.register(ctx, p, []image{img})
		if err != nil || got.Status != http.StatusConflict {
			return outcomeOf(got, err)
		}
		// It may be on other watchlists alone.
		if err := r.api.link(ctx, r.Watchlist, p.ID); err != nil {
			return "", "", err
		}
	}
	path := "WatchlistMembers/" + url.PathEscape(p.ID) + "/AddNewFace"
	got, err := r.api.send(ctx, http.MethodPost, path, addFaceRequest{ImageData: img, Detector: r.detector()})
	if err == nil && got.Status == http.StatusNotFound && member {
		return r.store(ctx, p, img, false) // deleted since it was reported
	}
	return outcomeOf(got, err)
}

func (r *run) register(ctx context.Context, p Person, images []image) (remote.Answer, error) {
	return r.api.send(ctx, http.MethodPost, "WatchlistMembers/Register", registerRequest{
		ID: p.ID, FullName: p.Name, Labels: p.Labels, Images: images,
		WatchlistIDs: []string{r.Watchlist}, Detector: r.detector(),
	})
}

// outcomeOf reads an answer. A 404 is no outcome: the server knows the paths, and so
// what is missing is in the way of every picture.
func outcomeOf(a remote.Answer, err error) (Outcome, string, error) {
	switch {
	case err != nil:
		return "", "", err
	case a.Status == http.StatusCreated || a.Status == http.StatusOK:
		return Enrolled, "", nil
	case a.Status == http.StatusConflict:
		return Existed, "", nil
	case a.Status == http.StatusNotFound || a.Status == http.StatusMethodNotAllowed:
		return "", "", face.Errorf(face.NotFound, "the server answered %d: %s", a.Status, a.Reason())
	case a.Status >= 400 && a.Status < 500 && !isFault(a.Status):
		return Refused, a.Reason(), nil
	}
	return Failed, a.Reason(), nil
}

// whole enrols all pictures of a person by one request, of which the server takes all
// or none, and reports whether the person is a member then.
func (r *run) whole(ctx context.Context, p Person) (bool, error) {
	free, err := r.slot(ctx)
	if err != nil {
		return false, err
	}
	defer free()
	begun := time.Now()
	outcome, reason, err := r.storeWhole(ctx, p)
	if err != nil {
		return false, err
	}
	for _, picture := range r.Report.Left(p) {
		if err := r.add(Line{Item: picture.Item, Member: p.ID, Outcome: outcome, Reason: reason}, begun); err != nil {
			return false, err
		}
	}
	return outcome.Done(), nil
}

func (r *run) storeWhole(ctx context.Context, p Person) (Outcome, string, error) {
	images := make([]image, 0, len(p.Pictures))
	taken := map[string]bool{}
	for _, picture := range p.Pictures {
		data, err := read(picture.Path)
		if err != nil {
			return Failed, picture.Item + ": " + face.MessageOf(err), nil
		}
		img := newImage(p.ID, data)
		if id := img.FaceID.String(); !taken[id] { // a face id may be named once
			taken[id] = true
			images = append(images, img)
		}
	}
	got, err := r.register(ctx, p, images)
	if err != nil || got.Status != http.StatusConflict {
		return outcomeOf(got, err)
	}
	return Existed, "the member was there; nothing was added to it", r.api.link(ctx, r.Watchlist, p.ID)
}
