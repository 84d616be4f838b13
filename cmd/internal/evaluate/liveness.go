package evaluate

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/face/eval"
)

// LivenessOptions say which pictures a liveness check is shown.
type LivenessOptions struct {
	Engine   inspector
	Live     fs.FS // pictures of living people, in folders of any depth
	Attacks  fs.FS // likewise; the folder at the top is the kind of attack
	Limit    int   // most live pictures, and most attacks, evenly chosen; 0: all
	Kind     face.LivenessKind
	Inspect  face.InspectOptions // which faces count; the rest is set here
	Progress func(done, total int)
}

// Liveness is the outcome of showing pictures to a liveness check.
type Liveness struct {
	Rates  *eval.Presentations
	NoFace []string // pictures in which no face counted, in order of name
}

// otherAttacks is the kind of attacks that lie in no folder.
const otherAttacks = "attack"

// presentation is a picture to be shown.
type presentation struct {
	from   fs.FS
	file   string
	attack string
}

// CheckLiveness shows all pictures to a check without conditions; the largest face of
// each counts. A picture that cannot be read or decoded ends the run with an error.
func CheckLiveness(ctx context.Context, o LivenessOptions) (*Liveness, error) {
	all, err := o.presentations()
	if err != nil {
		return nil, err
	}
	shown := make([]eval.Presentation, len(all))
	err = each(ctx, len(all), o.Progress, func(ctx context.Context, i int) error {
		score, err := o.score(ctx, all[i])
		if err != nil {
			return fmt.Errorf("%s: %w", all[i].file, err)
		}
		shown[i] = eval.Presentation{Attack: all[i].attack, Score: score}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := &Liveness{Rates: eval.NewPresentations(shown)}
	for i, p := range all {
		if shown[i].Score == eval.NoResponse {
			out.NoFace = append(out.NoFace, p.file)
		}
	}
	return out, nil
}

func (o *LivenessOptions) presentations() ([]presentation, error) {
	live, err := picturesBelow(o.Live, o.Limit)
	if err != nil {
		return nil, fmt.Errorf("live pictures: %w", err)
	}
	attacks, err := picturesBelow(o.Attacks, o.Limit)
	if err != nil {
		return nil, fmt.Errorf("attacks: %w", err)
	}
	all := make([]presentation, 0, len(live)+len(attacks))
	for _, file := range live {
		all = append(all, presentation{from: o.Live, file: file})
	}
	for _, file := range attacks {
		kind, _, inFolder := strings.Cut(file, "/")
		if !inFolder {
			kind = otherAttacks
		}
		all = append(all, presentation{from: o.Attacks, file: file, attack: kind})
	}
	return all, nil
}

// picturesBelow lists the pictures of a folder and the folders in it, in order of
// name; with a limit, at most so many of them, evenly chosen.
func picturesBelow(root fs.FS, limit int) ([]string, error) {
	var files []string
	err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
		isPicture := slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, strings.ToLower(path.Ext(file)))
		if err == nil && !d.IsDir() && isPicture {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, face.Errorf(face.Invalid, "the folder holds no JPEG, PNG or WebP picture")
	}
	slices.Sort(files)
	if limit <= 0 || len(files) <= limit {
		return files, nil
	}
	chosen := make([]string, limit)
	for i := range chosen {
		chosen[i] = files[i*len(files)/limit]
	}
	return chosen, nil
}

// score shows one picture and returns its score, or eval.NoResponse.
func (o *LivenessOptions) score(ctx context.Context, p presentation) (float64, error) {
	data, err := fs.ReadFile(p.from, p.file)
	if err != nil {
		return 0, err
	}
	opts := o.Inspect
	opts.MaxFaces, opts.Liveness = 1, []face.LivenessCheck{{Kind: o.Kind}}
	found, err := o.Engine.Inspect(ctx, data, opts)
	if err != nil {
		return 0, err
	}
	if len(found.Faces) == 0 {
		return eval.NoResponse, nil
	}
	return found.Faces[0].Liveness[0].Score, nil
}
