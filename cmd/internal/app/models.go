package app

import (
	"fmt"
	"os"

	"github.com/facekeep/facekeep/engine/models"
)

// ModelDirs returns the folders that model files are looked for in, the first
// choice first.
func ModelDirs(explicit string) ([]string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working folder: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		exe = "" // then the folders beside it are left out
	}
	return models.Dirs(explicit, wd, exe), nil
}
