package regula

import (
	"encoding/json"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// The names after @name are those of the contract's schemas. Fields of requests
// are pointers, so that what was left out can be told from what was sent; null
// counts as left out. Fields of answers are always present unless they are said to
// be left out, and never null unless they say so.

// operationLog is the body of an error answer.
type operationLog struct {
	StatusCode int    `json:"statusCode" example:"400"` // the HTTP status
	Type       string `json:"type" example:"BadParamsException"`
	Msg        string `json:"msg" example:"name is required"` // what went wrong, in words for a person; never empty
	// Metadata holds the id of the request and, where one is to blame, the name of a field.
	Metadata map[string]string `json:"metadata"`
} // @name OperationLog

// object is a JSON object of a client's own.
type object map[string]json.RawMessage

// personFields is the body of POST /persons.
type personFields struct {
	Name       *string  `json:"name" validate:"required" maxLength:"200" example:"Ann"`
	ExternalID *string  `json:"externalId" maxLength:"256" example:"e1"`
	Metadata   object   `json:"metadata" swaggertype:"object"`
	Groups     []string `json:"groups" swaggertype:"array,string"`                   // none: the group named Default
	TTL        *float64 `json:"ttl" swaggertype:"integer" extensions:"x-nullable"`   // seconds until the person is deleted, null: never
	ExpireAt   *string  `json:"expireAt" format:"date-time" extensions:"x-nullable"` // the same as a time, as later versions have it
} // @name PersonFields

// personToUpdate is the body of PUT /persons/{personId}. What is left out stays.
type personToUpdate struct {
	Name       *string   `json:"name" maxLength:"200" example:"Ann"`
	ExternalID *string   `json:"externalId" maxLength:"256" example:"e1"`
	Metadata   object    `json:"metadata" swaggertype:"object"`
	Groups     *[]string `json:"groups" swaggertype:"array,string"` // all that the person is in from now on
} // @name PersonToUpdateFields

// person is a person in answers.
type person struct {
	Name       string          `json:"name" example:"Ann"`
	ExternalID *string         `json:"externalId,omitempty" example:"e1"` // left out where there is none
	Metadata   object          `json:"metadata" swaggertype:"object"`
	Groups     []string        `json:"groups" example:"497f6eca-6276-4993-bfeb-53cbbbba6f08"`
	TTL        json.RawMessage `json:"ttl,omitempty" swaggertype:"integer" extensions:"x-nullable"` // null: the person stays; left out where it does not
	ExpireAt   *string         `json:"expireAt,omitempty" format:"date-time"`                       // left out where the person stays
	ID         string          `json:"id" format:"uuid" example:"019b8a3c-5d5a-7c3e-9f4e-2f8d7f0c1a55"`
	CreatedAt  string          `json:"createdAt" example:"2026-01-05T12:54:01.000000Z"`
	UpdatedAt  string          `json:"updatedAt" example:"2026-01-05T12:54:01.000000Z"` // the time of creation until the first update
} // @name Person

// personPage is the body of GET /groups/{groupId}/persons.
type personPage struct {
	Items []person `json:"items"`
	pageHead
} // @name PersonsPage

// groupFields is the body of POST and PUT of groups.
type groupFields struct {
	Tag      *string `json:"tag" maxLength:"127" example:"session-1"`
	Name     *string `json:"name" validate:"required" maxLength:"200" example:"Employees"`
	Metadata object  `json:"metadata" validate:"required" swaggertype:"object"`
} // @name GroupToCreate

// group is a group in answers.
type group struct {
	Name      string          `json:"name" example:"Employees"`
	Metadata  json.RawMessage `json:"metadata" swaggertype:"object"`
	ID        string          `json:"id" format:"uuid" example:"497f6eca-6276-4993-bfeb-53cbbbba6f08"`
	CreatedAt string          `json:"createdAt" example:"2026-01-05T12:54:01.000000Z"`
} // @name Group

// groupPage is the body of the listings of groups.
type groupPage struct {
	Items []group `json:"items"`
	pageHead
} // @name GroupPage

// updateGroup is the body of PUT /groups/{groupId}/persons.
type updateGroup struct {
	AddItems    []string `json:"addItems" example:"019b8a3c-5d5a-7c3e-9f4e-2f8d7f0c1a55"`
	RemoveItems []string `json:"removeItems"`
} // @name UpdateGroup

// picture is a picture of a request: by its bytes or, without them, by its address.
type picture struct {
	ContentType   *string        `json:"contentType" example:"image/jpeg"` // not looked at: the bytes tell
	Content       httpx.Base64   `json:"content" swaggertype:"string" format:"byte"`
	ImageURL      *string        `json:"imageUrl"` // only from hosts that the server lists
	ResizeOptions *resizeOptions `json:"resizeOptions"`
} // @name ImageContent

// resizeOptions have a picture resized before anything else.
type resizeOptions struct {
	Width   *httpx.Int `json:"width" swaggertype:"integer" minimum:"0" maximum:"4096"`  // px; 0: as the height asks
	Height  *httpx.Int `json:"height" swaggertype:"integer" minimum:"0" maximum:"4096"` // px; 0: as the width asks
	Quality *httpx.Int `json:"quality" swaggertype:"integer" minimum:"1" maximum:"100" default:"100"`
} // @name ResizeOptions

// addImage is the body of POST /persons/{personId}/images.
type addImage struct {
	Tag   *string  `json:"tag" maxLength:"127" example:"session-1"`
	Image *picture `json:"image" validate:"required"`
} // @name AddImageToPersonRequest

// image is an image of a person in answers.
type image struct {
	ID          string `json:"id" example:"019b8a3c-6111-7d0a-8b5c-0a4b6c2d8e10"`
	ContentType string `json:"contentType" example:"image/jpeg"`
	CreatedAt   string `json:"createdAt" example:"2026-01-05T12:54:01.000000Z"`
	Path        string `json:"path"` // where the image is to be had on this server
	URL         string `json:"url"`  // the same
	Metadata    object `json:"metadata" swaggertype:"object"`
} // @name Image

// imagePage is the body of GET /persons/{personId}/images.
type imagePage struct {
	Items []image `json:"items"`
	pageHead
} // @name ImagePage

// pageHead is what a page says of itself.
type pageHead struct {
	Page       int `json:"page" example:"1"`
	TotalPages int `json:"totalPages" example:"1"` // 0 for an empty listing
}

// searchRequest is the body of POST /search.
type searchRequest struct {
	CreatePerson      *createPerson      `json:"createPerson"`
	GroupIDs          []string           `json:"groupIds" swaggertype:"array,string"` // none: all persons
	Filter            *searchFilter      `json:"filter"`
	Tag               *string            `json:"tag" maxLength:"127" example:"session-1"`
	Image             *picture           `json:"image"`
	DetectAll         *httpx.Bool        `json:"detectAll" swaggertype:"boolean" default:"false"` // false: the most central face alone
	OutputImageParams *outputImageParams `json:"outputImageParams"`
	Threshold         *float64           `json:"threshold" minimum:"0" maximum:"1" default:"0.75" example:"0.75"`
	Limit             *httpx.Int         `json:"limit" swaggertype:"integer" minimum:"1" maximum:"1000" default:"100" example:"10"`
} // @name SearchRequest

// createPerson is the person that a search makes where it finds nobody.
type createPerson struct {
	Name     *string  `json:"name" maxLength:"200" example:"Ann"`
	Metadata object   `json:"metadata" swaggertype:"object"`
	TTL      *float64 `json:"ttl" swaggertype:"integer" extensions:"x-nullable"`
	ExpireAt *string  `json:"expireAt" format:"date-time" extensions:"x-nullable"`
} // @name CreatePerson

// searchFilter lets those persons be found whose name is, or is not, one of some.
type searchFilter struct {
	Op    *string  `json:"op" enums:"in,nin"`
	Field *string  `json:"field" enums:"name,externalId" default:"name"`
	Value []string `json:"value"`
} // @name FilterSearchRequest

// searchResult is the answer of a search that made nobody.
type searchResult struct {
	Code    resultCode     `json:"code"`
	Persons []searchPerson `json:"persons"`
} // @name SearchResult

// searchPerson is a person that was found.
type searchPerson struct {
	person
	Detection searchDetection  `json:"detection"`
	Images    []recognizeImage `json:"images"` // those at or above the threshold, the nearest first
} // @name SearchPerson

// searchDetection is a face of the picture that was searched for.
type searchDetection struct {
	Code      resultCode `json:"code"`
	Crop      []byte     `json:"crop,omitempty" swaggertype:"string" format:"base64"` // left out unless asked for
	Idx       int        `json:"idx"`                                                 // of the face in the picture, from 0
	Landmarks [][2]int   `json:"landmarks"`                                           // px: left eye, right eye, nose, left and right end of the lips
	ROI       [4]int     `json:"roi"`                                                 // px: left, top, width, height
} // @name SearchDetection

// recognizeImage is an image that a person was found by.
type recognizeImage struct {
	image
	Similarity float64 `json:"similarity" example:"0.99"`
	Distance   float64 `json:"distance" example:"0.01"`
} // @name RecognizeImage

// transactionInfo is the body of GET /v2/liveness. There are no pictures of a
// check, so that portrait and video are left out.
type transactionInfo struct {
	Code          resultCode     `json:"code"`                                       // 0 if the face passed, 254 if not, 252 if the check could not be made
	Status        *int           `json:"status" extensions:"x-nullable" example:"0"` // 0 if the face passed, 1 if not, null if the check could not be made
	Tag           string         `json:"tag"`
	TransactionID string         `json:"transactionId" format:"uuid"`
	Age           []ageRange     `json:"age"` // empty where it was not measured
	Metadata      livenessDetail `json:"metadata"`
	Type          int            `json:"type" enums:"1" example:"1"` // always passive
} // @name TransactionInfo

// ageRange is an age of which we are as sure as the contract says, in years.
type ageRange struct {
	Name  string `json:"name" example:"Age"`
	Value [2]int `json:"value"`
} // @name AgeRange

// livenessDetail is what else is known of a check.
type livenessDetail struct {
	Score     float64 `json:"score" example:"97.2"` // 0 surely an attack … 100 surely live
	CreatedAt string  `json:"createdAt" example:"2026-01-05T12:54:01.000000Z"`
} // @name LivenessDetail

// deviceInfo is the body of healthz. Nothing here needs a licence: what tells of
// one is null. So is the version, whose text the later clients of the original
// cannot read.
type deviceInfo struct {
	App               string  `json:"app" validate:"required" example:"Facekeep"`
	LicenseID         *string `json:"licenseId" validate:"required" extensions:"x-nullable"`
	LicenseSerial     *string `json:"licenseSerial" validate:"required" extensions:"x-nullable"`
	LicenseValidUntil *string `json:"licenseValidUntil" validate:"required" format:"date-time" extensions:"x-nullable"`
	Version           *string `json:"version" validate:"required" extensions:"x-nullable"`
} // @name DeviceInfo

// readiness is the body of readiness.
type readiness struct {
	Status string `json:"status" example:"ok"`
} // @name Readiness
