package main

import (
	"os"
	"strings"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/remote"
	"github.com/facekeep/facekeep/face"
)

// remoteFlags name the server that a command speaks to as a client.
type remoteFlags struct {
	URL     string        `name:"url" help:"Address of the server." default:"http://127.0.0.1:8098" env:"FACEKEEP_URL" placeholder:"URL"`
	Key     string        `help:"API key, where the server asks for one. On a command line others can see it: better by the environment or a file." env:"FACEKEEP_KEY" placeholder:"KEY"`
	KeyFile string        `help:"File that holds the API key." env:"FACEKEEP_KEY_FILE" placeholder:"FILE"`
	Timeout time.Duration `help:"Time that one request may take, its answer included." default:"2m"`
}

// open returns a client of the server.
func (f *remoteFlags) open() (*remote.Client, error) {
	key, err := f.key()
	if err != nil {
		return nil, err
	}
	if f.Timeout <= 0 {
		return nil, face.Errorf(face.Invalid, "--timeout: want a positive duration")
	}
	return remote.New(remote.Options{URL: f.URL, Key: key, Timeout: f.Timeout})
}

func (f *remoteFlags) key() (string, error) {
	const name = "--key-file (FACEKEEP_KEY_FILE)"
	if f.KeyFile == "" {
		return f.Key, nil
	}
	if f.Key != "" {
		return "", face.Errorf(face.Invalid, "%s: want nothing beside --key", name)
	}
	data, err := os.ReadFile(f.KeyFile)
	if err != nil {
		return "", face.Wrap(face.Invalid, err, name+": the file cannot be read")
	}
	key := strings.TrimSpace(string(data))
	if key == "" || strings.ContainsAny(key, "\r\n") {
		return "", face.Errorf(face.Invalid, "%s: the file does not hold one key", name)
	}
	return key, nil
}
