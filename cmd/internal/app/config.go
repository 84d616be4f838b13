// Package app holds the one configuration of the program and wires its parts
// together by hand.
package app

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/fetch"
)

// Engine is the configuration of the parts that turn pictures into templates.
// Every command that looks at pictures takes it.
type Engine struct {
	ModelsDir   string `help:"Folder of the model files. Without it: ./models, then the models folder beside the program's, then ../shared/models." env:"FACEKEEP_MODELS_DIR" placeholder:"DIR" group:"Engine"`
	ModelPack   string `help:"Model pack: standard or registry. Without it, standard where its files are there, else registry." env:"FACEKEEP_MODEL_PACK" placeholder:"PACK" group:"Engine"`
	Provider    string `help:"Where models run: ${enum}. One that cannot be had stops the program; auto is cuda, or else cpu with a warning." enum:"cpu,cuda,tensorrt,auto" default:"cpu" env:"FACEKEEP_PROVIDER" group:"Engine"`
	Workers     int    `help:"Pictures worked on at a time. 0: one for each processor." default:"0" env:"FACEKEEP_WORKERS" placeholder:"N" group:"Engine"`
	Queue       int    `help:"Pictures that may wait for a worker; one more is refused. 0: 32 for each worker." default:"0" env:"FACEKEEP_QUEUE" placeholder:"N" group:"Engine"`
	ONNXRuntime string `name:"onnxruntime" help:"Path of the ONNX Runtime library. Without it: lib/ here, then the lib folder beside the program's." env:"FACEKEEP_ONNXRUNTIME" placeholder:"FILE" group:"Engine"`
	TurboJPEG   string `name:"turbojpeg" help:"Path of libturbojpeg. Without it: the lib folders as above, then the system's; with none, Go's decoder is used, which is slower." env:"FACEKEEP_TURBOJPEG" placeholder:"FILE" group:"Engine"`
	MaxPixels   int    `help:"Largest picture accepted, in millions of pixels." default:"64" env:"FACEKEEP_MAX_PIXELS" group:"Engine"`
}

// Config is all that the server can be told.
type Config struct {
	Listen         string        `help:"Address to serve on, host:port." default:"127.0.0.1:8098" env:"FACEKEEP_LISTEN" group:"Server"`
	Dialects       []string      `help:"REST dialects to speak, on the one port: ${enum}." enum:"smartface,regula,facesearch" default:"smartface,regula,facesearch" env:"FACEKEEP_DIALECTS" group:"Server"`
	MaxBody        int           `help:"Largest request body accepted, in MiB." default:"64" env:"FACEKEEP_MAX_BODY" group:"Server"`
	ImageURLs      []string      `name:"image-urls" help:"Hosts from which pictures are fetched that a request names by address: host, host:port or *.domain; private: before it lets the host have private addresses. None: nothing is fetched." env:"FACEKEEP_IMAGE_URLS" placeholder:"HOST" group:"Server"`
	RequestTimeout time.Duration `help:"Time that the work on a request may take once it has arrived." default:"10s" env:"FACEKEEP_REQUEST_TIMEOUT" group:"Server"`
	Shutdown       time.Duration `name:"shutdown-timeout" help:"Time that requests under way get to finish when the server is stopped." default:"15s" env:"FACEKEEP_SHUTDOWN_TIMEOUT" group:"Server"`

	Access `embed:""`

	DataDir string `help:"Folder of the embedded database." default:"./data" env:"FACEKEEP_DATA_DIR" group:"Storage"`

	Production `embed:""`

	LogLevel  string `help:"Least severe log lines written: ${enum}." enum:"debug,info,warn,error" default:"info" env:"FACEKEEP_LOG_LEVEL" group:"Log"`
	LogFormat string `help:"Form of log lines: ${enum}." enum:"text,json" default:"text" env:"FACEKEEP_LOG_FORMAT" group:"Log"`

	Engine `embed:""`
}

// Validate refuses values that cannot work, by name. Kong calls it after
// parsing, so that a bad value stops the program before anything is started.
func (c *Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return face.FieldErrorf("listen", "--listen (FACEKEEP_LISTEN): %q is not host:port", c.Listen)
	}
	for _, check := range []struct {
		ok   bool
		key  string
		want string
	}{
		{c.MaxBody >= 1 && c.MaxBody <= 1024, "--max-body (FACEKEEP_MAX_BODY)", "1 to 1024 MiB"},
		{c.RequestTimeout > 0, "--request-timeout (FACEKEEP_REQUEST_TIMEOUT)", "a positive duration"},
		{c.Shutdown > 0, "--shutdown-timeout (FACEKEEP_SHUTDOWN_TIMEOUT)", "a positive duration"},
		{c.DataDir != "", "--data-dir (FACEKEEP_DATA_DIR)", "a folder"},
		{len(c.Dialects) > 0, "--dialects (FACEKEEP_DIALECTS)", "at least one dialect"},
	} {
		if !check.ok {
			return face.Errorf(face.Invalid, "%s: want %s", check.key, check.want)
		}
	}
	if _, err := fetch.New(fetch.Options{Allow: c.ImageURLs}); err != nil {
		return face.Wrap(face.Invalid, err, "--image-urls (FACEKEEP_IMAGE_URLS): "+face.MessageOf(err))
	}
	if err := c.Access.Validate(); err != nil {
		return err
	}
	if err := c.Production.Validate(); err != nil {
		return err
	}
	return c.Engine.Validate()
}

// Validate refuses values that cannot work, by name.
func (e *Engine) Validate() error {
	for _, check := range []struct {
		ok   bool
		key  string
		want string
	}{
		{slices.Contains([]string{"", "standard", "registry"}, e.ModelPack), "--model-pack (FACEKEEP_MODEL_PACK)", "standard or registry"},
		{e.Workers >= 0 && e.Workers <= 1024, "--workers (FACEKEEP_WORKERS)", "0 to 1024"},
		{e.Queue >= 0 && e.Queue <= 1<<20, "--queue (FACEKEEP_QUEUE)", "0 to 1048576"},
		{e.MaxPixels >= 1 && e.MaxPixels <= 1024, "--max-pixels (FACEKEEP_MAX_PIXELS)", "1 to 1024 megapixels"},
	} {
		if !check.ok {
			return face.Errorf(face.Invalid, "%s: want %s", check.key, check.want)
		}
	}
	return nil
}

// libraryPath returns the configured path of a shared library, or the first of
// lib/NAME here and lib/NAME beside the folder of the program that exists, or
// "" if none does.
func libraryPath(configured, name string) string {
	if configured != "" {
		return configured
	}
	dirs := []string{"lib"}
	if exe, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(filepath.Dir(exe)), "lib"))
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if abs, err := filepath.Abs(path); err == nil {
			return abs
		}
	}
	return ""
}

// loopback says whether an address is reachable from this machine alone.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
