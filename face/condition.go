package face

import "math"

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

// confidenceScale is what Finding.Confidence is multiplied by to be measured.
const confidenceScale = 10000

// Measured returns the value of a measure of a face, and NaN if it was not taken.
func (f *Finding) Measured(m Measure) float64 {
	switch m {
	case FaceConfidence:
		return f.Confidence * confidenceScale
	case FaceSize:
		return f.Size
	case FaceArea:
		return f.Area
	case FaceVisible:
		return f.Visible
	case YawAngle:
		return orNaN(f.Attributes.Yaw)
	case PitchAngle:
		return orNaN(f.Attributes.Pitch)
	case SharpnessMeasure:
		return orNaN(f.Attributes.Sharpness)
	case BrightnessMeasure:
		return orNaN(f.Attributes.Brightness)
	case ContrastMeasure:
		return orNaN(f.Attributes.Contrast)
	case LevelsMeasure:
		return orNaN(f.Attributes.Levels)
	}
	return math.NaN()
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// Condition holds for a face whose measure is between two bounds, both included.
// A bound may be infinite.
type Condition struct {
	Measure     Measure
	Least, Most float64
}

// Holds reports whether a value is within the bounds; NaN never is.
func (c Condition) Holds(value float64) bool { return value >= c.Least && value <= c.Most }

// Unmet is a condition that does not hold, and the value that it met: NaN where the
// measure could not be taken.
type Unmet struct {
	Condition
	Value float64
}

// Unmet returns the conditions of the check that a face does not meet, in their
// order: all of them if TellAll is set, else the first.
func (c *LivenessCheck) Unmet(f *Finding) []Unmet {
	var unmet []Unmet
	for _, condition := range c.Conditions {
		value := f.Measured(condition.Measure)
		if condition.Holds(value) {
			continue
		}
		unmet = append(unmet, Unmet{Condition: condition, Value: value})
		if !c.TellAll {
			break
		}
	}
	return unmet
}

// WithNeeds returns the options with everything measured that the conditions of their
// liveness checks are about, besides what was asked for already.
func (o InspectOptions) WithNeeds() InspectOptions {
	for _, check := range o.Liveness {
		for _, condition := range check.Conditions {
			o.need(condition.Measure)
		}
	}
	return o
}

func (o *InspectOptions) need(m Measure) {
	switch m {
	case YawAngle, PitchAngle:
		o.Pose = true
	case SharpnessMeasure:
		o.Sharpness = true
	case BrightnessMeasure:
		o.Brightness = true
	case ContrastMeasure:
		o.Contrast = true
	case LevelsMeasure:
		o.Levels = true
	case FaceConfidence, FaceSize, FaceArea, FaceVisible: // known of every face
	}
}
