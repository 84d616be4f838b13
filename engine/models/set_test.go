package models_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

func TestManifest_Resolve(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		pack  models.Pack
		files []string
		want  models.Pack
		roles []models.Role
	}{
		{
			"automatic, all there", models.Automatic,
			[]string{"detector.onnx", "age.onnx", "registry.onnx", "light.onnx"},
			models.Standard, []models.Role{models.Age, models.Detector, models.DetectorLight},
		},
		{
			"automatic, standard lacks a required file", models.Automatic,
			[]string{"age.onnx", "registry.onnx", "light.onnx"},
			models.Registry, []models.Role{models.Age, models.Detector},
		},
		{
			"registry wanted though standard is there", models.Registry,
			[]string{"detector.onnx", "age.onnx", "registry.onnx"},
			models.Registry, []models.Role{models.Age, models.Detector},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			// One file lies in another folder than the rest.
			set, err := manifest().Resolve(tt.pack, []string{folder(t, tt.files[0]), folder(t, tt.files[1:]...)})
			if err != nil {
				t.Fatalf("Resolve(%q) error = %v", tt.pack, err)
			}
			if set.Pack() != tt.want {
				t.Errorf("Pack() = %q, want %q", set.Pack(), tt.want)
			}
			if diff := cmp.Diff(tt.roles, set.Roles()); diff != "" {
				t.Errorf("Roles() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestManifest_Resolve_missing(t *testing.T) {
	t.Parallel()
	dir := folder(t, "light.onnx", "age.onnx")
	tests := []struct {
		pack models.Pack
		want string
	}{
		{
			models.Automatic,
			"model files are missing: standard pack: detector.onnx (detector); registry pack: registry.onnx (detector); " +
				"looked in " + dir + `, /nowhere; run "facekeep models pull"`,
		},
		{
			models.Standard,
			"model files are missing: standard pack: detector.onnx (detector); " +
				"looked in " + dir + `, /nowhere; run "facekeep models pull"`,
		},
	}
	for _, tt := range tests {
		_, err := manifest().Resolve(tt.pack, []string{dir, "/nowhere"})
		if err == nil || err.Error() != tt.want {
			t.Errorf("Resolve(%q) error = %v, want %s", tt.pack, err, tt.want)
		}
		if face.KindOf(err) != face.Unavailable {
			t.Errorf("Resolve(%q) kind = %v, want %v", tt.pack, face.KindOf(err), face.Unavailable)
		}
		if got := face.MessageOf(err); strings.Contains(got, dir) {
			t.Errorf("MessageOf() = %q, want no path of this machine in it", got)
		}
	}
}

func TestManifest_Resolve_unknownPack(t *testing.T) {
	t.Parallel()
	if _, err := manifest().Resolve("deluxe", nil); face.KindOf(err) != face.Invalid {
		t.Errorf("Resolve() error = %v, want kind %v", err, face.Invalid)
	}
}

func TestSet_Read(t *testing.T) {
	t.Parallel()
	dir := folder(t, "detector.onnx", "age.onnx")
	set, err := manifest().Resolve(models.Standard, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	got, err := set.Read(models.Detector)
	if err != nil || string(got) != content("detector.onnx") {
		t.Errorf("Read() = %d bytes, %v, want the %d of the file", len(got), err, len(content("detector.onnx")))
	}
	if path := set.Path(models.Detector); path != filepath.Join(dir, "detector.onnx") {
		t.Errorf("Path() = %q, want the file in %s", path, dir)
	}
	if model, ok := set.Model(models.Detector); !ok || model.File != "detector.onnx" {
		t.Errorf("Model() = %q, %v, want detector.onnx, true", model.File, ok)
	}
	if set.Has(models.Mask) {
		t.Error("Has(mask) = true, want false")
	}
	if _, err := set.Read(models.Mask); face.KindOf(err) != face.NotFound {
		t.Errorf("Read(mask) error = %v, want kind %v", err, face.NotFound)
	}
}

func TestSet_Read_refusesAnotherFile(t *testing.T) {
	t.Parallel()
	good := content("detector.onnx")
	tests := []struct{ name, text string }{
		{"a byte differs", "D" + good[1:]},
		{"cut off", good[:len(good)-1]},
		{"longer", good + "x"},
		{"far longer", strings.Repeat(good, 100)},
		{"empty", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, "age.onnx")
			path := filepath.Join(dir, "detector.onnx")
			write(t, path, tt.text)
			// A good file further down the list does not make up for it.
			set, err := manifest().Resolve(models.Standard, []string{dir, folder(t, "detector.onnx")})
			if err != nil {
				t.Fatal(err)
			}
			data, err := set.Read(models.Detector)
			if data != nil {
				t.Errorf("Read() = %d bytes, want none", len(data))
			}
			want := &models.HashError{
				File: "detector.onnx", Path: path, Want: sum(good), Got: sum(tt.text),
				WantSize: int64(len(good)), GotSize: int64(len(tt.text)),
			}
			got, ok := errors.AsType[*models.HashError](err)
			if !ok {
				t.Fatalf("Read() error = %v, want a HashError", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Read() error (-want +got):\n%s", diff)
			}
			for _, part := range []string{"detector.onnx", path, sum(good), sum(tt.text)} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("Read() error = %q, want %q in it", err, part)
				}
			}
		})
	}
}

func TestSet_Read_goneSince(t *testing.T) {
	t.Parallel()
	dir := folder(t, "detector.onnx", "age.onnx")
	set, err := manifest().Resolve(models.Standard, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	remove(t, filepath.Join(dir, "age.onnx"))
	if _, err := set.Read(models.Age); err == nil {
		t.Error("Read() error = nil for a file that is gone")
	}
}

func TestManifest_Verify(t *testing.T) {
	t.Parallel()
	dir := folder(t, "detector.onnx")
	write(t, filepath.Join(dir, "age.onnx"), "not a model")
	got := map[string]models.Status{}
	for _, s := range manifest().Verify([]string{dir, folder(t, "age.onnx", "eye.onnx")}) {
		got[s.Model.File] = s
	}
	want := map[string]models.State{
		"detector.onnx": models.OK, "age.onnx": models.Wrong, "eye.onnx": models.OK,
		"light.onnx": models.Missing, "registry.onnx": models.Missing, "mask.onnx": models.Missing,
	}
	for file, state := range want {
		if got[file].State != state {
			t.Errorf("Verify() of %s = %q, want %q", file, got[file].State, state)
		}
	}
	wrong := got["age.onnx"]
	if wrong.Got != sum("not a model") || wrong.Path != filepath.Join(dir, "age.onnx") || wrong.Err == nil {
		t.Errorf("Verify() of age.onnx = %+v, want its path, the hash found and the error", wrong)
	}
	if len(got) != len(want) {
		t.Errorf("Verify() = %d files, want %d", len(got), len(want))
	}
}
