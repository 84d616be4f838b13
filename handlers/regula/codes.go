package regula

// resultCode is what the engine made of a picture, in answers of status 200.
type resultCode int // @name FaceSDKResultCode

// The contract's codes that this server gives.
const (
	codeOK                  resultCode = 0
	codeImageEmpty          resultCode = 1
	codeNoFace              resultCode = 2
	codeImageDecode         resultCode = 6
	codeInternal            resultCode = 7
	codeLessThanTwoImages   resultCode = 224
	codeFacesNotMatched     resultCode = 237
	codeTooManyImages       resultCode = 238
	codeLivenessAborted     resultCode = 252
	codePassiveLivenessFail resultCode = 254
)
