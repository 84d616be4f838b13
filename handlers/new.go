package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/facesearch"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/handlers/regula"
	"github.com/facekeep/facekeep/handlers/smartface"
)

// Dialects returns the names of all dialects there are.
func Dialects() []string { return []string{SmartFace, Regula, FaceSearch} }

// New returns the handler of the whole server. It returns an Invalid error for
// a dialect that there is none of, and an error of the registerer as it is.
func New(o Options) (http.Handler, error) {
	o = o.withDefaults()
	for _, d := range o.Dialects {
		if !slices.Contains(Dialects(), d) {
			return nil, face.FieldErrorf("dialects", "there is no dialect %q", d)
		}
	}
	engine := httpx.NewEngine()
	engine.Use(httpx.RequestID(), httpx.Timing, httpx.AccessLog(o.Logger))
	if o.Registerer != nil {
		metrics, err := httpx.NewMetrics(o.Registerer)
		if err != nil {
			return nil, err
		}
		engine.Use(metrics.Observe)
	}
	engine.Use(httpx.Recover(httpx.DefaultProblem))
	mountService(engine, o)
	if err := mountDialects(engine, o); err != nil {
		return nil, err
	}
	router := httpx.NewRouter(engine)
	engine.NoRoute(httpx.NoStore, httpx.BodyLimit(o.BodyLimit, nil), func(c *gin.Context) { router.Unmatched(c, o.errorsAt(c.Request.URL.Path)) })
	return router, nil
}

// errorsAt returns how an error is answered at a path that no route matches.
func (o *Options) errorsAt(path string) func(c *gin.Context, status int, err error) {
	if slices.Contains(o.Dialects, Regula) && regula.Owns(path) {
		return regula.WriteStatus
	}
	if slices.Contains(o.Dialects, FaceSearch) && facesearch.Owns(path) {
		return facesearch.WriteStatus
	}
	return httpx.WriteProblem
}

func mountService(engine *gin.Engine, o Options) {
	engine.GET("/healthz", httpx.NoStore, httpx.Alive)
	engine.GET("/readyz", httpx.NoStore, httpx.Ready(o.Ready))
	if o.Gatherer != nil {
		engine.GET("/metrics", httpx.Quiet, gin.WrapH(promhttp.HandlerFor(o.Gatherer, promhttp.HandlerOpts{})))
	}
}

// bodiesInMemory is how many bodies of the largest size may be in memory at a
// time, or as many more as are smaller. Decoding makes about three of each byte.
const bodiesInMemory = 2

func mountDialects(engine *gin.Engine, o Options) error {
	bodies := httpx.NewBudget(bodiesInMemory * o.BodyLimit)
	if slices.Contains(o.Dialects, SmartFace) {
		smartface.Mount(engine, smartface.Options{
			Gallery: o.Gallery, Access: o.Access, Version: o.Version, GPU: o.GPU, Liveness: o.Liveness, Timeout: o.Timeout,
			BodyLimit: o.BodyLimit, Bodies: bodies,
		})
		document, err := smartface.Document()
		if err != nil {
			return err
		}
		mountSwagger(engine, SmartFace, document)
	}
	if slices.Contains(o.Dialects, Regula) {
		regula.Mount(engine, regula.Options{
			Gallery: o.Gallery, Access: o.Access, Pictures: o.Pictures, Ready: o.Ready, Timeout: o.Timeout,
			BodyLimit: o.BodyLimit, Bodies: bodies,
		})
		document, err := regula.Document()
		if err != nil {
			return err
		}
		mountSwagger(engine, Regula, document)
	}
	if slices.Contains(o.Dialects, FaceSearch) {
		facesearch.Mount(engine, facesearch.Options{
			Gallery: o.Gallery, Access: o.StrictAccess, Liveness: o.Liveness, Timeout: o.Timeout,
			BodyLimit: o.BodyLimit, Bodies: bodies,
		})
		document, err := facesearch.Document()
		if err != nil {
			return err
		}
		mountSwagger(engine, FaceSearch, document)
	}
	for _, from := range []string{"/", "/swagger"} {
		engine.GET(from, redirect(swaggerPage(o.Dialects[0])))
	}
	return nil
}
