package face

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

// Measure names a number that a condition is about.
type Measure int

// The measures that conditions may be about.
const (
	FaceConfidence    Measure = iota // Finding.Confidence on the scale 0…10000
	FaceSize                         // Finding.Size, px
	FaceArea                         // Finding.Area, 0…1
	FaceVisible                      // Finding.Visible, 0…1
	YawAngle                         // Attributes.Yaw, degrees
	PitchAngle                       // Attributes.Pitch, degrees
	SharpnessMeasure                 // Attributes.Sharpness
	BrightnessMeasure                // Attributes.Brightness
	ContrastMeasure                  // Attributes.Contrast
	LevelsMeasure                    // Attributes.Levels
)

// Condition holds for a face whose measure is between two bounds, both included.
// A bound may be infinite.
type Condition struct {
	Measure     Measure
	Least, Most float64
}

// Unmet is a condition that does not hold, and the value that it met: NaN where the
// measure could not be taken.
type Unmet struct {
	Condition
	Value float64
}
