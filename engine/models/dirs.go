package models

import (
	"os"
	"path/filepath"
	"slices"
)

// Dirs returns the folders to look for model files in, first choice first:
// explicit (what the operator named; may be empty), models in workDir, models
// beside the folder of the executable (bin/../models), and shared/models beside
// workDir, beside the module workDir lies in, and beside the executable's
// project. A folder appears once; it need not exist.
func Dirs(explicit, workDir, executable string) []string {
	dirs := make([]string, 0, 6)
	add := func(dir string) {
		if dir = filepath.Clean(dir); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	if explicit != "" {
		add(explicit)
	}
	roots := []string{workDir}
	if executable != "" {
		roots = append(roots, filepath.Dir(filepath.Dir(executable)))
	}
	for _, root := range roots {
		add(filepath.Join(root, "models"))
	}
	if root, ok := moduleRoot(workDir); ok {
		roots = slices.Insert(roots, 1, root)
	}
	for _, root := range roots {
		add(filepath.Join(root, "..", "shared", "models"))
	}
	return dirs
}

// moduleRoot returns the nearest folder at or above dir that holds a go.mod.
func moduleRoot(dir string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// Locate returns the path of a file in the first of dirs that has it. It looks
// at names alone: the bytes are checked when they are read.
func Locate(file string, dirs []string) (path string, ok bool) {
	for _, dir := range dirs {
		path = filepath.Join(dir, file)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, true
		}
	}
	return "", false
}
