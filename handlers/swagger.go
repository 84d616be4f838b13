package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	ginswagger "github.com/swaggo/gin-swagger"
)

// contentPolicy holds the page to what it is served with: nothing of it comes
// from another host. The page has inline styles, and samples as blobs.
const contentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"

func swaggerPage(dialect string) string { return "/swagger/" + dialect + "/index.html" }

// mountSwagger serves the page of a dialect and the document it shows.
func mountSwagger(engine *gin.Engine, dialect string, document []byte) {
	root := "/swagger/" + dialect
	page := ginswagger.CustomWrapHandler(&ginswagger.Config{
		URL: "doc.json", InstanceName: dialect, Title: "Facekeep: " + dialect,
		DocExpansion: "list", DefaultModelsExpandDepth: -1, DeepLinking: true,
	}, swaggerFiles()) // its own: it keeps the prefix of the first request
	engine.GET(root, redirect(swaggerPage(dialect)))
	engine.GET(root+"/*file", func(c *gin.Context) {
		c.Header("Content-Security-Policy", contentPolicy)
		c.Header("X-Content-Type-Options", "nosniff")
		switch file := strings.TrimPrefix(c.Param("file"), "/"); file {
		case "":
			redirect(swaggerPage(dialect))(c)
		case "doc.json":
			c.Data(http.StatusOK, "application/json; charset=utf-8", document)
		default:
			page(c)
		}
	})
}

func redirect(to string) gin.HandlerFunc {
	return func(c *gin.Context) { c.Redirect(http.StatusFound, to) }
}
