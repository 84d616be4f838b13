package enrolment

import "github.com/google/uuid"

// The requests of the SmartFace API that an enrolment sends.

type registerRequest struct {
	ID           string    `json:"id"`
	FullName     string    `json:"fullName,omitempty"`
	Labels       []Label   `json:"labels,omitempty"`
	Images       []image   `json:"images"`
	WatchlistIDs []string  `json:"watchlistIds"`
	Detector     *detector `json:"faceDetectorConfig,omitempty"`
}

type addFaceRequest struct {
	ImageData image     `json:"imageData"`
	Detector  *detector `json:"faceDetectorConfig,omitempty"`
}

type image struct {
	FaceID uuid.UUID `json:"faceId"`
	Data   []byte    `json:"data"` // base64 on the wire
}

// detector says which faces count; what is 0 is left to the server.
type detector struct {
	MinFaceSize int `json:"minFaceSize,omitempty"`
	MaxFaces    int `json:"maxFaces,omitempty"`
}

type linkRequest struct {
	WatchlistID string   `json:"watchlistId"`
	MemberIDs   []string `json:"watchlistMembersIds"`
}

type watchlistRequest struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	FullName    string `json:"fullName"`
}
