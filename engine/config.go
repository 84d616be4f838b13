package engine

import (
	"github.com/facekeep/facekeep/engine/batch"
	"github.com/facekeep/facekeep/engine/picture"
)

// Config says how the engine works. The zero value is usable.
type Config struct {
	Batch   batch.Config
	Picture picture.Config
	// MaxFaces is the most faces of one picture that are looked into, the
	// largest ones; 0 is 100.
	MaxFaces int
}

const defaultMaxFaces = 100

func (c Config) withDefaults() Config {
	if c.MaxFaces <= 0 {
		c.MaxFaces = defaultMaxFaces
	}
	return c
}
