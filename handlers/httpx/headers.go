package httpx

import "github.com/gin-gonic/gin"

// NoStore keeps answers, which tell of persons, out of every cache, and keeps
// browsers from guessing at their type.
func NoStore(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("X-Content-Type-Options", "nosniff")
}
