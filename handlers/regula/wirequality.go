package regula

import "github.com/facekeep/facekeep/handlers/httpx"

// qualityGroup is a group of characteristics.
type qualityGroup int

// The groups of the contract.
const (
	imageGroup qualityGroup = iota + 1
	headGroup
	faceGroup
	eyesGroup
	lightGroup
	poseGroup
	occlusionGroup
	backgroundGroup
)

// name is what the contract calls a group; the third from the last as it spells it.
func (g qualityGroup) name() string {
	return [...]string{
		"ImageCharacteristics", "HeadSizeAndPosition", "FaceQuality", "EyesCharacteristics",
		"ShadowsAndLightning", "PoseAndExpression", "HeadOcclusion", "Background",
	}[g-1]
}

// qualityStatus is what became of a characteristic.
type qualityStatus int

// The statuses of the contract.
const (
	statusFalse        qualityStatus = 0 // does not comply
	statusTrue         qualityStatus = 1
	statusUndetermined qualityStatus = 2 // could not be measured
)

// qualityRequest asks for characteristics to be assessed: all, where it names none.
type qualityRequest struct {
	BackgroundMatchColor []httpx.Int     `json:"backgroundMatchColor" swaggertype:"array,integer" example:"255,255,255"` // what BackgroundColorMatch compares the background with
	Config               []qualityConfig `json:"config"`
} // @name QualityRequest

// qualityConfig asks for one characteristic.
type qualityConfig struct {
	Name  *string   `json:"name" validate:"required" example:"Yaw"`
	Range []float64 `json:"range" example:"-5,5"` // of values that comply, both included; the usual one when absent
} // @name QualityConfig

// quality is what was assessed of a face.
type quality struct {
	NonCompliant  []string        `json:"nonCompliant"` // names of those that do not comply
	DetailsGroups []qualityTotals `json:"detailsGroups"`
	Details       []qualityDetail `json:"details"`             // in the order of the request
	Score         float64         `json:"score" example:"0.9"` // part of the characteristics that could be measured that comply; 0 if none could be
} // @name Quality

// qualityDetail is what was assessed of one characteristic.
type qualityDetail struct {
	GroupID qualityGroup  `json:"groupId" example:"2"`
	Name    string        `json:"name" example:"Yaw"`
	Range   *[2]float64   `json:"range,omitempty"`                  // of values that comply; left out where every value does
	Status  qualityStatus `json:"status" enums:"0,1,2" example:"1"` // 0 does not comply, 1 complies, 2 could not be measured
	Value   *float64      `json:"value,omitempty" example:"-1.5"`   // left out where it could not be measured
} // @name QualityDetail

// qualityTotals counts the characteristics of a group.
type qualityTotals struct {
	GroupID        qualityGroup `json:"groupId" example:"2"`
	Name           string       `json:"name" example:"HeadSizeAndPosition"`
	TotalCount     int          `json:"totalCount" example:"8"`
	CompliantCount int          `json:"compliantCount" example:"7"`
} // @name QualityDetailsGroups
