package engine

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/facekeep/facekeep/face"
)

//go:embed calibration/*.json
var calibrationFiles embed.FS

// Calibrations returns the curves that the project ships, one for each label.
func Calibrations() (face.Calibrations, error) {
	return readCalibrations(calibrationFiles, "calibration/*.json")
}

func readCalibrations(files fs.FS, pattern string) (face.Calibrations, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("list calibrations: %w", err)
	}
	all := make(face.Calibrations, len(names))
	for _, name := range names {
		c, err := readCalibration(files, name)
		if err != nil {
			return nil, fmt.Errorf("calibration %s: %w", name, err)
		}
		if _, twice := all[c.Label]; twice {
			return nil, fmt.Errorf("calibration %s: there is another one for %s", name, c.Label)
		}
		all[c.Label] = c
	}
	return all, nil
}

func readCalibration(files fs.FS, name string) (*face.Calibration, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	c := new(face.Calibration)
	if err := json.Unmarshal(data, c); err != nil {
		return nil, err
	}
	return c, c.Check()
}
