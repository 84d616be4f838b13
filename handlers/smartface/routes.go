package smartface

import (
	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// Prefix is what the paths of all operations begin with.
const Prefix = "/api/v1"

// Mount registers the operations of the dialect, each with the role that it
// needs where keys are asked for.
func Mount(r gin.IRouter, o Options) {
	g := r.Group(Prefix, httpx.Recover(WriteError), httpx.NoStore, httpx.BodyLimit(o.BodyLimit, o.Bodies))
	t := httpx.Timeout(o.Timeout)
	search := o.Access.Need(face.RoleSearch, WriteError)
	enrol := o.Access.Need(face.RoleEnrol, WriteError)
	admin := o.Access.Need(face.RoleAdmin, WriteError)

	w := &watchlistAPI{gallery: o.Gallery, timeout: t}
	g.GET("/Watchlists", search, w.list)
	g.POST("/Watchlists", admin, w.create)
	g.PUT("/Watchlists", admin, w.upsert)
	g.GET("/Watchlists/:id", search, w.get)
	g.DELETE("/Watchlists/:id", admin, w.remove)

	m := &memberAPI{gallery: o.Gallery, timeout: t}
	g.GET("/WatchlistMembers", search, m.list)
	g.POST("/WatchlistMembers", enrol, m.create)
	g.PUT("/WatchlistMembers", enrol, m.upsert)
	g.GET("/WatchlistMembers/:id", search, m.get)
	g.DELETE("/WatchlistMembers/:id", enrol, m.remove)

	l := &linkAPI{gallery: o.Gallery, timeout: t}
	g.GET("/Watchlists/:id/WatchlistMembers", search, l.members)
	g.POST("/WatchlistMembers/LinkToWatchlist", enrol, l.link)
	g.POST("/WatchlistMembers/UnlinkFromWatchlist", enrol, l.unlink)

	e := &registerAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU}}
	g.POST("/WatchlistMembers/Register", enrol, e.register)
	g.GET("/WatchlistMembers/:id/Faces", search, e.faces)

	f := &memberFaceAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU}}
	g.POST("/WatchlistMembers/:id/AddNewFace", enrol, f.addNew)
	g.POST("/WatchlistMembers/:id/AddFaceFromSystem", enrol, f.addFromSystem)
	g.POST("/WatchlistMembers/:id/RemoveFace", enrol, f.remove)

	s := &searchAPI{gallery: o.Gallery, recorder: o.Gallery, timeout: t, resources: resources{gpu: o.GPU, hasLiveness: o.Liveness}}
	g.POST("/Watchlists/Search", search, s.search)

	p := &spoofCheckAPI{gallery: o.Gallery, recorder: o.Gallery, timeout: t, resources: resources{gpu: o.GPU, hasLiveness: o.Liveness}}
	g.POST("/Faces/SpoofCheck", search, p.spoofCheck)

	v := &verifyAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU}}
	g.POST("/Faces/Verify", search, v.verify)

	i := &imageAPI{gallery: o.Gallery, timeout: t}
	g.GET("/Images/:id", search, i.get)

	g.GET("/Version", search, o.Version.get)
}
