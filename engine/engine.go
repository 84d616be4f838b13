package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/engine/batch"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/engine/picture"
	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// Engine inspects pictures. It may be used by many goroutines at once.
type Engine struct {
	cfg     Config
	info    Description
	bufs    *pixel.Buffers
	codec   *picture.Codec
	nets    networks
	pool    *batch.Pool
	metrics *metrics
}

// Description says what an engine consists of, for the start-up log, the version
// page and health.
type Description struct {
	Pack         string // of models
	Label        face.TemplateLabel
	Provider     string // of the runtime: cpu, cuda, tensorrt
	Runtime      string // version of the runtime
	Decoder      string // of JPEG
	Workers      int
	Queue        int    // pictures that may wait
	Liveness     string // file of the model for passive liveness; "" if there is none
	LivenessNote string // what to know before relying on it
}

// New loads the models and starts the workers. The set must hold a detector and
// an extractor; what else it holds no model for is not measured. reg may be nil.
// The caller closes the engine.
func New(cfg Config, set ModelSet, rt Runtime, reg prometheus.Registerer, log *slog.Logger) (*Engine, error) {
	e := &Engine{cfg: cfg.withDefaults(), bufs: new(pixel.Buffers)}
	var err error
	if e.metrics, err = newMetrics(reg); err != nil {
		return nil, err
	}
	if e.codec, err = picture.NewCodec(cfg.Picture, e.bufs); err != nil {
		return nil, err
	}
	if e.nets, err = loadNetworks(set, rt, e.bufs); err != nil {
		e.codec.Close()
		return nil, err
	}
	if e.pool, err = batch.New(cfg.Batch, reg, log); err != nil {
		e.codec.Close()
		return nil, errors.Join(err, e.nets.close())
	}
	sizes := e.pool.Config()
	spoof, _ := set.Model(models.Liveness)
	e.info = Description{
		Pack: string(set.Pack()), Label: e.nets.label,
		Provider: rt.Provider(), Runtime: rt.Version(), Decoder: e.codec.Name(),
		Workers: sizes.Workers, Queue: sizes.Queue,
		Liveness: spoof.File, LivenessNote: spoof.Note,
	}
	return e, nil
}

// Label returns the label of the templates that the engine extracts.
func (e *Engine) Label() face.TemplateLabel { return e.info.Label }

// Describe says what the engine consists of.
func (e *Engine) Describe() Description { return e.info }

// Close refuses new pictures, finishes those that were accepted and frees the
// models. It may be called again.
func (e *Engine) Close() error {
	e.pool.Close()
	e.codec.Close()
	if err := e.nets.close(); err != nil {
		return fmt.Errorf("close the engine: %w", err)
	}
	return nil
}

// run runs a job on a worker, with the picture opened.
func (e *Engine) run(ctx context.Context, data []byte, job func(context.Context, *picture.Source) error) error {
	src, err := e.codec.Open(data)
	if err != nil {
		return err
	}
	queued := time.Now()
	return e.pool.Do(ctx, func(ctx context.Context) error {
		defer src.Close()
		face.TimingOf(ctx).Add("queue", time.Since(queued))
		return job(ctx, src)
	})
}
