package smartface

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

var infinite = math.Inf(1)

func TestParseConditions(t *testing.T) {
	t.Parallel()
	size := face.Condition{Measure: face.FaceSize, Least: 30, Most: infinite}
	tests := []struct {
		name, text string
		want       []face.Condition
	}{
		{"one", "FACE_SIZE: [30; inf]", []face.Condition{size}},
		{"no blanks", "FACE_SIZE:[30;inf]", []face.Condition{size}},
		{"blanks of all sorts", " \tFACE_SIZE \n:\r[ 30 ;\u00a0inf ] ", []face.Condition{size}},
		{"signs and fractions", "YAW_ANGLE: [-20.25; +20.5]", []face.Condition{{Measure: face.YawAngle, Least: -20.25, Most: 20.5}}},
		{"infinite both ways", "FACE_SIZE:[-inf;+inf]", []face.Condition{{Measure: face.FaceSize, Least: -infinite, Most: infinite}}},
		{"equal bounds", "CONTRAST: [7; 7]", []face.Condition{{Measure: face.ContrastMeasure, Least: 7, Most: 7}}},
		{"a name twice", "FACE_SIZE:[30;inf]&&FACE_SIZE:[30;inf]", []face.Condition{size, size}},
		{"every name", "FACE_CONFIDENCE:[0;1]&&FACE_SIZE:[0;1]&&FACE_RELATIVE_AREA:[0;1]&&FACE_RELATIVE_AREA_IN_IMAGE:[0;1]&&YAW_ANGLE:[0;1]&&" +
			"PITCH_ANGLE:[0;1]&&SHARPNESS_RAW:[0;1]&&BRIGHTNESS:[0;1]&&CONTRAST:[0;1]&&UNIQUE_INTENSITY_LEVELS:[0;1]",
			[]face.Condition{
				{Measure: face.FaceConfidence, Most: 1}, {Measure: face.FaceSize, Most: 1}, {Measure: face.FaceArea, Most: 1},
				{Measure: face.FaceVisible, Most: 1}, {Measure: face.YawAngle, Most: 1}, {Measure: face.PitchAngle, Most: 1},
				{Measure: face.SharpnessMeasure, Most: 1}, {Measure: face.BrightnessMeasure, Most: 1},
				{Measure: face.ContrastMeasure, Most: 1}, {Measure: face.LevelsMeasure, Most: 1},
			}},
	}
	for _, tt := range tests {
		got, err := parseConditions("f", tt.text)
		if err != nil {
			t.Errorf("%s: got %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

// Errors tell the place, counted in characters from 1, and what belongs there.
func TestParseConditionsRefuses(t *testing.T) {
	t.Parallel()
	names := strings.Join(measureNames[:], ", ")
	tests := []struct{ name, text, want string }{
		{"nothing", "", "character 1: expected one of " + names + ", found the end"},
		{"blanks", "  ", "character 3: expected one of " + names + ", found the end"},
		{"no name", ": [0; 1]", `character 1: expected one of ` + names + `, found ":"`},
		{"an unknown name", "FACE_SIZE:[0;1] && AGE: [0; 1]", `character 20: unknown name "AGE", expected one of ` + names},
		{"a name in lower case", "yaw_angle: [0; 1]", `character 1: unknown name "yaw_angle", expected one of ` + names},
		{"a name behind letters of two bytes", "ÄÖ: [0; 1]", `character 1: unknown name "ÄÖ", expected one of ` + names},
		{"a long name", strings.Repeat("A", 1000), `character 1: unknown name "` + strings.Repeat("A", 40) + `…", expected one of ` + names},
		{"no colon", "FACE_SIZE [0; 1]", `character 11: expected ":", found "["`},
		{"no bracket", "FACE_SIZE: 0; 1", `character 12: expected "[", found "0"`},
		{"no lower bound", "FACE_SIZE: [; 1]", `character 13: expected a number, "inf" or "-inf", found ";"`},
		{"no upper bound", "FACE_SIZE: [0; ]", `character 16: expected a number, "inf" or "-inf", found "]"`},
		{"a comma", "FACE_SIZE: [0, 1]", `character 14: expected ";", found ","`},
		{"a comma behind blanks of two bytes", "FACE_SIZE:\u00a0[0,1]", `character 14: expected ";", found ","`},
		{"an exponent", "FACE_SIZE: [0; 1e3]", `character 17: expected "]", found "e"`},
		{"a point alone", "FACE_SIZE: [.; 1]", `character 13: expected a number, "inf" or "-inf", found "."`},
		{"a point at the end", "FACE_SIZE: [1.; 2]", `character 15: expected a number, "inf" or "-inf", found ";"`},
		{"a sign alone", "FACE_SIZE: [-; 2]", `character 14: expected a number, "inf" or "-inf", found ";"`},
		{"two signs", "FACE_SIZE: [--1; 2]", `character 14: expected a number, "inf" or "-inf", found "-"`},
		{"infinity in capitals", "FACE_SIZE: [0; INF]", `character 16: expected a number, "inf" or "-inf", found "I"`},
		{"infinite", "FACE_SIZE: [0; infinite]", `character 19: expected "]", found "i"`},
		{"a number beyond all", "FACE_SIZE: [0; 1" + strings.Repeat("0", 400) + "]", "character 16: the number is too large"},
		{"bounds that cross", "FACE_SIZE:[0;1]&&YAW_ANGLE: [20.5; -20]", "character 30: the lower bound 20.5 is above the upper bound -20"},
		{"infinite bounds that cross", "FACE_SIZE: [inf; -inf]", "character 13: the lower bound inf is above the upper bound -inf"},
		{"open", "FACE_SIZE: [0; 1", `character 17: expected "]", found the end`},
		{"one ampersand", "FACE_SIZE: [0; 1] & YAW_ANGLE: [0; 1]", `character 19: expected "&&" or the end, found "&"`},
		{"another operator", "FACE_SIZE: [0; 1] || YAW_ANGLE: [0; 1]", `character 19: expected "&&" or the end, found "|"`},
		{"nothing behind the operator", "FACE_SIZE: [0; 1] &&", "character 21: expected one of " + names + ", found the end"},
		{"two of the default", "default && default", `character 1: unknown name "default", expected one of ` + names},
		{"bytes that are no text", "FACE_SIZE: \xff", `character 12: expected "[", found "�"`},
	}
	for _, tt := range tests {
		got, err := parseConditions("f", tt.text)
		if err == nil {
			t.Errorf("%s: got %v, want an error", tt.name, got)
			continue
		}
		if face.KindOf(err) != face.Invalid || face.FieldOf(err) != "f" || err.Error() != "f, "+tt.want {
			t.Errorf("%s: got  %q\nwant %q", tt.name, err, "f, "+tt.want)
		}
	}
	many := strings.Repeat("FACE_SIZE:[0;1]&&", maxConditions) + "FACE_SIZE:[0;1]"
	if _, err := parseConditions("f", many); err == nil || err.Error() != "f holds more than 100 conditions" {
		t.Errorf("101 conditions: got %v", err)
	}
	if _, err := parseConditions("f", strings.TrimSuffix(many, "&&FACE_SIZE:[0;1]")); err != nil {
		t.Errorf("100 conditions: got %v", err)
	}
}

// The default conditions are the contract's, letter by letter, when written again.
func TestDefaultConditions(t *testing.T) {
	t.Parallel()
	own := "FACE_SIZE: [1; 2]"
	tests := []struct {
		name string
		text *string
		kind face.LivenessKind
		want string
	}{
		{"distant", nil, face.Distant, distantDefaults},
		{"distant by name", new("default"), face.Distant, distantDefaults},
		{"nearby", nil, face.Nearby, nearbyDefaults},
		{"nearby by name, with blanks", new(" default\n"), face.Nearby, nearbyDefaults},
		{"own", &own, face.Nearby, own},
	}
	for _, tt := range tests {
		got, err := conditions("f", tt.text, tt.kind)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if text := conditionsText(got); text != tt.want {
			t.Errorf("%s: got  %s\nwant %s", tt.name, text, tt.want)
		}
	}
}

// Whatever conditions there are, written and read again they are the same.
func TestConditionsReadWhatIsWritten(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	bound := func() float64 {
		switch r.IntN(6) {
		case 0:
			return infinite
		case 1:
			return -infinite
		case 2:
			return float64(r.IntN(20001) - 10000)
		case 3:
			return r.NormFloat64() * 1e-9
		case 4:
			return r.NormFloat64() * 1e300
		}
		return r.NormFloat64() * 100
	}
	for range 2000 {
		want := make([]face.Condition, 1+r.IntN(12))
		for i := range want {
			a, b := bound(), bound()
			want[i] = face.Condition{Measure: face.Measure(r.IntN(len(measureNames))), Least: min(a, b), Most: max(a, b)}
		}
		text := conditionsText(want)
		got, err := parseConditions("f", text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: (-want +got)\n%s", text, diff)
		}
	}
}

func TestUnmetText(t *testing.T) {
	t.Parallel()
	frontal := face.Condition{Measure: face.YawAngle, Least: -20, Most: 20}
	area := face.Condition{Measure: face.FaceArea, Least: 0.009, Most: infinite}
	tests := []struct {
		condition face.Condition
		value     float64
		want      string
	}{
		{frontal, 34.2, "YAW_ANGLE: 34.2 is not in [-20; 20]"},
		{frontal, -34.25, "YAW_ANGLE: -34.2 is not in [-20; 20]"},
		{frontal, 35, "YAW_ANGLE: 35 is not in [-20; 20]"},
		{frontal, 20.00003, "YAW_ANGLE: 20.00003 is not in [-20; 20]"},
		{frontal, math.Nextafter(20, 21), "YAW_ANGLE: 20.000000000000004 is not in [-20; 20]"},
		{frontal, math.NaN(), "YAW_ANGLE: could not be measured, and must be in [-20; 20]"},
		{area, 0.0081, "FACE_RELATIVE_AREA: 0.0081 is not in [0.009; inf]"},
		{area, 0.00899999, "FACE_RELATIVE_AREA: 0.00899999 is not in [0.009; inf]"},
		{area, 0, "FACE_RELATIVE_AREA: 0 is not in [0.009; inf]"},
		{face.Condition{Measure: face.FaceSize, Least: 60, Most: infinite}, 52.34, "FACE_SIZE: 52.3 is not in [60; inf]"},
	}
	for _, tt := range tests {
		if got := unmetText(face.Unmet{Condition: tt.condition, Value: tt.value}); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// The value in a reason never reads as if it met the condition.
func FuzzUnmetText(f *testing.F) {
	f.Add(20.00000001, -20., 20.)
	f.Add(1e-300, 1e-299, 5.)
	f.Fuzz(func(t *testing.T, value, least, most float64) {
		c := face.Condition{Measure: face.FaceSize, Least: least, Most: most}
		if !(least <= most) || c.Holds(value) || math.IsNaN(value) || math.IsInf(value, 0) {
			return
		}
		text := strings.TrimPrefix(unmetText(face.Unmet{Condition: c, Value: value}), "FACE_SIZE: ")
		number, _, _ := strings.Cut(text, " ")
		p := conditionParser{text: number}
		if shown, err := p.bound(); err != nil || c.Holds(shown) {
			t.Errorf("%v outside of [%v; %v] is told as %s", value, least, most, number)
		}
	})
}

// Nothing that a client sends makes the parser fail otherwise than with Invalid, and
// what it reads, it reads again when it is written.
func FuzzConditions(f *testing.F) {
	f.Add(distantDefaults)
	f.Add(nearbyDefaults)
	f.Add("FACE_SIZE: [-inf; +1.50] && ")
	f.Add("YAW_ANGLE:[0;1]&&\xff")
	f.Add("CONTRAST: [0; 0.00000000000000000000000001]")
	f.Fuzz(func(t *testing.T, text string) {
		cs, err := parseConditions("f", text)
		if err != nil {
			if face.KindOf(err) != face.Invalid || face.FieldOf(err) != "f" {
				t.Errorf("%q: got %v, want Invalid", text, err)
			}
			return
		}
		again, err := parseConditions("f", conditionsText(cs))
		if err != nil {
			t.Fatalf("%q, written as %q: %v", text, conditionsText(cs), err)
		}
		if diff := cmp.Diff(cs, again); diff != "" {
			t.Errorf("%q, written and read again: (-want +got)\n%s", text, diff)
		}
	})
}
