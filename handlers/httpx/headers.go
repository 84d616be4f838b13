package httpx

import "github.com/gin-gonic/gin"

// NoStore keeps answers, which tell of persons, out of every cache, and keeps
// browsers from guessing at their type.
func NoStore(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("X-Content-Type-Options", "nosniff")
}

// TransactionHeader tells the ids under which the liveness checks of an answer are
// recorded, one for each face that was checked, in the order of the faces.
const TransactionHeader = "X-Facekeep-Transaction-Id"
