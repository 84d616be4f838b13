package regula

import (
	"fmt"
	"math"
	"slices"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// attributesRequest asks for attributes: all, where it names none.
type attributesRequest struct {
	Config []attributeConfig `json:"config"`
} // @name AttributesRequest

// attributeConfig asks for one attribute.
type attributeConfig struct {
	Name *string `json:"name" validate:"required" enums:"Age,Emotion,EyeLeft,EyeRight,Smile,Glasses,HeadCovering,ForeheadCovering,Mouth,MedicalMask,Occlusion,StrongMakeup,Headphones" example:"Age"`
} // @name AttributeConfig

// attributes are the answers about a face.
type attributes struct {
	Details []attributeDetail `json:"details"` // in the order of the request
} // @name Attributes

// attributeDetail is the answer about one attribute.
type attributeDetail struct {
	Name       string   `json:"name" example:"Mouth"`
	Value      any      `json:"value" extensions:"x-nullable"`       // a word; of Age, the least and the most years; null where it cannot be told
	Confidence *float64 `json:"confidence,omitempty" example:"0.98"` // 0.5…1; left out of Age and null
} // @name AttributeDetail

// attribute is something that can be told of a face.
type attribute struct {
	name string
	need func(o *face.InspectOptions)
	tell func(s *assessed) attributeDetail // without the name; nil: nothing here can
}

// allAttributes are those of the contract.
func allAttributes() []attribute {
	return []attribute{
		{"Age", func(o *face.InspectOptions) { o.Age = true }, (*assessed).ageAttribute},
		{"Emotion", nil, nil},
		{"EyeLeft", needEyes, func(s *assessed) attributeDetail { return eitherOf("closed", "open", s.leftEyeClosed()) }},
		{"EyeRight", needEyes, func(s *assessed) attributeDetail { return eitherOf("closed", "open", s.rightEyeClosed()) }},
		{"Smile", nil, nil},
		{"Glasses", nil, nil},
		{"HeadCovering", nil, nil},
		{"ForeheadCovering", nil, nil},
		{"Mouth", needMouth, func(s *assessed) attributeDetail { return eitherOf("open", "closed", s.mouthOpen()) }},
		{"MedicalMask", needMask, func(s *assessed) attributeDetail { return eitherOf("yes", "no", s.mask()) }},
		{"Occlusion", needCover, func(s *assessed) attributeDetail { return eitherOf("occluded", "no", s.covered()) }},
		{"StrongMakeup", nil, nil},
		{"Headphones", nil, nil},
	}
}

// wanted returns the attributes that are asked for. The field is the JSON path of the
// request.
func (r *attributesRequest) wanted(field string) ([]attribute, error) {
	all := allAttributes()
	if len(r.Config) == 0 {
		return all, nil
	}
	out := make([]attribute, 0, len(r.Config))
	for i, c := range r.Config {
		name := httpx.OrDefault(c.Name, "")
		n := slices.IndexFunc(all, func(known attribute) bool { return known.name == name })
		if n < 0 {
			at := fmt.Sprintf("%s.config[%d].name", field, i)
			return nil, face.FieldErrorf(at, "%s: there is no attribute %q", at, name)
		}
		out = append(out, all[n])
	}
	return out, nil
}

// tell answers about a face.
func (s *assessed) tell(wanted []attribute) *attributes {
	return &attributes{Details: httpx.SliceOf(wanted, func(a attribute) attributeDetail {
		var d attributeDetail
		if a.tell != nil {
			d = a.tell(s)
		}
		d.Name = a.name
		return d
	})}
}

// eitherOf tells which of two is likelier.
func eitherOf(yes, no string, likelihood *float64) attributeDetail {
	if likelihood == nil {
		return attributeDetail{}
	}
	if p := *likelihood; p >= 0.5 {
		return attributeDetail{Value: yes, Confidence: new(decimals(p))}
	}
	return attributeDetail{Value: no, Confidence: new(decimals(1 - *likelihood))}
}

func (s *assessed) ageAttribute() attributeDetail {
	if s.attributes().Age == nil {
		return attributeDetail{}
	}
	age := int(math.Round(*s.attributes().Age))
	return attributeDetail{Value: [2]int{max(0, age-ageAccuracy), age + ageAccuracy}}
}
