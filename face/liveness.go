package face

import (
	"time"

	"github.com/google/uuid"
)

// LivenessKind is a way of looking whether a face is a living person's: presentation
// attack detection in the words of ISO/IEC 30107-3.
type LivenessKind int

// The kinds of passive liveness checks.
const (
	Distant LivenessKind = iota // of a face some way off, as a camera at a door sees it
	Nearby                      // of a face close to the camera, as a phone sees it
)

// LivenessCheck asks for a passive liveness check.
type LivenessCheck struct {
	Kind       LivenessKind
	Conditions []Condition // all must hold, or the check is not performed
	TellAll    bool        // look at every condition, also after one that does not hold
}

// Liveness is the result of one check of one face.
type Liveness struct {
	Kind      LivenessKind
	Performed bool
	Score     float64 // 0 surely an attack … 100 surely live; 0 unless performed
	Unmet     []Unmet // why it was not performed, in the order of the conditions
}

// LivenessTransaction is the record of one passive liveness check of one face, which
// may be asked for later. It holds no picture and no template.
type LivenessTransaction struct {
	ID        uuid.UUID
	Tag       string   // of the session that it belongs to
	Confirmed *bool    // whether the face passed; nil: the check was not performed
	Score     float64  // 0 surely an attack … 100 surely live; 0 unless performed
	Age       *float64 // years; nil: not measured
	CreatedAt time.Time
}
