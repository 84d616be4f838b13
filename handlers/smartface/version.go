package smartface

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// Version says what runs here. Every field should be set: none may be null on
// the wire.
type Version struct {
	Version           string    // of the program: "0.1.0"
	BuiltAt           time.Time // of the program
	Full              string    // of the program and what it runs on: "0.1.0+4f3a2c1 (cpu, onnxruntime 1.31.1)"
	Database          string    // number of the newest migration
	DatabaseCreatedAt time.Time // when the database was made
	DatabaseUpdatedAt time.Time // when it was last migrated
}

// get answers GET /api/v1/Version.
//
//	@Summary		Retrieve the version information
//	@Description	Versions of the program and of its database; the full version also names what the models run on.
//	@ID				getVersion
//	@Tags			Version
//	@Produce		json
//	@Success		200	{object}	versionInfo	"Version information was returned successfully."
//	@Router			/api/v1/Version [get]
func (v Version) get(c *gin.Context) {
	writeJSON(c, http.StatusOK, versionInfo{
		DatabaseVersion:             v.Database,
		DatabaseVersionCreationTime: httpx.TimeText(v.DatabaseCreatedAt),
		DatabaseVersionUpdatedTime:  httpx.TimeText(v.DatabaseUpdatedAt),
		AssemblyVersion:             v.Version,
		AssemblyLastModifiedTime:    httpx.TimeText(v.BuiltAt),
		FullVersion:                 v.Full,
	})
}
