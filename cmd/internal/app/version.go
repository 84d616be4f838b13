package app

import (
	"os"
	"runtime/debug"
	"time"
)

// Set by the linker (see Makefile).
var (
	version   string
	buildTime string // RFC 3339
)

// Version returns the version of the program: what the build gave it, else the
// revision that it was built from, else "dev".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "dev"
}

// BuildTime returns when the program's sources were committed, or, if the build
// did not say, when the program's file was written.
func BuildTime() time.Time {
	if t, err := time.Parse(time.RFC3339, buildTime); err == nil {
		return t.UTC()
	}
	exe, err := os.Executable()
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	info, err := os.Stat(exe)
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	return info.ModTime().UTC()
}
