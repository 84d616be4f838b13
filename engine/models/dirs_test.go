package models_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/models"
)

func TestDirs(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	project := filepath.Join(root, "project")
	deep := filepath.Join(project, "engine", "onnx")
	mkdir(t, deep)
	write(t, filepath.Join(project, "go.mod"), "module x\n")
	tests := []struct {
		name                          string
		explicit, workDir, executable string
		want                          []string
	}{
		{
			"in the project", "", project, filepath.Join(project, "bin", "facekeep"),
			[]string{filepath.Join(project, "models"), filepath.Join(root, "shared", "models")},
		},
		{
			"the operator's folder comes first", "/srv/models", project, "",
			[]string{"/srv/models", filepath.Join(project, "models"), filepath.Join(root, "shared", "models")},
		},
		{
			"a test of a package below", "", deep, "",
			[]string{
				filepath.Join(deep, "models"),
				filepath.Join(project, "engine", "shared", "models"),
				filepath.Join(root, "shared", "models"),
			},
		},
		{
			"installed elsewhere", "", "/home/one", "/opt/facekeep/bin/facekeep",
			[]string{"/home/one/models", "/opt/facekeep/models", "/home/shared/models", "/opt/shared/models"},
		},
		{
			"the operator's folder is a usual one", filepath.Join(project, "models") + "/", project, "",
			[]string{filepath.Join(project, "models"), filepath.Join(root, "shared", "models")},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := models.Dirs(tt.explicit, tt.workDir, tt.executable)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Dirs() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	mkdir(t, filepath.Join(first, "b.onnx")) // a folder is no model
	write(t, filepath.Join(first, "a.onnx"), "1")
	write(t, filepath.Join(second, "a.onnx"), "2")
	write(t, filepath.Join(second, "b.onnx"), "2")
	dirs := []string{filepath.Join(first, "absent"), first, second}
	tests := []struct {
		file, want string
		ok         bool
	}{
		{"a.onnx", filepath.Join(first, "a.onnx"), true},
		{"b.onnx", filepath.Join(second, "b.onnx"), true},
		{"c.onnx", "", false},
	}
	for _, tt := range tests {
		if got, ok := models.Locate(tt.file, dirs); got != tt.want || ok != tt.ok {
			t.Errorf("Locate(%q) = %q, %v, want %q, %v", tt.file, got, ok, tt.want, tt.ok)
		}
	}
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
