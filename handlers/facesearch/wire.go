package facesearch

import "github.com/facekeep/facekeep/handlers/httpx"

// The names after @name of the first five are those of the contract's schemas.
// Fields of requests are pointers, so that what was left out can be told from what
// was sent; null counts as left out. Fields of answers are always present.

// faceSearchRequest is the body of POST /face-search.
type faceSearchRequest struct {
	CheckLiveness      *httpx.Bool   `json:"check_liveness" swaggertype:"boolean" default:"false" example:"false"` // refuse a face that is not a living person's
	CollectionName     *string       `json:"collection_name" validate:"required" example:"MyCollection"`
	Face               *httpx.Base64 `json:"face_base_64" validate:"required" swaggertype:"string" format:"byte"` // a JPEG or PNG file; of several faces the largest counts
	MinSimilarityScore *float64      `json:"min_similarity_score" format:"float" minimum:"0" maximum:"1" default:"0.7" example:"0.7"`
	MaxResults         *httpx.Int    `json:"max_results" swaggertype:"integer" minimum:"1" maximum:"1000" default:"1" example:"1"`
} // @name FaceSearchRequest

// multiFaceSearchRequest is the body of POST /multi-face-search.
type multiFaceSearchRequest struct {
	CollectionName     *string       `json:"collection_name" validate:"required" example:"MyCollection"`
	Picture            *httpx.Base64 `json:"multi_face_img_base_64" validate:"required" swaggertype:"string" format:"byte"` // a JPEG or PNG file
	MinSimilarityScore *float64      `json:"min_similarity_score" format:"float" minimum:"0" maximum:"1" default:"0.7" example:"0.7"`
} // @name MultiFaceSearchRequest

// personSearchResult is a person who was found.
type personSearchResult struct {
	PersonID        string            `json:"person_id" validate:"required" example:"barack"`
	PersonName      string            `json:"person_name" validate:"required" example:"Barack Obama"`
	Metadata        map[string]string `json:"metadata" validate:"required" example:"room:12"`
	Face            []byte            `json:"face_base_64" validate:"required" swaggertype:"string" format:"byte"` // the enrolled face that is nearest, as a JPEG file
	SimilarityScore float64           `json:"similarity_score" validate:"required" format:"float" minimum:"0" maximum:"1" example:"0.93"`
} // @name PersonSearchResult

// multiFaceSearchResult is the answer of POST /multi-face-search.
type multiFaceSearchResult struct {
	Persons      []personSearchResult `json:"person_search_results" validate:"required"`                                                         // by decreasing similarity, each person once
	Unrecognized [][]byte             `json:"unrecognized_face_thumbnails_base_64" validate:"required" swaggertype:"array,string" format:"byte"` // the faces without a person, the largest first, as JPEG files
} // @name MultiFaceSearchResult

// errorBody is the body of every error.
type errorBody struct {
	Code     string         `json:"code" validate:"required" enums:"ERR_FACE_NOT_DETECTED,ERR_API_KEY_NOT_PRESENT,ERR_API_KEY_NOT_VALID,ERR_NOT_FOUND,ERR_LIVENESS_ERROR,ERR_BASE64_IMAGE_CANNOT_BE_DECODED,ERR_UNPROCESSABLE_CONTENT,ERR_METHOD_NOT_ALLOWED,ERR_CONFLICT,ERR_CONTENT_TOO_LARGE,ERR_UNAVAILABLE,ERR_TIMEOUT,ERR_INTERNAL" example:"ERR_NOT_FOUND"`
	Message  string         `json:"message" validate:"required" example:"The requested entity could not be found."`
	Metadata *errorMetadata `json:"metadata,omitempty"` // of ERR_LIVENESS_ERROR
} // @name Error

// errorMetadata says why a face is not taken for a living person's.
type errorMetadata struct {
	Code livenessCode `json:"code" swaggertype:"string" enums:"EYES_CLOSED,FACE_CLOSE_TO_BORDER,FACE_CROPPED,FACE_NOT_LIVE,FACE_TOO_CLOSE,FACE_ANGLE_TOO_LARGE,FACE_IS_OCCLUDED,FACE_NOT_FOUND,FACE_TOO_SMALL,LICENSE_ERROR,TOO_MANY_FACES,UNKNOWN_ERROR" example:"FACE_NOT_LIVE"`
} // @name LivenessErrorMetadata

// collectionRequest is the body of POST /collections.
type collectionRequest struct {
	CollectionName *string `json:"collection_name" validate:"required" maxLength:"200" example:"MyCollection"`
} // @name CollectionRequest

// collection is a collection in answers.
type collection struct {
	CollectionID   string `json:"collection_id" validate:"required" example:"MyCollection"`   // that of the watchlist; requests may name the collection by it
	CollectionName string `json:"collection_name" validate:"required" example:"MyCollection"` // the same as the id, where the collection was made here
	CreatedAt      string `json:"created_at" validate:"required" format:"date-time" example:"2026-01-05T12:53:47.726661Z"`
} // @name Collection

// collectionPage is a page of collections.
type collectionPage struct {
	Collections []collection `json:"collections" validate:"required"`
	pageFoot
} // @name CollectionPage

// pageFoot tells of every page where it is.
type pageFoot struct {
	Page    int  `json:"page" validate:"required" example:"1"`
	HasMore bool `json:"has_more" validate:"required" example:"false"` // there is a page after this one
}

// personRequest is the body of POST /collections/{collection_name}/persons.
type personRequest struct {
	PersonID   *string           `json:"person_id" maxLength:"256" example:"barack"` // made when absent, null or ""
	PersonName *string           `json:"person_name" validate:"required" maxLength:"200" example:"Barack Obama"`
	Metadata   map[string]string `json:"metadata" example:"room:12"`
	Faces      []*httpx.Base64   `json:"faces_base_64" validate:"required,min=1" swaggertype:"array,string" format:"byte"` // JPEG or PNG files with one face each
} // @name PersonRequest

// personUpdate is the body of PATCH /persons/{person_id}. What is left out stays.
type personUpdate struct {
	PersonName *string            `json:"person_name" maxLength:"200" example:"Barack H. Obama"`
	Metadata   map[string]*string `json:"metadata" swaggertype:"object,string" example:"room:14"` // key by key: null deletes one, a key that is not named stays
} // @name PersonUpdate

// personHead is what is told of a person everywhere.
type personHead struct {
	PersonID   string            `json:"person_id" validate:"required" example:"barack"`
	PersonName string            `json:"person_name" validate:"required" example:"Barack Obama"`
	Metadata   map[string]string `json:"metadata" validate:"required" example:"room:12"`
	CreatedAt  string            `json:"created_at" validate:"required" format:"date-time" example:"2026-01-05T12:54:01.120001Z"`
} // @name PersonHead

// person is a person with collections and faces.
type person struct {
	personHead

	Collections []collection `json:"collections" validate:"required"`
	Faces       []personFace `json:"faces" validate:"required"` // the oldest first
} // @name Person

// personPage is a page of the people of a collection.
type personPage struct {
	Persons []personHead `json:"persons" validate:"required"`
	pageFoot
} // @name PersonPage

// faceRequest is the body of POST /persons/{person_id}/faces.
type faceRequest struct {
	Face *httpx.Base64 `json:"face_base_64" validate:"required" swaggertype:"string" format:"byte"` // a JPEG or PNG file with one face
} // @name FaceRequest

// personFace is an enrolled face.
type personFace struct {
	FaceID    string `json:"face_id" validate:"required" format:"uuid" example:"0198c1f4-9d57-7a83-a0c9-5d8b5f4f6a10"`
	Face      []byte `json:"face_base_64" validate:"required" swaggertype:"string" format:"byte"` // as a JPEG file
	CreatedAt string `json:"created_at" validate:"required" format:"date-time" example:"2026-01-05T12:54:01.120001Z"`
} // @name PersonFace
