package smartface

import (
	"slices"
	"strings"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// resources tells which of the contract's resource ids there is a worker for.
// An id that is no word of the contract is Invalid. One that is, but which
// nothing here answers to, is a Timeout: that is what a client of the original
// gets, where the request waits for a worker that never comes.
type resources struct {
	gpu         bool
	hasLiveness bool // a model for passive liveness
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
	name := httpx.OrDefault(id, resourceCPU)
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
	name := httpx.OrDefault(id, resourceCPU)
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

// noSpoofDetector asks for no liveness check.
const noSpoofDetector = "none"

// livenessOfEach reads the ids of checks of every face: none is none, and no id at
// all is as well.
func (r resources) livenessOfEach(field string, ids []string) ([]face.LivenessKind, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == noSpoofDetector })
	return r.liveness(field, ids, "none, or ")
}

// livenessOfOne reads the ids of checks of one face, where null is the distant one.
func (r resources) livenessOfOne(field string, ids []string) ([]face.LivenessKind, error) {
	if ids == nil {
		ids = []string{"liveness_distant_cpu_remote"}
	}
	if len(ids) == 0 {
		return nil, face.FieldErrorf(field, "%s must hold at least one id", field)
	}
	return r.liveness(field, ids, "")
}

// liveness returns the kinds of checks that ids ask for, each once, in their order.
func (r resources) liveness(field string, ids []string, besides string) ([]face.LivenessKind, error) {
	var asked [2]bool
	for _, id := range ids {
		kind, place, ok := livenessID(id)
		if !ok {
			return nil, face.FieldErrorf(field, "%s must hold %sliveness_distant_ or liveness_nearby_ "+
				"with any_remote, cpu_remote or gpu_remote", field, besides)
		}
		if err := r.place(field, id, place, ""); err != nil {
			return nil, err
		}
		if !r.hasLiveness {
			return nil, &face.Error{Kind: face.Timeout, Field: field,
				Msg: field + ": no worker answers to '" + id + "', for this server has no liveness model"}
		}
		asked[kind] = true
	}
	var kinds []face.LivenessKind
	for kind, yes := range asked {
		if yes {
			kinds = append(kinds, face.LivenessKind(kind))
		}
	}
	return kinds, nil
}

// livenessID takes an id like liveness_distant_cpu_remote apart.
func livenessID(id string) (kind face.LivenessKind, place string, ok bool) {
	words := strings.Split(id, "_")
	if len(words) != 4 || words[0] != "liveness" || words[3] != "remote" {
		return 0, "", false
	}
	i := slices.Index(livenessKinds, words[1])
	known := words[2] == resourceCPU || words[2] == resourceGPU || words[2] == resourceAny
	return face.LivenessKind(i), words[2], i >= 0 && known
}
