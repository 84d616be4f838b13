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
	Keep   bool      // store the picture too, beside the crop of the face

	// Fit resizes the picture before anything else; the zero value leaves it alone.
	Fit face.Fitting
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

// MemberChange changes a member. All of it happens, or nothing.
type MemberChange struct {
	// Change changes names, note, labels, external id, extra and end of a member; nil
	// changes nothing. It may be called several times.
	Change       func(*face.Member)
	WatchlistIDs *[]string // the watchlists to be on from now on; nil: as they are
}

// MatchQuery compares all faces of some pictures.
type MatchQuery struct {
	Pictures []MatchPicture
}

// MatchPicture is one picture of a MatchQuery, and which of its faces count.
type MatchPicture struct {
	Image   []byte
	Inspect face.InspectOptions
}

// Matched is the answer to a MatchQuery.
type Matched struct {
	Sides []MatchSide // one for each picture, in their order
	Pairs []MatchPair // every pair of faces, also of one picture, in order
}

// MatchSide is what was found in one picture.
type MatchSide struct {
	face.Inspection

	Err error // why the picture could not be looked at: Invalid, TooLarge or NoFace; nil if it could
}

// MatchPair is the comparison of two faces: the FirstFace-th of the First-th picture,
// from 0, with the SecondFace-th of the Second-th.
type MatchPair struct {
	First, FirstFace, Second, SecondFace int
	Score                                face.Score
}

// MembersQuery asks which members the faces of a picture are. MaxCandidates counts
// members.
type MembersQuery struct {
	IdentifyQuery

	Filter *MemberFilter // nil: all members
	Keep   bool          // IdentifyOrEnrol stores the picture too
	Fit    face.Fitting  // resizes the picture before anything else; the zero value leaves it alone
}

// MemberField is a field of members that a filter looks at.
type MemberField int

// The fields that a filter may look at.
const (
	MemberName MemberField = iota // face.Member.Name
	MemberExternalID
)

// MemberFilter lets members pass whose field has one of the values, or, if it is to
// exclude, all others.
type MemberFilter struct {
	Field   MemberField
	Values  []string
	Exclude bool
}

// IdentifiedMembers is one face of a probe picture and the members that it may be,
// the nearest first.
type IdentifiedMembers struct {
	face.Inspected

	Candidates []MemberCandidate
}

// MemberCandidate is a member that a face may be.
type MemberCandidate struct {
	Member     face.Member
	Watchlists []face.Watchlist // all that the member is on, the newest first
	Score      face.Score       // of the nearest face
	Faces      []FaceScore      // that score at least MinScore, the nearest first
}

// FaceScore is an enrolled face and how near it is to a probe.
type FaceScore struct {
	Face  face.Face
	Score face.Score
}
