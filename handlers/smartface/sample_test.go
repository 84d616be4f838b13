package smartface_test

import (
	"time"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/smartface"
)

var (
	sampleMade    = time.Date(2026, 1, 5, 12, 53, 47, 726661000, time.UTC)
	sampleEnroled = time.Date(2026, 1, 5, 14, 54, 1, 120001999, time.FixedZone("CET", 2*60*60)) // its nanoseconds are cut
)

// The sample* values are what the answers of testdata tell of.

func sampleWatchlist() face.Watchlist {
	return face.Watchlist{
		UID: uuid.MustParse("019b8d2f-3b1e-7000-8000-000000000001"), ID: "employees",
		DisplayName: "Employees", FullName: "Employees", Threshold: 40, PreviewColor: "#4adf62", CreatedAt: sampleMade,
	}
}

func sampleMember() face.Member {
	return face.Member{
		UID: uuid.MustParse("019b8d2f-3b1e-7000-8000-000000000002"), ID: "juraj-custom-id",
		DisplayName: new("Juraj"), FullName: new("Juraj K."), Note: new(""),
		Labels: []face.Label{{Key: "room", Value: "12"}}, CreatedAt: sampleEnroled,
	}
}

// sampleFinding has every attribute that the samples have; the glasses have
// none there.
func sampleFinding() face.Finding {
	return face.Finding{
		Box: face.Box{X: 220, Y: 160, W: 110, H: 110},
		Landmarks: face.Landmarks{
			LeftEye: face.Point{X: 250.2, Y: 196.4}, RightEye: face.Point{X: 298.8, Y: 197},
			Nose: face.Point{X: 274, Y: 220}, LeftMouth: face.Point{X: 256, Y: 245}, RightMouth: face.Point{X: 292, Y: 245},
		},
		Crop: face.Quad{
			LeftTop: face.Point{X: 211.8, Y: 151.6}, RightTop: face.Point{X: 336.1, Y: 151.6},
			LeftBottom: face.Point{X: 211.8, Y: 275.9}, RightBottom: face.Point{X: 336.1, Y: 275.9},
		},
		Confidence: 0.9, Size: 52.3, Area: 0.21, Quality: 6120, TemplateQuality: 187,
		Attributes: face.Attributes{
			Age: new(34.), Gender: new(-8200.), MaskConfidence: new(-9100.), NoseTipConfidence: new(7400.),
			Yaw: new(-3.1), Pitch: new(2.4), Roll: new(0.7), Sharpness: new(3100.), Brightness: new(-420.),
		},
	}
}

func sampleFace() face.Face {
	return face.Face{
		Finding:    sampleFinding(),
		ID:         uuid.MustParse("497f6eca-6276-4993-bfeb-53cbbbba6f08"),
		TrackletID: uuid.MustParse("18b0bea4-b937-4751-a328-bee6bf88d141"),
		FrameID:    uuid.MustParse("64f96310-c601-4761-a13a-8f7335bbd0b0"),
		ImageID:    uuid.MustParse("b24530bd-cd48-48ab-ad8c-8f8a9678282e"),
		Order:      1, FacesOnFrame: 1, CreatedAt: sampleEnroled,
	}
}

func sampleCandidate(score face.Score) face.Candidate {
	return face.Candidate{Watchlist: sampleWatchlist(), Member: sampleMember(), FaceID: sampleFace().ID, Score: score}
}

func sampleIdentified() gallery.Identified {
	return gallery.Identified{
		Inspected:  face.Inspected{Finding: sampleFinding()},
		Candidates: []face.Candidate{sampleCandidate(86.7)},
	}
}

// newSampleGallery answers every question with the samples.
func newSampleGallery() *fakeGallery {
	return &fakeGallery{
		watchlist: sampleWatchlist(), watchlists: face.Page[face.Watchlist]{Items: []face.Watchlist{sampleWatchlist()}, Total: -1},
		member: sampleMember(), members: face.Page[face.Member]{Items: []face.Member{sampleMember()}, Total: -1},
		face:  sampleFace(),
		faces: face.Page[face.Face]{Items: []face.Face{sampleFace()}, Total: -1},
		enrolment: gallery.Enrolment{
			Member: sampleMember(), Watchlists: []face.Watchlist{sampleWatchlist()}, Faces: []face.Face{sampleFace()},
		},
		identified: []gallery.Identified{sampleIdentified()},
		verified: gallery.Verification{
			Score: 91.4, Probe: face.Inspected{Finding: sampleFinding()}, Reference: face.Inspected{Finding: sampleFinding()},
		},
		image: face.Image{MediaType: "image/jpeg", Width: 1, Height: 1, Data: []byte("\xff\xd8 a crop")},
	}
}

func sampleVersion() smartface.Version {
	return smartface.Version{
		Version: "0.1.0", BuiltAt: sampleMade, Full: "0.1.0 (cpu)",
		Database: "1", DatabaseCreatedAt: sampleMade, DatabaseUpdatedAt: sampleEnroled,
	}
}
