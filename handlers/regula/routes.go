package regula

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// Prefix is what the paths of all operations begin with.
const Prefix = "/api"

// otherPrefix is what paths of another dialect begin with, below Prefix.
const otherPrefix = "/api/v1/"

// Owns reports whether a path that no route matches is answered in the words of
// this dialect.
func Owns(path string) bool {
	path = strings.ToLower(path) + "/"
	return strings.HasPrefix(path, Prefix+"/") && !strings.HasPrefix(path, otherPrefix)
}

// Mount registers the operations of the dialect.
func Mount(r gin.IRouter, o Options) {
	g := r.Group(Prefix, echoRequestID, httpx.Recover(WriteError), httpx.NoStore, httpx.BodyLimit(o.BodyLimit, o.Bodies))

	// Detection and comparison: detect.go, match.go.

	h := &healthAPI{version: o.Version, ready: o.Ready}
	g.GET("/readiness", h.readiness)
	g.GET("/healthz", h.info)
	g.GET("/readyz", h.readyz)
}
