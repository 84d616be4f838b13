package smartface

import (
	"strings"

	"github.com/facekeep/facekeep/face"
)

// resources tells which of the contract's resource ids there is a worker for.
// An id that is no word of the contract is Invalid. One that is, but which
// nothing here answers to, is a Timeout: that is what a client of the original
// gets, where the request waits for a worker that never comes.
type resources struct {
	gpu bool
}

const (
	resourceCPU = "cpu"
	resourceGPU = "gpu"
	resourceAny = "any"

	accuratePrefix = "accurate_"
)

// detector returns the detector of a faceDetectorResourceId. All ids run on
// what there is: "cpu" on a machine whose models run on a GPU is answered, too.
func (r resources) detector(field string, id *string) (face.Detector, error) {
	name := orDefault(id, resourceCPU)
	place, accurate := strings.CutPrefix(name, accuratePrefix)
	if err := r.place(field, name, place, "cpu, gpu, any, accurate_cpu, accurate_gpu or accurate_any"); err != nil {
		return 0, err
	}
	if accurate {
		return face.Accurate, nil
	}
	return face.Balanced, nil
}

// extractor checks a templateGeneratorResourceId.
func (r resources) extractor(field string, id *string) error {
	name := orDefault(id, resourceCPU)
	return r.place(field, name, name, "cpu, gpu or any")
}

func (r resources) place(field, name, place, known string) error {
	switch place {
	case resourceCPU, resourceAny:
		return nil
	case resourceGPU:
		if r.gpu {
			return nil
		}
		return &face.Error{Kind: face.Timeout, Field: field,
			Msg: field + ": no worker answers to '" + name + "', for this server has no GPU"}
	}
	return face.FieldErrorf(field, "%s must be one of %s", field, known)
}

const noSpoofDetector = "none"

// spoofDetectors checks spoofDetectorResourceIds. There is no liveness model
// yet, so that "none" is all that is answered.
func spoofDetectors(field string, ids []string) error {
	for _, id := range ids {
		switch id {
		case noSpoofDetector:
		case "liveness_distant_any_remote", "liveness_distant_cpu_remote", "liveness_distant_gpu_remote",
			"liveness_nearby_any_remote", "liveness_nearby_cpu_remote", "liveness_nearby_gpu_remote":
			return &face.Error{Kind: face.Timeout, Field: field,
				Msg: field + ": no worker answers to '" + id + "', for this version has no passive liveness"}
		default:
			return face.FieldErrorf(field, "%s must hold none, or "+
				"liveness_distant_ or liveness_nearby_ with any_remote, cpu_remote or gpu_remote", field)
		}
	}
	return nil
}
