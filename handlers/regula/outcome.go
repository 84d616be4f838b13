package regula

import (
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// errEmpty says that a picture was left out.
var errEmpty = face.Errorf(face.Invalid, "the picture is empty")

// outcome returns the code for what the engine made of a picture in which it found
// faces. Not every error is one of the engine: what came of the state of the server,
// or of a client that went away, failed, and is answered as such.
func outcome(err error, faces int) (code resultCode, failed bool) {
	if err == nil {
		if faces == 0 {
			return codeNoFace, false
		}
		return codeOK, false
	}
	if err == errEmpty { //nolint:errorlint // made here, and never wrapped
		return codeImageEmpty, false
	}
	switch httpx.KindOf(err) { //nolint:exhaustive // the others failed
	case face.Invalid, face.TooLarge:
		return codeImageDecode, false
	case face.NoFace:
		return codeNoFace, false
	case face.Internal:
		return codeInternal, false
	}
	return codeInternal, true
}

// messageOf says in words what a code means, and of an error what it tells.
func messageOf(code resultCode, err error) string {
	if err != nil {
		return httpx.MessageOf(err)
	}
	switch code { //nolint:exhaustive // of those that come without an error
	case codeNoFace:
		return "no face was found in the picture"
	case codeLessThanTwoImages:
		return "at least two pictures are needed, or one with detectAll"
	case codeFacesNotMatched:
		return "there are no two faces to compare"
	case codeTooManyImages:
		return "there are more pictures than are compared at a time"
	}
	return ""
}
