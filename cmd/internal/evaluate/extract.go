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
	found := make([]*face.Inspected, len(files))
	err := each(ctx, len(files), o.Progress, func(ctx context.Context, i int) (err error) {
		if found[i], err = inspectSubject(ctx, o, files[i]); err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
		return nil
	})
	out := make(map[string]*face.Inspected, len(files))
	for i, s := range found {
		if s != nil {
			out[files[i]] = s
		}
	}
	return out, err
}

// each does something for each of n pictures, as many at a time as there are
// processors, until one fails. progress, unless nil, hears of every one that is done.
func each(ctx context.Context, n int, progress func(done, total int), do func(ctx context.Context, i int) error) error {
	var mu sync.Mutex
	done := 0
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			if err := do(ctx, i); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			if progress != nil {
				progress(done, n)
			}
			return nil
		})
	}
	return g.Wait()
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

// OpenImages returns the folder of pictures as a file system, or an Invalid
// error that names it.
func OpenImages(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, face.Errorf(face.Invalid, "%s is not a folder of pictures", dir)
	}
	return os.DirFS(dir), nil
}
