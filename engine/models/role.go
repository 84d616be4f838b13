package models

// Pack is the name of a set of models that work together.
type Pack string

// The packs. Templates of different packs are never compared.
const (
	Automatic Pack = ""         // standard where it is complete, else registry
	Standard  Pack = "standard" // the better models
	Registry  Pack = "registry" // models that package registries alone can bring
)

// Role is what a model does for the engine.
type Role string

// The roles. A pack has at most one model for each.
const (
	Detector            Role = "detector"
	DetectorLight       Role = "detector_light"
	DetectorAccurate    Role = "detector_accurate"
	Extractor           Role = "extractor"
	Age                 Role = "age"
	Gender              Role = "gender"
	Liveness            Role = "liveness"
	LivenessPrintReplay Role = "liveness_print_replay"
	HeadPose1           Role = "head_pose_1" // averaged with HeadPose2
	HeadPose2           Role = "head_pose_2"
	Mask                Role = "mask"
	Landmarks68         Role = "landmarks68"
	EyeState            Role = "eye_state"
)

// roles returns every role there is.
func roles() []Role {
	return []Role{
		Detector, DetectorLight, DetectorAccurate, Extractor, Age, Gender, Liveness,
		LivenessPrintReplay, HeadPose1, HeadPose2, Mask, Landmarks68, EyeState,
	}
}
