package httpx

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/face"
)

// Router is a gin engine whose paths match in any case and with or without a
// slash at the end. It rewrites the fixed segments of a path to the spelling of
// the route that the request's own method has, and leaves parameters alone, with
// their escapes: an id may hold a slash, or read like a route of another method.
type Router struct {
	engine  *gin.Engine
	methods map[string]*segment
}

// NewRouter returns the router of an engine whose routes are all registered.
// The engine must leave paths to it: see NewEngine.
func NewRouter(engine *gin.Engine) *Router {
	r := &Router{engine: engine, methods: make(map[string]*segment)}
	for _, route := range engine.Routes() {
		root, ok := r.methods[route.Method]
		if !ok {
			root = &segment{}
			r.methods[route.Method] = root
		}
		root.add(split(route.Path))
	}
	return r
}

// NewEngine returns a gin engine without any behaviour of its own for paths:
// no redirects, parameters as they stand in the path, still escaped.
func NewEngine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.RedirectTrailingSlash = false
	e.RedirectFixedPath = false
	e.HandleMethodNotAllowed = false
	e.UseEscapedPath = true
	e.UnescapePathValues = false
	e.ContextWithFallback = false
	return e
}

// Routes returns the routes of the engine, each as its method and its pattern, as in
// "GET /api/v1/Images/:id".
func (r *Router) Routes() []string {
	routes := r.engine.Routes()
	out := make([]string, len(routes))
	for i, route := range routes {
		out[i] = route.Method + " " + route.Path
	}
	slices.Sort(out)
	return out
}

// ServeHTTP rewrites the path of a request and hands it to the engine.
// HEAD is answered as GET, whose body the server withholds.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	method := req.Method
	if method == http.MethodHead && r.methods[method] == nil {
		method = http.MethodGet
	}
	out := *req
	out.Method = method
	if root := r.methods[method]; root != nil {
		if path, ok := root.canonical(req.URL.EscapedPath()); ok {
			out.URL = withPath(req.URL, path)
			out.RequestURI = out.URL.RequestURI()
		}
	}
	r.engine.ServeHTTP(w, &out)
}

// Unmatched answers what no route matches: 405 with Allow when the path has
// other methods, 404 when it has none.
func (r *Router) Unmatched(c *gin.Context, write func(c *gin.Context, status int, err error)) {
	allow := r.allowed(c.Request.URL.EscapedPath())
	if len(allow) == 0 {
		write(c, http.StatusNotFound, face.Errorf(face.NotFound, "there is nothing at this address"))
		return
	}
	list := strings.Join(allow, ", ")
	c.Header("Allow", list)
	write(c, http.StatusMethodNotAllowed,
		face.Errorf(face.Invalid, "this address does not take the method %s, but %s", method(c), list))
}

func (r *Router) allowed(path string) []string {
	var out []string
	for method, root := range r.methods {
		if _, ok := root.canonical(path); ok {
			out = append(out, method)
			if method == http.MethodGet {
				out = append(out, http.MethodHead)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func withPath(u *url.URL, escaped string) *url.URL {
	out := *u
	out.RawPath = escaped
	if path, err := url.PathUnescape(escaped); err == nil {
		out.Path = path
	}
	return &out
}

// PathParam returns a parameter of the path, unescaped once: a plus stays a
// plus.
func PathParam(c *gin.Context, name string) (string, error) {
	text, err := url.PathUnescape(c.Param(name))
	if err != nil {
		return "", &face.Error{Kind: face.Invalid, Field: name, Err: err,
			Msg: "the " + name + " in the address is not URL-encoded"}
	}
	return text, nil
}
