package regula

import "github.com/facekeep/facekeep/handlers/httpx"

// detectRequest is the body of POST /detect.
type detectRequest struct {
	Tag          *string       `json:"tag" maxLength:"127" example:"s-1"` // accepted, without effect
	ProcessParam *processParam `json:"processParam"`
	Image        httpx.Base64  `json:"image" swaggertype:"string" format:"byte"`
	Thumbnails   *httpx.Bool   `json:"thumbnails" swaggertype:"boolean" default:"false" example:"false"` // tell thumbnail: the crop, or without one a portrait of 3:4
} // @name DetectRequest

// processParam is what to tell of a picture.
type processParam struct {
	Scenario          *string            `json:"scenario" enums:"OldMode,QualityFull,QualityICAO,QualityVisaSchengen,QualityVisaUSA,CropCentralFace,CropAllFaces,Thumbnail,AttributesAll," example:""` // all else is ignored if it is one of these
	OnlyCentralFace   *httpx.Bool        `json:"onlyCentralFace" swaggertype:"boolean" default:"false" example:"false"`
	OutputImageParams *outputImageParams `json:"outputImageParams"`
	Quality           *qualityRequest    `json:"quality"`
	Attributes        *attributesRequest `json:"attributes"`
} // @name ProcessParam

// detectResponse is the answer of detect.
type detectResponse struct {
	Code    resultCode   `json:"code" validate:"required"` // 0 fine, 1 no picture, 2 no face, 6 the picture cannot be read, 7 a fault in the server
	Msg     string       `json:"msg,omitempty"`            // what the code means; left out of 0
	Results detectResult `json:"results" validate:"required"`
} // @name DetectResponse

// detectResult is what was found in a picture.
type detectResult struct {
	Detections    []detection `json:"detections" validate:"required"` // the largest first
	DetectorType  int         `json:"detectorType" example:"0"`       // always 0
	LandmarksType int         `json:"landmarksType" example:"0"`      // always 0
	Scenario      string      `json:"scenario" example:""`            // that was applied
	Timer         float64     `json:"timer" example:"0.031"`          // seconds
	ElapsedTime   float64     `json:"elapsedTime" example:"31"`       // the same in milliseconds
} // @name DetectResult

// detection is a face that was found.
type detection struct {
	Landmarks  [][2]int    `json:"landmarks" validate:"required"` // px: left eye, right eye, nose, left and right end of the lips
	ROI        [4]int      `json:"roi" validate:"required"`       // px: left, top, width, height
	Quality    *quality    `json:"quality,omitempty"`             // left out unless asked for
	Attributes *attributes `json:"attributes,omitempty"`          // likewise
	portraits
} // @name Detection
