package models_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/engine/models"
)

// content is the bytes of a small model of these tests, made from its name.
func content(file string) string { return strings.Repeat(file+"\n", 200) }

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

func model(file string, packs map[models.Pack]models.Role, source models.Source) models.Model {
	return models.Model{
		File: file, Packs: packs, Family: "test", Input: "in", Output: "out", Licence: "CC0-1.0",
		Source: source, SHA256: sum(content(file)), Size: int64(len(content(file))),
	}
}

func hub(path string) models.Source {
	return models.Source{Kind: models.GitHub, Repo: "owner/repo", Commit: strings.Repeat("a", 40), Path: path}
}

func npm(member string) models.Source {
	return models.Source{Kind: models.NPM, Package: "some-package", Version: "0.0.1", Member: member}
}

func pypi(member string) models.Source {
	return models.Source{Kind: models.PyPI, Package: "some_models", Version: "2.0.0", Member: member}
}

func in(pack models.Pack, role models.Role) map[models.Pack]models.Role {
	return map[models.Pack]models.Role{pack: role}
}

// manifest is like the real one, in small: two required roles, every kind of
// source, and a file that both packs share.
func manifest() *models.Manifest {
	both := map[models.Pack]models.Role{models.Standard: models.Age, models.Registry: models.Age}
	made := hub("mask.tflite")
	return &models.Manifest{
		Required: []models.Role{models.Detector, models.Age},
		Models: []models.Model{
			model("light.onnx", in(models.Standard, models.DetectorLight), hub("light.onnx")),
			model("detector.onnx", in(models.Standard, models.Detector), hub("onnx/the detector.onnx")),
			model("age.onnx", both, pypi("pkg/models/age.onnx")),
			model("registry.onnx", in(models.Registry, models.Detector), npm("package/model/registry.onnx")),
			model("eye.onnx", in(models.Registry, models.EyeState), npm("package/model/eye.onnx")),
			model("mask.onnx", in(models.Standard, models.Mask), models.Source{Kind: models.Converted, From: &made, Command: "convert it"}),
		},
	}
}

// folder makes a folder that holds the named models of the tests.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range files {
		write(t, filepath.Join(dir, file), content(file))
	}
	return dir
}

// wantFiles holds a folder to exactly the named models, with their right bytes.
func wantFiles(t *testing.T, dir string, files ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if len(entries) != len(files) {
		t.Errorf("got %v in the folder, want %v", entries, files)
	}
	for _, file := range files {
		got, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Error(err)
			continue
		}
		if string(got) != content(file) {
			t.Errorf("%s: got %d bytes that are not the model, want the model", file, len(got))
		}
	}
}
