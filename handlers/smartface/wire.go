package smartface

import "github.com/facekeep/facekeep/handlers/httpx"

// The names after @name are those of the contract's schemas. Fields of requests
// are pointers, so that what was left out can be told from what was sent; null
// counts as left out. Fields of answers are always present: those that may be
// null are pointers, all others never are.

// watchlistCreate is the body of POST /Watchlists.
type watchlistCreate struct {
	DisplayName  *string    `json:"displayName" validate:"required" maxLength:"200" example:"Employees"`
	FullName     *string    `json:"fullName" validate:"required" maxLength:"200" example:"Employees of the head office"`
	Threshold    *httpx.Int `json:"threshold" swaggertype:"integer" format:"int32" minimum:"0" maximum:"100" default:"40" example:"40"`
	PreviewColor *string    `json:"previewColor" extensions:"x-nullable" example:"#4adf62"` // "#012abc" or "#01a"
} // @name WatchlistCreateRequest

// watchlistUpsert is the body of PUT /Watchlists.
type watchlistUpsert struct {
	ID           *string    `json:"id" validate:"required" maxLength:"256" example:"employees"`
	DisplayName  *string    `json:"displayName" validate:"required" maxLength:"200" example:"Employees"`
	FullName     *string    `json:"fullName" validate:"required" maxLength:"200" example:"Employees of the head office"`
	Threshold    *httpx.Int `json:"threshold" swaggertype:"integer" format:"int32" minimum:"0" maximum:"100" default:"40" example:"40"`
	PreviewColor *string    `json:"previewColor" extensions:"x-nullable" example:"#4adf62"` // "#012abc" or "#01a"
} // @name WatchlistUpsertRequest

// watchlist is a watchlist in answers.
type watchlist struct {
	DisplayName  string  `json:"displayName" validate:"required" example:"Employees"`
	FullName     string  `json:"fullName" validate:"required" example:"Employees of the head office"`
	Threshold    int     `json:"threshold" validate:"required" format:"int32" example:"40"`
	PreviewColor string  `json:"previewColor" validate:"required" example:"#4adf62"`
	ID           string  `json:"id" validate:"required" example:"employees"`
	CreatedAt    string  `json:"createdAt" validate:"required" format:"date-time" example:"2026-01-05T12:53:47.726661Z"`
	UpdatedAt    *string `json:"updatedAt" validate:"required" format:"date-time" extensions:"x-nullable"` // null until the first update
} // @name Watchlist

// label is a key and a value that a client attached to a member.
type label struct {
	Key   *string `json:"key" maxLength:"128" extensions:"x-nullable" example:"room"`
	Value *string `json:"value" maxLength:"256" extensions:"x-nullable" example:"12"`
} // @name Label

// memberCreate is the body of POST /WatchlistMembers.
type memberCreate struct {
	DisplayName *string `json:"displayName" maxLength:"200" extensions:"x-nullable" example:"Barack"`
	FullName    *string `json:"fullName" maxLength:"200" extensions:"x-nullable" example:"Barack Obama"`
	Note        *string `json:"note" maxLength:"4096" extensions:"x-nullable" example:""`
	Labels      []label `json:"labels" extensions:"x-nullable"`
} // @name WatchlistMemberCreateRequest

// memberUpsert is the body of PUT /WatchlistMembers.
type memberUpsert struct {
	ID          *string `json:"id" validate:"required" maxLength:"256" example:"barack"`
	DisplayName *string `json:"displayName" maxLength:"200" extensions:"x-nullable" example:"Barack"`
	FullName    *string `json:"fullName" maxLength:"200" extensions:"x-nullable" example:"Barack Obama"`
	Note        *string `json:"note" maxLength:"4096" extensions:"x-nullable" example:""`
	Labels      []label `json:"labels" extensions:"x-nullable"`
} // @name WatchlistMemberUpsertRequest

// member is a watchlist member in answers.
type member struct {
	DisplayName *string `json:"displayName" validate:"required" extensions:"x-nullable" example:"Barack"`
	FullName    *string `json:"fullName" validate:"required" extensions:"x-nullable" example:"Barack Obama"`
	Note        *string `json:"note" validate:"required" extensions:"x-nullable" example:""`
	Labels      []label `json:"labels" validate:"required"`
	ID          string  `json:"id" validate:"required" example:"barack"`
	CreatedAt   string  `json:"createdAt" validate:"required" format:"date-time" example:"2026-01-05T12:54:01.120001Z"`
	UpdatedAt   *string `json:"updatedAt" validate:"required" format:"date-time" extensions:"x-nullable"` // null until the first update
} // @name WatchlistMember

// memberWithRelatedData is the answer of Register.
type memberWithRelatedData struct {
	Watchlists []watchlist `json:"watchlists" validate:"required"`
	Faces      []faceData  `json:"faces" validate:"required"`
	member
} // @name WatchlistMemberWithRelatedData

// membersLink is the body of LinkToWatchlist and UnlinkFromWatchlist.
type membersLink struct {
	WatchlistID *string  `json:"watchlistId" validate:"required" example:"employees"`
	MemberIDs   []string `json:"watchlistMembersIds" validate:"required,min=1" example:"barack"`
} // @name WatchlistMembersLinkRequest

// register is the body of Register.
type register struct {
	ID                          *string             `json:"id" validate:"required" maxLength:"256" default:"" example:"barack"` // made when absent, null or ""
	Images                      []registrationImage `json:"images" validate:"required,min=1"`
	WatchlistIDs                []string            `json:"watchlistIds" validate:"required,min=1" example:"employees"`
	FaceDetectorConfig          *detectorConfig     `json:"faceDetectorConfig"`
	FaceDetectorResourceID      *string             `json:"faceDetectorResourceId" enums:"cpu,gpu,any,accurate_cpu,accurate_gpu,accurate_any" default:"cpu" example:"cpu"`
	TemplateGeneratorResourceID *string             `json:"templateGeneratorResourceId" enums:"cpu,gpu,any" default:"cpu" example:"cpu"`
	KeepAutoLearnPhotos         *httpx.Bool         `json:"keepAutoLearnPhotos" swaggertype:"boolean" default:"false" example:"false"` // accepted, without effect
	DisplayName                 *string             `json:"displayName" maxLength:"200" extensions:"x-nullable" example:"Barack"`
	FullName                    *string             `json:"fullName" maxLength:"200" extensions:"x-nullable" example:"Barack Obama"`
	Note                        *string             `json:"note" maxLength:"4096" extensions:"x-nullable" example:""`
	Labels                      []label             `json:"labels" extensions:"x-nullable"`
} // @name RegisterWatchlistMemberRequest

// registrationImage is one picture of a registration: exactly one face must count in it.
type registrationImage struct {
	FaceID *string      `json:"faceId" format:"uuid" extensions:"x-nullable"` // preset id of the stored face; made when absent or null
	Data   httpx.Base64 `json:"data" validate:"required" swaggertype:"string" format:"byte"`
} // @name RegistrationImageData

// addNewFace is the body of AddNewFace.
type addNewFace struct {
	ImageData                   *registrationImage `json:"imageData" validate:"required"`
	FaceDetectorConfig          *detectorConfig    `json:"faceDetectorConfig"`
	FaceDetectorResourceID      *string            `json:"faceDetectorResourceId" enums:"cpu,gpu,any,accurate_cpu,accurate_gpu,accurate_any" example:"cpu"` // cpu when absent
	TemplateGeneratorResourceID *string            `json:"templateGeneratorResourceId" enums:"cpu,gpu,any" example:"cpu"`                                   // cpu when absent
} // @name AddNewFaceRequest

// faceLink is the body of AddFaceFromSystem.
type faceLink struct {
	FaceID *string `json:"faceId" validate:"required" format:"uuid" example:"497f6eca-6276-4993-bfeb-53cbbbba6f08"`
} // @name FaceWatchlistMemberLinkingRequest

// faceRemoval is the body of RemoveFace.
type faceRemoval struct {
	FaceID *string `json:"faceId" validate:"required" format:"uuid" example:"497f6eca-6276-4993-bfeb-53cbbbba6f08"`
} // @name FaceWatchlistMemberRemoveRequest

// imageData is a picture.
type imageData struct {
	Data httpx.Base64 `json:"data" validate:"required" swaggertype:"string" format:"byte"` // base64 of a JPEG, PNG or WebP file
} // @name ImageData

// detectorConfig says which faces count.
type detectorConfig struct {
	MinFaceSize         *httpx.Int `json:"minFaceSize" swaggertype:"integer" format:"int32" minimum:"0" default:"35" example:"35"`                           // px: the larger of eye distance and eye-mouth distance
	MaxFaceSize         *httpx.Int `json:"maxFaceSize" swaggertype:"integer" format:"int32" minimum:"1" default:"600" example:"600"`                         // px, likewise
	MaxFaces            *httpx.Int `json:"maxFaces" swaggertype:"integer" format:"int32" minimum:"1" default:"20" example:"20"`                              // keep the largest so many
	ConfidenceThreshold *httpx.Int `json:"confidenceThreshold" swaggertype:"integer" format:"int32" minimum:"0" maximum:"10000" default:"450" example:"450"` // of the detector
} // @name FaceDetectorConfig

// probeDetectorConfig is detectorConfig where the largest face is taken.
type probeDetectorConfig struct {
	MinFaceSize         *httpx.Int `json:"minFaceSize" swaggertype:"integer" format:"int32" minimum:"0" default:"35" example:"35"`                           // px: the larger of eye distance and eye-mouth distance
	MaxFaceSize         *httpx.Int `json:"maxFaceSize" swaggertype:"integer" format:"int32" minimum:"1" default:"600" example:"600"`                         // px, likewise
	ConfidenceThreshold *httpx.Int `json:"confidenceThreshold" swaggertype:"integer" format:"int32" minimum:"0" maximum:"10000" default:"450" example:"450"` // of the detector
} // @name FaceSearchDetectorConfig

// searchRequest is the body of Search.
type searchRequest struct {
	Image                       *imageData       `json:"image" validate:"required"`
	WatchlistIDs                []string         `json:"watchlistIds" extensions:"x-nullable" example:"employees"` // absent, null or empty: all watchlists
	Threshold                   *httpx.Int       `json:"threshold" swaggertype:"integer" format:"int32" minimum:"0" maximum:"100" default:"40" example:"40"`
	MaxResultCount              *httpx.Int       `json:"maxResultCount" swaggertype:"integer" format:"int32" minimum:"1" maximum:"1000" default:"1" example:"1"`
	FaceDetectorConfig          *detectorConfig  `json:"faceDetectorConfig"`
	FaceDetectorResourceID      *string          `json:"faceDetectorResourceId" enums:"cpu,gpu,any,accurate_cpu,accurate_gpu,accurate_any" default:"cpu" example:"cpu"`
	TemplateGeneratorResourceID *string          `json:"templateGeneratorResourceId" enums:"cpu,gpu,any" default:"cpu" example:"cpu"`
	FaceMaskConfidenceRequest   *maskRequest     `json:"faceMaskConfidenceRequest"`
	FaceFeaturesConfig          *featuresConfig  `json:"faceFeaturesConfig"`
	SpoofDetectorResourceIDs    []string         `json:"spoofDetectorResourceIds" example:"none"`
	SpoofCheckConfig            *spoofConditions `json:"spoofCheckConfig"`
} // @name SearchInWatchlistRequest

// maskRequest says from which confidence on a face wears a mask.
type maskRequest struct {
	FaceMaskThreshold *float64 `json:"faceMaskThreshold" validate:"required" format:"double" default:"3000" example:"3000"`
} // @name FaceMaskConfidenceRequest

// featuresConfig switches measurements off. Strings "true" and "false" are accepted as well.
type featuresConfig struct {
	Age           *httpx.Bool `json:"age" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	Gender        *httpx.Bool `json:"gender" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	FaceMask      *httpx.Bool `json:"faceMask" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	NoseTip       *httpx.Bool `json:"noseTip" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	YawAngle      *httpx.Bool `json:"yawAngle" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	PitchAngle    *httpx.Bool `json:"pitchAngle" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	RollAngle     *httpx.Bool `json:"rollAngle" validate:"required" swaggertype:"boolean" default:"true" example:"true"`
	Sharpness     *httpx.Bool `json:"sharpness" swaggertype:"boolean" default:"true" example:"true"`
	Brightness    *httpx.Bool `json:"brightness" swaggertype:"boolean" default:"true" example:"true"`
	TintedGlasses *httpx.Bool `json:"tintedGlasses" swaggertype:"boolean" default:"true" example:"true"`
	HeavyFrame    *httpx.Bool `json:"heavyFrame" swaggertype:"boolean" default:"true" example:"true"`
	GlassStatus   *httpx.Bool `json:"glassStatus" swaggertype:"boolean" default:"true" example:"true"`
} // @name WatchlistSearchFaceFeaturesRequestConfig

// spoofConditions say how liveness checks are made.
type spoofConditions struct {
	DistantThreshold  *float64    `json:"distantLivenessScoreThreshold" format:"double" default:"90" example:"90"` // a score above it passes
	NearbyThreshold   *float64    `json:"nearbyLivenessScoreThreshold" format:"double" default:"90" example:"90"`
	DistantConditions *string     `json:"distantLivenessConditions" default:"default" extensions:"x-nullable" example:"default"`
	NearbyConditions  *string     `json:"nearbyLivenessConditions" default:"default" extensions:"x-nullable" example:"default"`
	KeepEvaluating    *httpx.Bool `json:"keepEvaluatingConditionsAfterFirstFail" swaggertype:"boolean" default:"false" example:"false"`
} // @name WatchlistSpoofCheckConfig

// searchResult is what Search answers about one face of the picture.
type searchResult struct {
	MatchResults     []matchResult `json:"matchResults" validate:"required"` // nearest first
	SpoofCheckResult spoofResult   `json:"spoofCheckResult" validate:"required"`
	faceAttributes
} // @name SearchInWatchlistResponse

// matchResult is one member that a face may belong to.
type matchResult struct {
	Score                int     `json:"score" validate:"required" format:"int32" example:"87"` // 0…100; 40 is one false match in 10,000
	WatchlistMemberID    *string `json:"watchlistMemberId" validate:"required" extensions:"x-nullable" example:"barack"`
	DisplayName          *string `json:"displayName" validate:"required" extensions:"x-nullable" example:"Barack"`
	FullName             *string `json:"fullName" validate:"required" extensions:"x-nullable" example:"Barack Obama"`
	WatchlistDisplayName string  `json:"watchlistDisplayName" validate:"required" example:"Employees"`
	WatchlistFullName    string  `json:"watchlistFullName" validate:"required" example:"Employees of the head office"`
	WatchlistID          *string `json:"watchlistId" validate:"required" extensions:"x-nullable" example:"employees"`
	PreviewColor         string  `json:"previewColor" validate:"required" example:"#4adf62"`
	Labels               []label `json:"labels" validate:"required"`
} // @name SearchByImageMatchResult

// spoofResult is the verdict of the liveness checks of one face. Blocks of checks that were not asked for are left out.
type spoofResult struct {
	Performed bool           `json:"performed" example:"false"`
	Passed    bool           `json:"passed" example:"false"`
	Distant   *livenessCheck `json:"distantLivenessSpoofCheck,omitempty"`
	Nearby    *livenessCheck `json:"nearbyLivenessSpoofCheck,omitempty"`
} // @name SearchByImageSpoofResult

// livenessCheck is the result of one liveness check.
type livenessCheck struct {
	Performed           bool         `json:"performed" example:"false"`
	Passed              bool         `json:"passed" example:"false"`
	Score               float64      `json:"score" format:"double" example:"0"`
	NotPerformedReasons []failReason `json:"notPerformedReasons" extensions:"x-nullable"`
} // @name WatchlistLivenessSpoofCheck

// failReason says why a check was not performed.
type failReason struct {
	ReasonMessage *string `json:"reasonMessage" extensions:"x-nullable" example:"YAW_ANGLE: 34.2 is not in [-20; 20]"`
} // @name FailReason

// faceAttributes is what Search and Verify tell of a face. Places are pixels of the picture sent.
type faceAttributes struct {
	CropLeftTopX       float64  `json:"cropLeftTopX" validate:"required" format:"double" example:"211.8"`
	CropLeftTopY       float64  `json:"cropLeftTopY" validate:"required" format:"double" example:"151.6"`
	CropRightTopX      float64  `json:"cropRightTopX" validate:"required" format:"double" example:"336.1"`
	CropRightTopY      float64  `json:"cropRightTopY" validate:"required" format:"double" example:"151.6"`
	CropLeftBottomX    float64  `json:"cropLeftBottomX" validate:"required" format:"double" example:"211.8"`
	CropLeftBottomY    float64  `json:"cropLeftBottomY" validate:"required" format:"double" example:"275.9"`
	CropRightBottomX   float64  `json:"cropRightBottomX" validate:"required" format:"double" example:"336.1"`
	CropRightBottomY   float64  `json:"cropRightBottomY" validate:"required" format:"double" example:"275.9"`
	Quality            int      `json:"quality" validate:"required" format:"int32" example:"6120"` // 0…10000
	LeftEyeX           *float64 `json:"leftEyeX" validate:"required" format:"double" extensions:"x-nullable" example:"250.2"`
	LeftEyeY           *float64 `json:"leftEyeY" validate:"required" format:"double" extensions:"x-nullable" example:"196.4"`
	RightEyeX          *float64 `json:"rightEyeX" validate:"required" format:"double" extensions:"x-nullable" example:"298.8"`
	RightEyeY          *float64 `json:"rightEyeY" validate:"required" format:"double" extensions:"x-nullable" example:"197"`
	Age                float64  `json:"age" validate:"required" format:"double" example:"34"` // years
	Gender             string   `json:"gender" validate:"required" enums:"Male,Female" example:"Male"`
	FaceSize           float64  `json:"faceSize" validate:"required" format:"double" example:"52.3"` // px: the larger of eye distance and eye-mouth distance
	FaceMaskConfidence *float64 `json:"faceMaskConfidence" validate:"required" format:"double" extensions:"x-nullable" example:"-9100"`
	NoseTipConfidence  *float64 `json:"noseTipConfidence" validate:"required" format:"double" extensions:"x-nullable" example:"7400"`
	FaceMaskStatus     string   `json:"faceMaskStatus" validate:"required" enums:"Unknown,Mask,NoMask" example:"NoMask"`
	Sharpness          *float64 `json:"sharpness" validate:"required" format:"double" extensions:"x-nullable" example:"3100"`
	Brightness         *float64 `json:"brightness" validate:"required" format:"double" extensions:"x-nullable" example:"-420"`
	TintedGlasses      *float64 `json:"tintedGlasses" validate:"required" format:"double" extensions:"x-nullable"`
	HeavyFrame         *float64 `json:"heavyFrame" validate:"required" format:"double" extensions:"x-nullable"`
	GlassStatus        *float64 `json:"glassStatus" validate:"required" format:"double" extensions:"x-nullable"`
	PitchAngle         *float64 `json:"pitchAngle" validate:"required" format:"double" extensions:"x-nullable" example:"2.4"`
	YawAngle           *float64 `json:"yawAngle" validate:"required" format:"double" extensions:"x-nullable" example:"-3.1"`
	RollAngle          *float64 `json:"rollAngle" validate:"required" format:"double" extensions:"x-nullable" example:"0.7"`
	FaceArea           float64  `json:"faceArea" validate:"required" format:"double" example:"0.21"`      // of the picture, 0…1
	TemplateQuality    int      `json:"templateQuality" validate:"required" format:"int32" example:"187"` // 0…255
	FaceOrder          int      `json:"faceOrder" validate:"required" format:"int32" example:"1"`         // 1 is the largest
} // @name FaceAttributes

// faceData is an enrolled face in answers. Places are pixels of the picture it was enrolled by.
type faceData struct {
	TrackletID           string   `json:"trackletId" validate:"required" format:"uuid" example:"18b0bea4-b937-4751-a328-bee6bf88d141"`
	Quality              int      `json:"quality" validate:"required" format:"int32" example:"6120"`                                // 0…10000
	TemplateQuality      *int     `json:"templateQuality" validate:"required" format:"int32" extensions:"x-nullable" example:"187"` // 0…255
	State                string   `json:"state" validate:"required" enums:"New,Extracting,Extracted,Error" example:"Extracted"`
	ImageDataID          *string  `json:"imageDataId" validate:"required" format:"uuid" extensions:"x-nullable" example:"b24530bd-cd48-48ab-ad8c-8f8a9678282e"` // for GET /api/v1/Images/{id}
	ProcessedAt          *string  `json:"processedAt" validate:"required" format:"date-time" extensions:"x-nullable" example:"2026-01-05T12:54:01.120001Z"`
	CropLeftTopX         float64  `json:"cropLeftTopX" validate:"required" format:"double" example:"211.8"`
	CropLeftTopY         float64  `json:"cropLeftTopY" validate:"required" format:"double" example:"151.6"`
	CropRightTopX        float64  `json:"cropRightTopX" validate:"required" format:"double" example:"336.1"`
	CropRightTopY        float64  `json:"cropRightTopY" validate:"required" format:"double" example:"151.6"`
	CropLeftBottomX      float64  `json:"cropLeftBottomX" validate:"required" format:"double" example:"211.8"`
	CropLeftBottomY      float64  `json:"cropLeftBottomY" validate:"required" format:"double" example:"275.9"`
	CropRightBottomX     float64  `json:"cropRightBottomX" validate:"required" format:"double" example:"336.1"`
	CropRightBottomY     float64  `json:"cropRightBottomY" validate:"required" format:"double" example:"275.9"`
	LeftEyeX             *float64 `json:"leftEyeX" validate:"required" format:"double" extensions:"x-nullable" example:"250.2"`
	LeftEyeY             *float64 `json:"leftEyeY" validate:"required" format:"double" extensions:"x-nullable" example:"196.4"`
	RightEyeX            *float64 `json:"rightEyeX" validate:"required" format:"double" extensions:"x-nullable" example:"298.8"`
	RightEyeY            *float64 `json:"rightEyeY" validate:"required" format:"double" extensions:"x-nullable" example:"197"`
	FrameID              string   `json:"frameId" validate:"required" format:"uuid" example:"64f96310-c601-4761-a13a-8f7335bbd0b0"`
	Type                 string   `json:"type" validate:"required" enums:"Regular,AutoLearn" example:"Regular"`
	Age                  *float64 `json:"age" validate:"required" format:"double" extensions:"x-nullable" example:"34"`       // years
	Gender               *float64 `json:"gender" validate:"required" format:"double" extensions:"x-nullable" example:"-8200"` // −10000 male … 10000 female
	FaceMaskConfidence   *float64 `json:"faceMaskConfidence" validate:"required" format:"double" extensions:"x-nullable" example:"-9100"`
	NoseTipConfidence    *float64 `json:"noseTipConfidence" validate:"required" format:"double" extensions:"x-nullable" example:"7400"`
	FaceMaskStatus       string   `json:"faceMaskStatus" validate:"required" enums:"Unknown,Mask,NoMask" example:"NoMask"`
	FaceArea             *float64 `json:"faceArea" validate:"required" format:"double" extensions:"x-nullable" example:"0.21"` // of the picture, 0…1
	Size                 float64  `json:"size" validate:"required" format:"double" example:"52.3"`                             // px: the larger of eye distance and eye-mouth distance
	FaceOrder            *int     `json:"faceOrder" validate:"required" format:"int32" extensions:"x-nullable" example:"1"`    // 1 is the largest
	FacesOnFrameCount    *int     `json:"facesOnFrameCount" validate:"required" format:"int32" extensions:"x-nullable" example:"1"`
	FaceAreaChange       float64  `json:"faceAreaChange" validate:"required" format:"double" example:"0"`
	YawAngle             *float64 `json:"yawAngle" validate:"required" format:"double" extensions:"x-nullable" example:"-3.1"`
	PitchAngle           *float64 `json:"pitchAngle" validate:"required" format:"double" extensions:"x-nullable" example:"2.4"`
	RollAngle            *float64 `json:"rollAngle" validate:"required" format:"double" extensions:"x-nullable" example:"0.7"`
	AutolearnClusterType *string  `json:"autolearnClusterType" validate:"required" extensions:"x-nullable"`
	Sharpness            *float64 `json:"sharpness" validate:"required" format:"double" extensions:"x-nullable" example:"3100"`
	Brightness           *float64 `json:"brightness" validate:"required" format:"double" extensions:"x-nullable" example:"-420"`
	TintedGlasses        *float64 `json:"tintedGlasses" validate:"required" format:"double" extensions:"x-nullable"`
	HeavyFrame           *float64 `json:"heavyFrame" validate:"required" format:"double" extensions:"x-nullable"`
	GlassStatus          *float64 `json:"glassStatus" validate:"required" format:"double" extensions:"x-nullable"`
	ID                   string   `json:"id" validate:"required" format:"uuid" example:"497f6eca-6276-4993-bfeb-53cbbbba6f08"`
	CreatedAt            string   `json:"createdAt" validate:"required" format:"date-time" example:"2026-01-05T12:54:01.120001Z"`
	UpdatedAt            *string  `json:"updatedAt" validate:"required" format:"date-time" extensions:"x-nullable"` // null until the first update
} // @name Face

// spoofCheckRequest is the body of SpoofCheck.
type spoofCheckRequest struct {
	Image                    *imageData           `json:"image" validate:"required"`
	FaceDetectorConfig       *probeDetectorConfig `json:"faceDetectorConfig"`
	FaceDetectorResourceID   *string              `json:"faceDetectorResourceId" enums:"cpu,gpu,any,accurate_cpu,accurate_gpu,accurate_any" default:"cpu" example:"cpu"`
	SpoofDetectorResourceIDs []string             `json:"spoofDetectorResourceIds" example:"liveness_distant_cpu_remote"` // liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote; absent: the distant one
	SpoofCheckConfig         *spoofCheckConfig    `json:"spoofCheckConfig"`
} // @name SpoofCheckRequest

// spoofCheckConfig is spoofConditions by the name that SpoofCheck has for it.
type spoofCheckConfig struct {
	DistantThreshold  *float64    `json:"distantLivenessScoreThreshold" format:"double" default:"90" example:"90"` // a score above it passes
	NearbyThreshold   *float64    `json:"nearbyLivenessScoreThreshold" format:"double" default:"90" example:"90"`
	DistantConditions *string     `json:"distantLivenessConditions" default:"default" extensions:"x-nullable" example:"default"`
	NearbyConditions  *string     `json:"nearbyLivenessConditions" default:"default" extensions:"x-nullable" example:"default"`
	KeepEvaluating    *httpx.Bool `json:"keepEvaluatingConditionsAfterFirstFail" swaggertype:"boolean" default:"false" example:"false"`
} // @name SpoofCheckConfig

// spoofCheckResponse is the answer of SpoofCheck. Blocks of checks that were not asked for are left out.
type spoofCheckResponse struct {
	Performed bool               `json:"performed" example:"true"`
	Passed    bool               `json:"passed" example:"true"`
	Distant   *faceLivenessCheck `json:"distantLivenessSpoofCheck,omitempty"`
	Nearby    *faceLivenessCheck `json:"nearbyLivenessSpoofCheck,omitempty"`
} // @name SpoofCheckResponse

// faceLivenessCheck is livenessCheck by the name that SpoofCheck has for it.
type faceLivenessCheck struct {
	Performed           bool         `json:"performed" example:"true"`
	Passed              bool         `json:"passed" example:"true"`
	Score               float64      `json:"score" format:"double" example:"97.2"` // 0…100; 0 unless performed
	NotPerformedReasons []failReason `json:"notPerformedReasons" extensions:"x-nullable"`
} // @name LivenessSpoofCheck

// verifyRequest is the body of Verify.
type verifyRequest struct {
	ProbeImage     *faceProbe `json:"probeImage" validate:"required"`
	ReferenceImage *faceProbe `json:"referenceImage" validate:"required"`
} // @name VerificationRequest

// faceProbe is one side of a verification: the largest face that counts is taken.
type faceProbe struct {
	Image                       *imageData           `json:"image" validate:"required"`
	FaceDetectorConfig          *probeDetectorConfig `json:"faceDetectorConfig"`
	FaceDetectorResourceID      *string              `json:"faceDetectorResourceId" enums:"cpu,gpu,any,accurate_cpu,accurate_gpu,accurate_any" default:"cpu" example:"cpu"`
	TemplateGeneratorResourceID *string              `json:"templateGeneratorResourceId" enums:"cpu,gpu,any" default:"cpu" example:"cpu"`
} // @name FaceProbe

// verifyResponse is the answer of Verify.
type verifyResponse struct {
	Confidence           float64        `json:"confidence" format:"double" example:"91.4"` // 0…100; 40 is one false match in 10,000
	ProbeFaceDetails     faceAttributes `json:"probeFaceDetails"`
	ReferenceFaceDetails faceAttributes `json:"referenceFaceDetails"`
} // @name VerificationResponse

// versionInfo is the answer of Version.
type versionInfo struct {
	DatabaseVersion             string `json:"databaseVersion" validate:"required" example:"1"`
	DatabaseVersionCreationTime string `json:"databaseVersionCreationTime" validate:"required" format:"date-time" example:"2026-01-05T12:53:47.726661Z"`
	DatabaseVersionUpdatedTime  string `json:"databaseVersionUpdatedTime" validate:"required" format:"date-time" example:"2026-01-05T12:53:47.726661Z"`
	AssemblyVersion             string `json:"assemblyVersion" validate:"required" example:"0.1.0"`
	AssemblyLastModifiedTime    string `json:"assemblyLastModifiedTime" validate:"required" format:"date-time" example:"2026-01-05T12:53:47.726661Z"`
	FullVersion                 string `json:"fullVersion" validate:"required" example:"0.1.0 (cpu)"`
} // @name VersionInfo

// pageHead is what every page of a listing says of itself.
type pageHead struct {
	TotalItemsCount *int    `json:"totalItemsCount" validate:"required" format:"int32" extensions:"x-nullable"` // null unless ShowTotalCount
	PageSize        int     `json:"pageSize" validate:"required" format:"int32" example:"100"`
	PageNumber      int     `json:"pageNumber" validate:"required" format:"int32" example:"1"`
	PreviousPage    *string `json:"previousPage" validate:"required" extensions:"x-nullable"` // null on the first page
	NextPage        *string `json:"nextPage" validate:"required" extensions:"x-nullable"`     // relative address; null on the last page
}

// watchlistPage is one page of watchlists.
type watchlistPage struct {
	pageHead
	Items []watchlist `json:"items" validate:"required"`
} // @name WatchlistPagedCollection

// memberPage is one page of watchlist members.
type memberPage struct {
	pageHead
	Items []member `json:"items" validate:"required"`
} // @name WatchlistMemberPagedCollection

// facePage is one page of faces.
type facePage struct {
	pageHead
	Items []faceData `json:"items" validate:"required"`
} // @name FacePagedCollection
