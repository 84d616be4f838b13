package crowd

import (
	"encoding/gob"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/evaluate"
	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/face"
)

// fromLFW returns the people of LFW, or why they cannot be had.
func fromLFW(tb testing.TB) (p People, why string) {
	tb.Helper()
	root, err := moduleRoot()
	if err != nil {
		return p, err.Error()
	}
	images := os.DirFS(filepath.Join(root, "..", "shared", "lfw", "images"))
	files, err := fs.Glob(images, "*/*.jpg")
	if err != nil || len(files) == 0 {
		return p, "../shared/lfw is not here"
	}
	e, err := app.OpenEngine(&app.Engine{
		ModelsDir: os.Getenv("FACEKEEP_MODELS_DIR"), ModelPack: "standard", Provider: "cpu",
		ONNXRuntime: filepath.Join(root, "lib", "libonnxruntime.so"), MaxPixels: 64,
	})
	if err != nil {
		return p, err.Error()
	}
	defer func() { _ = e.Close() }()
	vectors, err := cached(tb, root, e, images, files)
	if err != nil {
		tb.Fatal(err) // what is there has to work
	}
	return People{Label: e.Describe().Label, Faces: persons(vectors), Source: "LFW"}, ""
}

// cached returns the template of each picture by file name, extracting them if
// they are not in .cache.
func cached(tb testing.TB, root string, e *engine.Engine, images fs.FS, files []string) (map[string][]float32, error) {
	tb.Helper()
	name := filepath.Join(root, ".cache", cacheName(e.Describe().Label, len(files)))
	if vectors, err := readCache(name); err == nil {
		return vectors, nil
	}
	tb.Logf("extracting the templates of %d pictures into %s", len(files), name)
	vectors, err := evaluate.Templates(tb.Context(), evaluate.Options{Engine: e, Images: images}, files)
	if err != nil {
		return nil, err
	}
	return vectors, writeCache(name, vectors)
}

func cacheName(label face.TemplateLabel, pictures int) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune("/\\: ", r) {
			return '_'
		}
		return r
	}, string(label))
	return fmt.Sprintf("lfw-%s-%d.gob", safe, pictures)
}

func readCache(name string) (vectors map[string][]float32, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return vectors, gob.NewDecoder(f).Decode(&vectors)
}

// writeCache writes under another name first: a run that ends early leaves no
// half a file.
func writeCache(name string, vectors map[string][]float32) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "lfw-*.tmp")
	if err != nil {
		return err
	}
	if err := gob.NewEncoder(f).Encode(vectors); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// persons groups templates, by files NAME/NAME_0001.jpg, in order of name.
func persons(vectors map[string][]float32) (out []Person) {
	files := make([]string, 0, len(vectors))
	for f := range vectors {
		files = append(files, f)
	}
	slices.Sort(files)
	for _, f := range files {
		name := path.Dir(f)
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, Person{Name: name})
		}
		p := &out[len(out)-1]
		p.Templates = append(p.Templates, vectors[f])
	}
	return out
}

// moduleRoot returns the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}
