package smartface

import (
	"math"
	"strconv"
	"strings"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// A text of conditions is, with blanks anywhere between its words:
//
//	conditions = condition *( "&&" condition )
//	condition  = NAME ":" "[" bound ";" bound "]"
//	bound      = [ "+" | "-" ] ( "inf" | digits [ "." digits ] )
//
// Names and "inf" are in the case shown. Both bounds are included. All conditions
// must hold.

// defaultConditions stands for the conditions of the contract.
const defaultConditions = "default"

const (
	distantDefaults = "FACE_CONFIDENCE: [1000; 10000] && FACE_SIZE: [30; inf] && FACE_RELATIVE_AREA: [0.009; inf]" +
		" && FACE_RELATIVE_AREA_IN_IMAGE: [0.9; inf] && YAW_ANGLE: [-20; 20] && PITCH_ANGLE: [-20; 20]" +
		" && SHARPNESS_RAW: [2000; inf]"
	nearbyDefaults = "FACE_CONFIDENCE: [1000; 10000] && FACE_SIZE: [60; inf] && FACE_RELATIVE_AREA: [0.25; inf]" +
		" && YAW_ANGLE: [-20; 20] && PITCH_ANGLE: [-20; 20] && BRIGHTNESS: [-7800; 5000]" +
		" && CONTRAST: [-5000; 6000] && SHARPNESS_RAW: [4000; inf] && UNIQUE_INTENSITY_LEVELS: [500; 10000]"
)

// measureNames are the words for what conditions are about.
var measureNames = [...]string{
	face.FaceConfidence: "FACE_CONFIDENCE", face.FaceSize: "FACE_SIZE",
	face.FaceArea: "FACE_RELATIVE_AREA", face.FaceVisible: "FACE_RELATIVE_AREA_IN_IMAGE",
	face.YawAngle: "YAW_ANGLE", face.PitchAngle: "PITCH_ANGLE",
	face.SharpnessMeasure: "SHARPNESS_RAW", face.BrightnessMeasure: "BRIGHTNESS",
	face.ContrastMeasure: "CONTRAST", face.LevelsMeasure: "UNIQUE_INTENSITY_LEVELS",
}

// conditions reads the text of a request; nil and "default" are the contract's own
// conditions of the kind. The error is Invalid and tells the place.
func conditions(field string, text *string, kind face.LivenessKind) ([]face.Condition, error) {
	given := httpx.OrDefault(text, defaultConditions)
	if strings.TrimSpace(given) == defaultConditions {
		given = distantDefaults
		if kind == face.Nearby {
			given = nearbyDefaults
		}
	}
	return parseConditions(field, given)
}

// conditionsText writes conditions as parseConditions reads them.
func conditionsText(cs []face.Condition) string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = measureNames[c.Measure] + ": " + rangeText(c)
	}
	return strings.Join(words, " && ")
}

func rangeText(c face.Condition) string {
	return "[" + boundText(c.Least) + "; " + boundText(c.Most) + "]"
}

func boundText(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// unmetText says why a check was not performed.
func unmetText(u face.Unmet) string {
	name := measureNames[u.Measure]
	if math.IsNaN(u.Value) {
		return name + ": could not be measured, and must be in " + rangeText(u.Condition)
	}
	return name + ": " + valueText(u) + " is not in " + rangeText(u.Condition)
}

// valueText writes a value with as many digits as it takes to see that it is outside
// of the bounds, and at least two.
func valueText(u face.Unmet) string {
	const mostDigits = 17 // tell any two numbers apart
	digits := 1
	if a := math.Abs(u.Value); a > 0 && a < 1 {
		digits = min(1-int(math.Floor(math.Log10(a))), mostDigits)
	}
	for ; digits < mostDigits; digits++ {
		text := strconv.FormatFloat(u.Value, 'f', digits, 64)
		if rounded, err := strconv.ParseFloat(text, 64); err == nil && !u.Holds(rounded) {
			return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
		}
	}
	return strconv.FormatFloat(u.Value, 'f', -1, 64)
}
