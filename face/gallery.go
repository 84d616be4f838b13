package face

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Limits on what a gallery accepts, counted in characters (Unicode code points).
const (
	MaxNameLength       = 200 // display and full names of watchlists and members
	MaxIDLength         = 256 // ids that clients choose
	MaxNoteLength       = 4096
	MaxLabelKeyLength   = 128
	MaxLabelValueLength = 256

	MaxMetadata = 64 << 10 // bytes of JSON
)

// Watchlist is a list of members that probes are searched in. Clients know it
// by ID, a string of their choice; UID is ours, time-ordered (UUID version 7),
// and never changes.
type Watchlist struct {
	UID          uuid.UUID
	ID           string
	DisplayName  string
	FullName     string
	Threshold    int             // score that a match of this list should exceed, 0…100
	PreviewColor string          // "#rgb" or "#rrggbb"
	Metadata     json.RawMessage // what a client attached, a JSON object; nil: nothing
	CreatedAt    time.Time
	UpdatedAt    time.Time // zero until the first update
}

// Member is an enrolled person. It may be linked to any number of watchlists,
// and is found through those alone. Names and note are nil where the client
// gave none, because the dialects tell null from "".
type Member struct {
	UID         uuid.UUID
	ID          string
	DisplayName *string
	FullName    *string
	Note        *string
	Labels      []Label         // in the client's order; keys may repeat
	ExternalID  *string         // what another system calls the person; need not be unique
	Extra       json.RawMessage // what of a client's metadata no label can hold, a JSON object; see Metadata
	CreatedAt   time.Time
	UpdatedAt   time.Time // zero until the first update
	ExpiresAt   time.Time // from then on the member is as good as deleted; zero: never
}

// Label is one key and value that a client attached to a member.
type Label struct {
	Key   string
	Value string
}

// Face is one enrolled face of a member: what the engine found, and where its
// picture and templates are kept.
type Face struct {
	Finding

	ID           uuid.UUID
	MemberUID    uuid.UUID
	TrackletID   uuid.UUID // one per member
	FrameID      uuid.UUID // one per source picture
	ImageID      uuid.UUID // the stored crop
	PictureID    uuid.UUID // the stored picture that the face was enrolled by; uuid.Nil: it was not kept
	PictureType  string    // media type of that picture
	Order        int       // 1 for the largest face of its picture
	FacesOnFrame int       // faces that counted in its picture, ≥ 1
	CreatedAt    time.Time
	UpdatedAt    time.Time // zero until the first update
}

// Image is a stored picture: the crop of one enrolled face, or the picture that it
// was enrolled by.
type Image struct {
	ID        uuid.UUID
	MediaType string // "image/jpeg"; of a picture also "image/png" or "image/webp"
	Width     int    // px
	Height    int    // px
	Data      []byte
	CreatedAt time.Time
}

// TemplateLabel names how a template was made: detector, alignment, extractor
// and version, as in "yunet-n+arcface112+mobilefacenet@1". Templates of
// different labels are never compared.
type TemplateLabel string

// Template is what one face is compared by.
type Template struct {
	Label   TemplateLabel
	Vector  []float32 // unit length
	Quality int       // 0…255
}

// Enrolled is a face together with what its enrolment stores beside it.
type Enrolled struct {
	Face      Face
	Image     Image
	Picture   *Image // nil: it is not kept
	Templates []Template
}

// PageQuery asks for one page of a listing ordered by creation time, then id.
type PageQuery struct {
	Number    int  // from 1
	Size      int  // from 1
	Ascending bool // oldest first; default is newest first
	Total     bool // count the whole listing as well
}

// Pages returns how many pages of a size a listing of so many items has.
func Pages(total, size int) int { return (total + size - 1) / size }

// Page is one page of a listing.
type Page[T any] struct {
	Items []T
	More  bool // there is a page after this one
	Total int  // length of the whole listing, or -1 if it was not asked for
}
