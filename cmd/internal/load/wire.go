package load

// The requests that are sent, in the words of SmartFace's API and, the first of them
// alone, of the service that Facekeep is compared with.

type search struct {
	Image        picture   `json:"image"`
	WatchlistIDs []string  `json:"watchlistIds,omitempty"`
	Detector     *detector `json:"faceDetectorConfig,omitempty"`
	Features     *features `json:"faceFeaturesConfig,omitempty"`
}

type picture struct {
	Data []byte `json:"data"` // base64 on the wire
}

type detector struct {
	MaxFaces int `json:"maxFaces"`
}

// features switches everything off that can be.
type features struct {
	Age           bool `json:"age"`
	Gender        bool `json:"gender"`
	FaceMask      bool `json:"faceMask"`
	NoseTip       bool `json:"noseTip"`
	YawAngle      bool `json:"yawAngle"`
	PitchAngle    bool `json:"pitchAngle"`
	RollAngle     bool `json:"rollAngle"`
	Sharpness     bool `json:"sharpness"`
	Brightness    bool `json:"brightness"`
	TintedGlasses bool `json:"tintedGlasses"`
	HeavyFrame    bool `json:"heavyFrame"`
	GlassStatus   bool `json:"glassStatus"`
}

type verification struct {
	Probe     probe `json:"probeImage"`
	Reference probe `json:"referenceImage"`
}

type probe struct {
	Image picture `json:"image"`
}

type registration struct {
	Images       []picture `json:"images"`
	WatchlistIDs []string  `json:"watchlistIds"`
	Detector     *detector `json:"faceDetectorConfig"`
}

type watchlist struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	FullName    string `json:"fullName"`
}
