package smartface

import (
	"math"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// Defaults of the contract.
const (
	defaultMinFaceSize = 35
	defaultMaxFaceSize = 600
	defaultMaxFaces    = 20
	defaultConfidence  = 450

	maxConfidence = 10000

	// anyConfidence stands for a confidenceThreshold of 0, which means that
	// everything counts. face.InspectOptions has another use for 0.
	anyConfidence = 1e-9
)

// inspection is what a request says of the faces that count. Its field is the
// JSON path of the object that it came in.
type inspection struct {
	field                                string
	minSize, maxSize, maxFaces, accepted *httpx.Int
	detectorID, extractorID              *string
}

// setConfig takes over a faceDetectorConfig, if there is one.
func (i *inspection) setConfig(c *detectorConfig) {
	if c != nil {
		i.minSize, i.maxSize, i.maxFaces, i.accepted = c.MinFaceSize, c.MaxFaceSize, c.MaxFaces, c.ConfidenceThreshold
	}
}

// setProbeConfig is setConfig where the largest face is taken.
func (i *inspection) setProbeConfig(c *probeDetectorConfig) {
	if c != nil {
		i.minSize, i.maxSize, i.accepted = c.MinFaceSize, c.MaxFaceSize, c.ConfidenceThreshold
	}
}

// options checks and converts. They ask for a template and every measurement that
// the contract tells of a face: who tells less takes some back.
func (i *inspection) options(r resources) (face.InspectOptions, error) {
	o, err := i.bounds()
	if err != nil {
		return o, err
	}
	if o.Detector, err = r.detector(i.field+"faceDetectorResourceId", i.detectorID); err != nil {
		return o, err
	}
	o.Templates = true
	measureAll(&o)
	return o, r.extractor(i.field+"templateGeneratorResourceId", i.extractorID)
}

// storing is options for a face that is to be stored.
func (i *inspection) storing(r resources) (face.InspectOptions, error) {
	o, err := i.options(r)
	o.Crops = true
	return o, err
}

func (i *inspection) bounds() (o face.InspectOptions, err error) {
	config := i.field + "faceDetectorConfig."
	least, err := integer(config+"minFaceSize", i.minSize, defaultMinFaceSize, 0, math.MaxInt32)
	if err != nil {
		return o, err
	}
	most, err := integer(config+"maxFaceSize", i.maxSize, max(defaultMaxFaceSize, least), 1, math.MaxInt32)
	if err != nil {
		return o, err
	}
	if least > most {
		return o, face.FieldErrorf(config+"minFaceSize", "minFaceSize (%d) must not be above maxFaceSize (%d)", least, most)
	}
	if o.MaxFaces, err = integer(config+"maxFaces", i.maxFaces, defaultMaxFaces, 1, math.MaxInt32); err != nil {
		return o, err
	}
	confidence, err := integer(config+"confidenceThreshold", i.accepted, defaultConfidence, 0, maxConfidence)
	o.MinFaceSize, o.MaxFaceSize = float64(least), float64(most)
	o.Confidence = max(float64(confidence)/maxConfidence, anyConfidence)
	return o, err
}
