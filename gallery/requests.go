package gallery

import (
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// EnrolRequest enrols one new member by one or more pictures, each of which
// must hold exactly one face that counts. All of it happens, or nothing.
type EnrolRequest struct {
	Member       face.Member  // ID empty: one is made. UID and times are ignored
	WatchlistIDs []string     // at least one, all existing; repeats count once
	Pictures     []EnrolImage // at least one
	Inspect      face.InspectOptions
}

// AddFaceRequest gives a member another face by a picture, which must hold
// exactly one face that counts.
type AddFaceRequest struct {
	MemberID string
	Picture  EnrolImage
	Inspect  face.InspectOptions
}

// EnrolImage is one picture of an enrolment.
type EnrolImage struct {
	FaceID uuid.UUID // preset id of the stored face; uuid.Nil: one is made
	Data   []byte    // the file as the client sent it
}

// Enrolment is what an EnrolRequest made.
type Enrolment struct {
	Member     face.Member
	Watchlists []face.Watchlist
	Faces      []face.Face
}

// IdentifyQuery asks who is in a picture.
type IdentifyQuery struct {
	Image         []byte
	WatchlistIDs  []string   // empty: all watchlists
	MinScore      face.Score // a candidate scores at least this
	MaxCandidates int        // per face, ≥ 1
	Exact         bool       // compare with every template, whatever it costs
	Inspect       face.InspectOptions
}

// Identified is one face of a probe picture and its candidates, nearest first.
type Identified struct {
	face.Inspected
	Candidates []face.Candidate // one per (member, watchlist)
}

// VerifyQuery compares the largest face of one picture with that of another.
type VerifyQuery struct {
	Probe, Reference VerifySide
}

// VerifySide is one picture of a VerifyQuery.
type VerifySide struct {
	Image   []byte
	Inspect face.InspectOptions
}

// Verification is the answer to a VerifyQuery.
type Verification struct {
	Score            face.Score
	Probe, Reference face.Inspected
}

// LivenessQuery asks whether the largest face of a picture is a living person's.
type LivenessQuery struct {
	Image   []byte
	Inspect face.InspectOptions // Liveness says which checks to make
}

// ImageSize asks for a stored picture in another size. MinEdge resizes so that
// the shorter edge has that many pixels, MaxEdge so that the longer one has; with
// both, MinEdge comes first and MaxEdge caps it. Zero leaves the size alone.
type ImageSize struct {
	MinEdge, MaxEdge int
}
