package regula

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// matchRequest is the body of POST /match.
type matchRequest struct {
	Tag               *string            `json:"tag" maxLength:"127" example:"s-1"`                                // accepted, without effect
	Thumbnails        json.RawMessage    `json:"thumbnails" swaggertype:"boolean" default:"false" example:"false"` // tell thumbnail: the crop, or without one a portrait of 3:4
	Images            []matchImage       `json:"images" validate:"required"`
	OutputImageParams *outputImageParams `json:"outputImageParams"`
} // @name MatchRequest

// matchImage is a picture to compare.
type matchImage struct {
	Index     *httpx.Int    `json:"index" swaggertype:"integer" example:"1"`                                  // from 0, no two alike; the least that is free when absent
	Type      *httpx.Int    `json:"type" swaggertype:"integer" enums:"1,2,3,4,5,6,7" default:"3" example:"3"` // where the picture is from; echoed
	Data      *httpx.Base64 `json:"data" validate:"required" swaggertype:"string" format:"byte"`
	DetectAll *httpx.Bool   `json:"detectAll" swaggertype:"boolean" default:"false" example:"false"`
} // @name MatchImage

// matchResponse is the answer of match.
type matchResponse struct {
	Code       resultCode       `json:"code" validate:"required"` // 0 fine; 1, 2, 6 as the status of a picture; 7 a fault in the server; 224 too few pictures; 237 no two faces; 238 too many pictures
	Msg        string           `json:"msg,omitempty"`            // what the code means; left out of 0
	Detections []matchDetection `json:"detections" validate:"required"`
	Results    []matchResult    `json:"results" validate:"required"`
} // @name MatchResponse

// matchDetection is what was found in one picture.
type matchDetection struct {
	Faces      []matchFace `json:"faces" validate:"required"` // the largest first
	ImageIndex int         `json:"imageIndex" validate:"required" example:"1"`
	Status     resultCode  `json:"status" validate:"required"` // 0 fine, 1 no picture, 2 no face, 6 the picture cannot be read
	Msg        string      `json:"msg,omitempty"`              // what the status means; left out of 0
} // @name MatchImageDetection

// matchFace is a face of one picture.
type matchFace struct {
	FaceIndex     int      `json:"faceIndex" example:"0"`       // from 0 in each picture
	Landmarks     [][2]int `json:"landmarks"`                   // px: left eye, right eye, nose, left and right end of the lips
	RotationAngle float64  `json:"rotationAngle" example:"1.2"` // degrees, clockwise in the picture
	ROI           [4]int   `json:"roi"`                         // px: left, top, width, height
	portraits
} // @name DetectionFace

// matchResult is the comparison of two faces.
type matchResult struct {
	FirstIndex      int     `json:"firstIndex" validate:"required" example:"1"`
	FirstFaceIndex  int     `json:"firstFaceIndex" example:"0"`
	First           int     `json:"first" example:"3"` // type of the picture
	SecondIndex     int     `json:"secondIndex" validate:"required" example:"2"`
	SecondFaceIndex int     `json:"secondFaceIndex" example:"0"`
	Second          int     `json:"second" example:"3"`
	Score           float64 `json:"score" example:"0.03"`      // 1 less similarity
	Similarity      float64 `json:"similarity" example:"0.97"` // 0…1, 1 the nearest
} // @name MatchImageResult

// thumbnails reports whether they are asked for: the contract takes anything here.
func (r *matchRequest) thumbnails() bool {
	return string(bytes.ToLower(bytes.Trim(r.Thumbnails, `" `))) == "true"
}

// Types of pictures, which are echoed.
const (
	defaultSource = 3 // live
	lastSource    = 7
)

// sides reads index and type of each picture.
func (r *matchRequest) sides() ([]side, error) {
	out := make([]side, len(r.Images))
	taken := make(map[int]bool, len(r.Images))
	for i, image := range r.Images {
		field := fmt.Sprintf("images[%d]", i)
		if image.Data == nil {
			return nil, face.FieldErrorf(field+".data", "%s.data is required", field)
		}
		out[i].source = int(httpx.OrDefault(image.Type, defaultSource))
		if out[i].source < 1 || out[i].source > lastSource {
			return nil, face.FieldErrorf(field+".type", "%s.type must be 1 to %d, not %d", field, lastSource, out[i].source)
		}
		if image.Index == nil {
			continue
		}
		out[i].index = int(*image.Index)
		if out[i].index < 0 || taken[out[i].index] {
			return nil, face.FieldErrorf(field+".index", "%s.index must be a number from 0 that no other picture has, not %d", field, out[i].index)
		}
		taken[out[i].index] = true
	}
	r.number(out, taken)
	return out, nil
}

// number gives an index to the pictures that came without.
func (r *matchRequest) number(sides []side, taken map[int]bool) {
	next := 0
	for i, image := range r.Images {
		if image.Index != nil {
			continue
		}
		for taken[next] {
			next++
		}
		sides[i].index, taken[next] = next, true
	}
}
