package evaluate

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/facekeep/facekeep/face"
)

// inspector is all that an evaluation needs of the engine.
type inspector interface {
	Inspect(ctx context.Context, data []byte, opts face.InspectOptions) (face.Inspection, error)
}

// Options are what the evaluations have in common.
type Options struct {
	Engine   inspector
	Images   fs.FS               // folder of pictures, NAME/NAME_0001.jpg
	Inspect  face.InspectOptions // which faces count; Templates is set here
	Progress func(done, total int)
}

// Templates extracts the template of the subject of each picture, by file name, as
// subjects does.
func Templates(ctx context.Context, o Options, files []string) (map[string][]float32, error) {
	found, err := subjects(ctx, o, files)
	vectors := make(map[string][]float32, len(found))
	for file, s := range found {
		vectors[file] = s.Template.Vector
	}
	return vectors, err
}

// subjects inspects the subject of each picture, by file name, with its template. A
// picture with no face that counts has no entry; one that cannot be read or decoded
// ends the run with an error.
func subjects(ctx context.Context, o Options, files []string) (map[string]*face.Inspected, error) {
	var (
		mu   sync.Mutex
		done int
		out  = make(map[string]*face.Inspected, len(files))
	)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, file := range files {
		g.Go(func() error {
			s, err := inspectSubject(ctx, o, file)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			if s != nil {
				out[file] = s
			}
			if o.Progress != nil {
				o.Progress(done, len(files))
			}
			return nil
		})
	}
	return out, g.Wait()
}

// inspectSubject returns nil if there is no face that counts.
func inspectSubject(ctx context.Context, o Options, file string) (*face.Inspected, error) {
	data, err := fs.ReadFile(o.Images, file)
	if err != nil {
		return nil, err
	}
	opts := o.Inspect
	opts.Templates = true
	found, err := o.Engine.Inspect(ctx, data, opts)
	if err != nil {
		return nil, err
	}
	return subject(found), nil
}

// subject returns the face nearest to the middle of the picture: the pictures
// of a labelled set are cut around the person they are named after, and may
// show others behind. Nil if there is no face.
func subject(found face.Inspection) *face.Inspected {
	middle := face.Point{X: float64(found.Width) / 2, Y: float64(found.Height) / 2}
	var nearest *face.Inspected
	for i := range found.Faces {
		f := &found.Faces[i]
		if nearest == nil || f.Box.Center().Distance(middle) < nearest.Box.Center().Distance(middle) {
			nearest = f
		}
	}
	return nearest
}

// cosine returns the cosine of two unit vectors.
func cosine(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// OpenImages returns the folder of pictures as a file system, or an Invalid
// error that names it.
func OpenImages(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, face.Errorf(face.Invalid, "%s is not a folder of pictures", dir)
	}
	return os.DirFS(dir), nil
}
