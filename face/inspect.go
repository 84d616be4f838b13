package face

// Detector chooses between detectors of an engine.
type Detector int

// The detectors that an engine may have.
const (
	Balanced Detector = iota // low latency
	Accurate                 // finds more, costs more
)

// InspectOptions say which faces of a picture count, and what to find out
// about each. The zero value counts every face and only locates it.
//
// The most central face is the one whose box holds the middle of the picture, else
// the one whose box is nearest to it; of several, the largest.
type InspectOptions struct {
	MinFaceSize float64 // px, on the scale of Landmarks.Size; 0 is no lower limit
	MaxFaceSize float64 // px, likewise; 0 is no upper limit
	Confidence  float64 // least detector confidence, 0…1; 0 is the detector's own default
	MaxFaces    int     // keep the largest so many; 0 keeps all that the engine's own limit allows
	Central     bool    // of those of a size, keep only the most central face, as said above
	Detector    Detector

	Templates bool      // extract templates
	Crops     bool      // cut the JPEG that an enrolment stores
	Portrait  *Portrait // nil: none is cut

	// Which of Attributes to measure. What is not asked for costs nothing.
	Age        bool
	Gender     bool
	Mask       bool
	NoseTip    bool
	Pose       bool // yaw, pitch and roll
	Sharpness  bool
	Brightness bool
	Contrast   bool
	Levels     bool
	Eyes       bool
	Mouth      bool // MouthOpen
	Head       bool // HeadWidth and HeadHeight
	Noise      bool
	Lighting   bool // DynamicRange, Glare and UnevenLight
	SkinTone   bool
	Background bool

	Liveness []LivenessCheck // of every face that counts
}

// Inspection is what a picture holds.
type Inspection struct {
	Width, Height int  // px, as a person sees it
	Grey          bool // stored without colour
	Found         int  // faces of the size that was asked for; Faces has no more than are kept
	Faces         []Inspected
}

// Inspected is one face of a picture, in order of size, the largest first.
type Inspected struct {
	Finding
	Margin    float64    // least room between box and edge of the picture ÷ longer side of the box; below 0 where the edge cuts it
	Template  *Template  // nil unless asked for
	CropImage *Image     // nil unless asked for; without ID and time
	Portrait  *Image     // likewise
	Liveness  []Liveness // one for each check that was asked for, in their order

	PortraitQuad Quad    // outline of Portrait in the picture; zero without one
	PortraitPad  float64 // part of Portrait that is outside of the picture, 0…1
}

// Fitting asks for a picture in another size. With one of width and height zero the
// picture keeps its aspect; with both zero, its size.
type Fitting struct {
	Width, Height int // px
	Quality       int // of the JPEG, 1…100; 0: the engine's own
}
