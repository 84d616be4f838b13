package handlers

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui/v5/static"
	"github.com/vearutop/statigz"
)

// contentPolicy holds the page to what it is served with: nothing of it comes
// from another host. The page has inline styles, and samples as blobs.
const contentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"

// The page of a dialect, whose name stands for {{.}}, and the script that starts it. All
// else of the page is Swagger UI as it is published, which stays compressed in the
// program until somebody opens it.
var (
	//go:embed page/index.html
	swaggerIndex string
	//go:embed page/swagger-initializer.js
	swaggerInitializer []byte
)

func swaggerPage(dialect string) string { return "/swagger/" + dialect + "/index.html" }

// mountSwagger serves the page of a dialect and the document it shows.
func mountSwagger(engine *gin.Engine, dialect string, document []byte) {
	root := "/swagger/" + dialect
	index := []byte(strings.ReplaceAll(swaggerIndex, "{{.}}", dialect))
	parts := statigz.FileServer(static.FS)
	engine.GET(root, redirect(swaggerPage(dialect)))
	engine.GET(root+"/*file", func(c *gin.Context) {
		c.Header("Content-Security-Policy", contentPolicy)
		c.Header("X-Content-Type-Options", "nosniff")
		switch file := c.Param("file"); file {
		case "/":
			redirect(swaggerPage(dialect))(c)
		case "/index.html":
			c.Data(http.StatusOK, "text/html; charset=utf-8", index)
		case "/swagger-initializer.js":
			c.Data(http.StatusOK, "text/javascript; charset=utf-8", swaggerInitializer)
		case "/doc.json":
			c.Data(http.StatusOK, "application/json; charset=utf-8", document)
		default:
			http.StripPrefix(strings.TrimSuffix(c.Request.URL.Path, file), parts).ServeHTTP(c.Writer, c.Request)
		}
	})
}

func redirect(to string) gin.HandlerFunc {
	return func(c *gin.Context) { c.Redirect(http.StatusFound, to) }
}
