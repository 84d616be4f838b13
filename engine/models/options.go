package models

import "time"

// Options says what to pull, and from where. Only Dir has to be set.
type Options struct {
	Dir          string   // the folder to fill; made if it is not there
	Pack         Pack     // Automatic completes standard, or else registry
	RequiredOnly bool     // leave out what the server can start without
	LookIn       []string // folders to copy from before anything is fetched

	Mirror string // base address of raw repository files; default https://raw.githubusercontent.com
	NPM    string // the npm program; default "npm" on the PATH
	Python string // the Python 3 program; default "python3" on the PATH

	ConnectLimit time.Duration // until a host has answered a connection; default 4 s
	StallLimit   time.Duration // without a byte from a host; default 20 s
	PackageLimit time.Duration // for one package by its client; default 10 min

	Progress func(Event) // called from the goroutine of Pull; may be nil
}

// Event is a moment of a pull.
type Event struct {
	File  string // the model file, or the package at its version
	Phase Phase
	Done  int64 // bytes so far
	Total int64 // bytes in all; 0: not known
}

// Phase is what is being done, in words for people.
type Phase string

// The phases of a file.
const (
	Checking    Phase = "checking"
	Copying     Phase = "copying"
	Downloading Phase = "downloading"
	Fetching    Phase = "fetching package" // Event.File is the package
	Extracting  Phase = "extracting"
	Finished    Phase = "done"
	Unavailable Phase = "not available"
)

const (
	defaultMirror       = "https://raw.githubusercontent.com"
	defaultConnectLimit = 4 * time.Second
	defaultStallLimit   = 20 * time.Second
	defaultPackageLimit = 10 * time.Minute
)

func (o Options) withDefaults() Options {
	setDefault(&o.Mirror, defaultMirror)
	setDefault(&o.NPM, "npm")
	setDefault(&o.Python, "python3")
	setDefault(&o.ConnectLimit, defaultConnectLimit)
	setDefault(&o.StallLimit, defaultStallLimit)
	setDefault(&o.PackageLimit, defaultPackageLimit)
	if o.Progress == nil {
		o.Progress = func(Event) {}
	}
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
