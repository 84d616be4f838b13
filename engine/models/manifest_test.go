package models

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
)

// sharedModels is where a working tree may have the standard pack beside it.
const sharedModels = "../../../shared/models"

func load(t *testing.T) *Manifest {
	t.Helper()
	m, err := Load()
	if err != nil {
		t.Fatalf("Load() error = %v", err)
	}
	return m
}

func TestLoad_packs(t *testing.T) {
	t.Parallel()
	m := load(t)
	tests := []struct {
		pack Pack
		want []string // role file, * for required
	}{
		{Standard, []string{
			"* detector yunet_n_dynamic.onnx",
			"* extractor MobileFaceNet.onnx",
			"* age age-v1.onnx",
			"* gender gender-v1.onnx",
			"detector_light yunet_s_dynamic.onnx",
			"detector_accurate centerface.onnx",
			"liveness AntiSpoofing_bin_1.5_128.onnx",
			"liveness_print_replay AntiSpoofing_print-replay_1.5_128.onnx",
			"head_pose_1 fsanet-1x1-iter-688590.onnx",
			"head_pose_2 fsanet-var-iter-688590.onnx",
			"mask face_mask_detection.onnx",
			"landmarks68 fr_landmark.onnx",
			"eye_state fr_eye.onnx",
		}},
		{Registry, []string{
			"* detector centerface.onnx",
			"* extractor fr_feature.onnx",
			"* age age-v1.onnx",
			"* gender gender-v1.onnx",
			"liveness fr_liveness.onnx",
			"landmarks68 fr_landmark.onnx",
			"eye_state fr_eye.onnx",
		}},
	}
	for _, tt := range tests {
		t.Run(string(tt.pack), func(t *testing.T) {
			t.Parallel()
			entries, err := m.Pack(tt.pack)
			if err != nil {
				t.Fatalf("Pack(%q) error = %v", tt.pack, err)
			}
			var got []string
			for _, e := range entries {
				line := string(e.Role) + " " + e.File
				if e.Required {
					line = "* " + line
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Pack(%q) (-want +got):\n%s", tt.pack, diff)
			}
		})
	}
}

// A machine that reaches nothing but package registries must get the whole
// registry pack.
func TestLoad_registryPackComesFromRegistries(t *testing.T) {
	t.Parallel()
	entries, err := load(t).Pack(Registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Source.Kind != NPM && e.Source.Kind != PyPI {
			t.Errorf("%s comes from %q, want a package registry", e.File, e.Source)
		}
	}
}

func TestManifest_Pack_unknown(t *testing.T) {
	t.Parallel()
	for _, pack := range []Pack{Automatic, "deluxe"} {
		if _, err := load(t).Pack(pack); face.KindOf(err) != face.Invalid {
			t.Errorf("Pack(%q) error = %v, want kind %v", pack, err, face.Invalid)
		}
	}
}

// The manifest and the files it pins are written down in two places: here they
// are held together.
func TestLoad_agreesWithSharedModels(t *testing.T) {
	t.Parallel()
	sums, err := os.Open(filepath.Join(sharedModels, "SHA256SUMS"))
	if err != nil {
		t.Skipf("no shared models beside the working tree: %v", err)
	}
	defer sums.Close()
	byFile := map[string]Model{}
	for _, model := range load(t).Models {
		byFile[model.File] = model
	}
	lines := bufio.NewScanner(sums)
	for lines.Scan() {
		sum, file, _ := strings.Cut(lines.Text(), "  ")
		model, ok := byFile[file]
		if !ok {
			t.Errorf("%s is in SHA256SUMS and not in the manifest", file)
			continue
		}
		if model.SHA256 != sum {
			t.Errorf("%s: sha256 %s in the manifest, %s in SHA256SUMS", file, model.SHA256, sum)
		}
		if err := model.check(filepath.Join(sharedModels, file), io.Discard); err != nil {
			t.Errorf("check(%s) error = %v", file, err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestParse_refusesBrokenManifests(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		breakIt func(*Manifest)
		want    string
	}{
		{"path in file name", func(m *Manifest) { m.Models[0].File = "../a.onnx" }, "not a bare file name"},
		{"hidden file", func(m *Manifest) { m.Models[0].File = ".a" }, "not a bare file name"},
		{"empty file name", func(m *Manifest) { m.Models[0].File = "" }, "not a bare file name"},
		{"two of one name", func(m *Manifest) { m.Models[1].File = m.Models[0].File }, "named twice"},
		{"short hash", func(m *Manifest) { m.Models[0].SHA256 = m.Models[0].SHA256[:16] }, "64 hex digits"},
		{"upper case hash", func(m *Manifest) { m.Models[0].SHA256 = strings.ToUpper(m.Models[0].SHA256) }, "64 hex digits"},
		{"no size", func(m *Manifest) { m.Models[0].Size = 0 }, "size 0"},
		{"no licence", func(m *Manifest) { m.Models[0].Licence = "" }, "no licence"},
		{"no family", func(m *Manifest) { m.Models[0].Family = "" }, "no family"},
		{"no pack", func(m *Manifest) { m.Models[0].Packs = nil }, "in no pack"},
		{"unknown pack", func(m *Manifest) { m.Models[0].Packs["deluxe"] = Mask }, `unknown pack "deluxe"`},
		{"unknown role", func(m *Manifest) { m.Models[0].Packs[Standard] = "nose" }, `unknown role "nose"`},
		{"role twice", func(m *Manifest) { m.Models[1].Packs[Standard] = Detector }, "detector is both"},
		{"required role missing", func(m *Manifest) { m.Required = append(m.Required, HeadPose1) }, "registry pack: no head_pose_1"},
		{"unknown source", func(m *Manifest) { m.Models[0].Source.Kind = "ftp" }, `unknown source kind "ftp"`},
		{"branch instead of commit", func(m *Manifest) { m.Models[0].Source.Commit = "master" }, "full commit"},
		{"package without version", func(m *Manifest) { m.Models[2].Source.Version = "" }, "needs package, version and member"},
		{"package that reads as an option", func(m *Manifest) { m.Models[2].Source.Package = "--index-url" }, `package "--index-url"`},
		{"converted from nothing", func(m *Manifest) { m.Models[0].Source = Source{Kind: Converted, Command: "make"} }, "what it is made from"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := load(t)
			tt.breakIt(m)
			data, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parse(data); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("parse() error = %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestParse_refusesOtherJSON(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`{"modls": []}`, `{`, ``} {
		if _, err := parse([]byte(data)); err == nil {
			t.Errorf("parse(%q) error = nil, want one", data)
		}
	}
}

func TestSource_String(t *testing.T) {
	t.Parallel()
	hub := Source{Kind: GitHub, Repo: "a/b", Commit: strings.Repeat("0123456789", 4), Path: "c/d.onnx"}
	tests := []struct {
		source Source
		want   string
	}{
		{hub, "github a/b@012345678901 c/d.onnx"},
		{Source{Kind: PyPI, Package: "p", Version: "1.0", Member: "m"}, "pypi p==1.0"},
		{Source{Kind: NPM, Package: "@s/p", Version: "1.0", Member: "m"}, "npm @s/p@1.0"},
		{Source{Kind: Converted, From: &hub, Command: "x"}, "converted from github a/b@012345678901 c/d.onnx"},
	}
	for _, tt := range tests {
		if got := tt.source.String(); got != tt.want {
			t.Errorf("String() = %q, want %q", got, tt.want)
		}
	}
}
