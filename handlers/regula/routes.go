package regula

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
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

// Mount registers the operations of the dialect, each with the role that it needs
// where keys are asked for.
func Mount(r gin.IRouter, o Options) {
	g := r.Group(Prefix, echoRequestID, httpx.Recover(WriteError), httpx.NoStore, httpx.BodyLimit(o.BodyLimit, o.Bodies))
	t := httpx.Timeout(o.Timeout)
	search := o.Access.Need(face.RoleSearch, WriteError)
	enrol := o.Access.Need(face.RoleEnrol, WriteError)
	admin := o.Access.Need(face.RoleAdmin, WriteError)

	d := &detectAPI{gallery: o.Gallery, timeout: t}
	g.POST("/detect", search, d.detect)

	m := &matchAPI{gallery: o.Gallery, timeout: t}
	g.POST("/match", search, m.match)

	p := &personAPI{gallery: o.Gallery, timeout: t}
	g.POST("/persons", enrol, p.create)
	g.GET("/persons/:personId", search, p.get)
	g.PUT("/persons/:personId", enrol, p.update)
	g.DELETE("/persons/:personId", enrol, p.remove)

	i := &imageAPI{gallery: o.Gallery, pictures: o.Pictures, timeout: t}
	g.GET("/persons/:personId/images", search, i.list)
	g.POST("/persons/:personId/images", enrol, i.add)
	g.GET("/persons/:personId/images/:imageId", search, i.get)
	g.DELETE("/persons/:personId/images/:imageId", enrol, i.remove)

	w := &groupAPI{gallery: o.Gallery, timeout: t}
	g.GET("/groups", search, w.list)
	g.POST("/groups", admin, w.create)
	g.GET("/groups/:groupId", search, w.get)
	g.PUT("/groups/:groupId", admin, w.update)
	g.DELETE("/groups/:groupId", admin, w.remove)

	l := &linkAPI{gallery: o.Gallery, timeout: t}
	g.GET("/persons/:personId/groups", search, l.groups)
	g.GET("/groups/:groupId/persons", search, l.persons)
	g.PUT("/groups/:groupId/persons", enrol, l.update)

	s := &searchAPI{gallery: o.Gallery, pictures: o.Pictures, timeout: t}
	g.POST("/search", search, s.search)

	v := &livenessAPI{gallery: o.Gallery, timeout: t}
	g.GET("/v2/liveness", search, v.get)

	// Open to everybody: whoever asks these has no key yet.
	h := &healthAPI{ready: o.Ready}
	g.GET("/readiness", h.readiness)
	g.GET("/healthz", h.info)
	g.GET("/readyz", h.readyz)
}
