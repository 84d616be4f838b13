package facesearch

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// Mount registers the operations of the dialect, each with the role that its key
// needs. The key is asked for before anything of the body is read.
func Mount(r gin.IRouter, o Options) {
	g := r.Group("", httpx.Recover(WriteError), httpx.NoStore, httpx.BodyLimit(o.BodyLimit, o.Bodies))
	t := httpx.Timeout(o.Timeout)
	search := o.Access.Need(face.RoleSearch, WriteError)
	enrol := o.Access.Need(face.RoleEnrol, WriteError)
	admin := o.Access.Need(face.RoleAdmin, WriteError)

	find := finder{collections: o.Gallery, pictures: o.Gallery}
	show := shower{gallery: o.Gallery}

	s := &searchAPI{gallery: o.Gallery, find: find, show: show, timeout: t, liveness: liveness{keeper: o.Gallery, hasModel: o.Liveness}}
	g.POST("/face-search", search, s.search)
	m := &multiSearchAPI{gallery: o.Gallery, find: find, show: show, timeout: t}
	g.POST("/multi-face-search", search, m.search)

	c := &collectionAPI{gallery: o.Gallery, timeout: t}
	g.GET("/collections", search, c.list)
	g.POST("/collections", admin, c.create)
	g.DELETE("/collections/:collection_name", admin, c.remove)

	e := &enrolAPI{gallery: o.Gallery, show: show, timeout: t}
	g.GET("/collections/:collection_name/persons", search, e.list)
	g.POST("/collections/:collection_name/persons", enrol, e.enrol)

	l := &membershipAPI{gallery: o.Gallery, timeout: t}
	g.PUT("/collections/:collection_name/persons/:person_id", enrol, l.put)
	g.DELETE("/collections/:collection_name/persons/:person_id", enrol, l.takeOut)

	p := &personAPI{gallery: o.Gallery, show: show, timeout: t}
	g.GET("/persons/:person_id", search, p.get)
	g.PATCH("/persons/:person_id", enrol, p.update)
	g.DELETE("/persons/:person_id", enrol, p.remove)

	f := &faceAPI{gallery: o.Gallery, show: show, timeout: t}
	g.POST("/persons/:person_id/faces", enrol, f.add)
	g.DELETE("/persons/:person_id/faces/:face_id", enrol, f.remove)
}

// Owns reports whether a path is one of the dialect's, or below one.
func Owns(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(path), "/"), "/")
	switch first {
	case "face-search", "multi-face-search", "collections", "persons":
		return true
	}
	return false
}
