package smartface

import (
	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// Prefix is what the paths of all operations begin with.
const Prefix = "/api/v1"

// Mount registers the operations of the dialect.
func Mount(r gin.IRouter, o Options) {
	g := r.Group(Prefix, httpx.Recover(WriteError), httpx.NoStore, httpx.BodyLimit(o.BodyLimit, o.Bodies))
	t := timeout(o.Timeout)

	w := &watchlistAPI{gallery: o.Gallery, timeout: t}
	g.GET("/Watchlists", w.list)
	g.POST("/Watchlists", w.create)
	g.PUT("/Watchlists", w.upsert)
	g.GET("/Watchlists/:id", w.get)
	g.DELETE("/Watchlists/:id", w.remove)

	m := &memberAPI{gallery: o.Gallery, timeout: t}
	g.GET("/WatchlistMembers", m.list)
	g.POST("/WatchlistMembers", m.create)
	g.PUT("/WatchlistMembers", m.upsert)
	g.GET("/WatchlistMembers/:id", m.get)
	g.DELETE("/WatchlistMembers/:id", m.remove)

	l := &linkAPI{gallery: o.Gallery, timeout: t}
	g.GET("/Watchlists/:id/WatchlistMembers", l.members)
	g.POST("/WatchlistMembers/LinkToWatchlist", l.link)
	g.POST("/WatchlistMembers/UnlinkFromWatchlist", l.unlink)

	e := &registerAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU}}
	g.POST("/WatchlistMembers/Register", e.register)
	g.GET("/WatchlistMembers/:id/Faces", e.faces)

	f := &memberFaceAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU}}
	g.POST("/WatchlistMembers/:id/AddNewFace", f.addNew)
	g.POST("/WatchlistMembers/:id/AddFaceFromSystem", f.addFromSystem)
	g.POST("/WatchlistMembers/:id/RemoveFace", f.remove)

	s := &searchAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU, hasLiveness: o.Liveness}}
	g.POST("/Watchlists/Search", s.search)

	p := &spoofCheckAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU, hasLiveness: o.Liveness}}
	g.POST("/Faces/SpoofCheck", p.spoofCheck)

	v := &verifyAPI{gallery: o.Gallery, timeout: t, resources: resources{gpu: o.GPU}}
	g.POST("/Faces/Verify", v.verify)

	i := &imageAPI{gallery: o.Gallery, timeout: t}
	g.GET("/Images/:id", i.get)

	g.GET("/Version", o.Version.get)
}
