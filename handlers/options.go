package handlers

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/facesearch"
	"github.com/facekeep/facekeep/handlers/fetch"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/handlers/regula"
	"github.com/facekeep/facekeep/handlers/smartface"
)

// The dialects, as Options.Dialects names them, and their packages.
const (
	SmartFace  = "smartface"
	Regula     = "regula"
	FaceSearch = "facesearch"
)

// Defaults of Options.
const (
	DefaultBodyLimit = 64 << 20
	DefaultTimeout   = 10 * time.Second
)

// Gallery is what the dialects need of the gallery, all of them together.
type Gallery interface {
	smartface.Gallery
	regula.Gallery
	facesearch.Gallery
}

// Options are the parts and settings of the handler. Gallery is needed; all
// else has a default.
type Options struct {
	Gallery  Gallery
	Dialects []string // which to mount; empty: all there are

	Logger     *slog.Logger          // nil: no log
	Registerer prometheus.Registerer // takes the metrics of HTTP; nil: none are kept
	Gatherer   prometheus.Gatherer   // what /metrics shows; nil: there is no /metrics
	Ready      []httpx.Check         // what /readyz asks

	// Access asks for keys in the dialects that may be open to everybody; nil: they are.
	Access *httpx.Access
	// StrictAccess asks for keys in the dialect that is never without; nil: no key is
	// valid there.
	StrictAccess *httpx.Access

	Version   smartface.Version
	GPU       bool           // a GPU runs the models
	Liveness  bool           // there is a model for passive liveness
	Pictures  *fetch.Fetcher // gets pictures that clients name by address; nil: none
	BodyLimit int64          // bytes of a request body; 0: DefaultBodyLimit
	Timeout   time.Duration  // for the work of a request once its body is read; 0: DefaultTimeout, below: no bound
}

func (o Options) withDefaults() Options {
	if len(o.Dialects) == 0 {
		o.Dialects = Dialects()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.StrictAccess == nil {
		o.StrictAccess = httpx.NewAccess(noKeys{}, true)
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = DefaultBodyLimit
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	return o
}

// noKeys knows no key.
type noKeys struct{}

func (noKeys) Authenticate(context.Context, string) (face.Grant, error) {
	return face.Grant{}, face.Errorf(face.Unauthenticated, "the API key is not valid")
}
