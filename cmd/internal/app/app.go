package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	_ "github.com/facekeep/facekeep/cmd/internal/slack" // the processors are for models
	"github.com/facekeep/facekeep/engine"
	"github.com/facekeep/facekeep/engine/models"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/fetch"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/handlers/smartface"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// Server is the whole program, ready to serve.
type Server struct {
	cfg     *Config
	log     *slog.Logger
	metrics *prometheus.Registry
	engine  *engine.Engine
	rows    *repository.Repository
	store   *milvus.Store // nil when embedded
	index   follower
	gallery *gallery.Gallery
	handler http.Handler
}

// Open starts every part: the database, the engine, the index (loaded from the
// database), and the handlers over them. What was opened before a failure is
// closed again. The caller closes the server, or runs it.
func Open(ctx context.Context, cfg *Config, log *slog.Logger) (*Server, error) {
	s := &Server{cfg: cfg, log: log, metrics: prometheus.NewRegistry()}
	s.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) open(ctx context.Context) error {
	var err error
	if err := s.openDatabase(ctx); err != nil {
		return err
	}
	if s.engine, err = openEngine(&s.cfg.Engine, s.metrics, s.log); err != nil {
		return err
	}
	d := s.engine.Describe()
	s.log.InfoContext(ctx, "engine started", slog.String("model_pack", d.Pack), slog.String("template_label", string(d.Label)),
		slog.String("provider", d.Provider), slog.String("onnxruntime", d.Runtime), slog.String("jpeg_decoder", d.Decoder),
		slog.Int("workers", d.Workers), slog.Int("queue", d.Queue))
	s.tellLiveness(ctx, d)
	curves, err := engine.Calibrations()
	if err != nil {
		return err
	}
	if s.index, err = s.openIndex(ctx); err != nil {
		return err
	}
	metrics, err := gallery.NewMetrics(s.metrics)
	if err != nil {
		return err
	}
	s.gallery = gallery.New(gallery.Parts{
		Repository: s.rows, Index: s.index, Sync: s.index, Engine: s.engine, Calibrations: curves, Log: s.log, Metrics: metrics,
	})
	if err := s.gallery.CheckLabel(ctx); err != nil {
		return err
	}
	s.handler, err = s.handlers(ctx)
	return err
}

// tellLiveness says what passive liveness is worth with the models that are here.
func (s *Server) tellLiveness(ctx context.Context, d engine.Description) {
	if d.Liveness == "" {
		s.log.WarnContext(ctx, "passive liveness cannot be checked: there is no model for it")
		return
	}
	level := slog.LevelInfo
	if d.Pack == string(models.Registry) {
		level = slog.LevelWarn // its model is weak
	}
	s.log.Log(ctx, level, "passive liveness can be checked", slog.String("model", d.Liveness), slog.String("note", d.LivenessNote))
}

func (s *Server) handlers(ctx context.Context) (http.Handler, error) {
	schema, err := s.rows.Schema(ctx)
	if err != nil {
		return nil, err
	}
	d := s.engine.Describe()
	pictures, err := fetch.New(fetch.Options{Allow: s.cfg.ImageURLs, Limit: int64(s.cfg.MaxBody) << 20})
	if err != nil {
		return nil, err
	}
	usual, strict, err := s.access(ctx)
	if err != nil {
		return nil, err
	}
	return handlers.New(handlers.Options{
		Gallery: s.gallery, Dialects: s.cfg.Dialects, Access: usual, StrictAccess: strict,
		Logger: s.log, Registerer: s.metrics, Gatherer: s.metrics,
		Ready: []httpx.Check{
			{Name: "database", Info: s.databaseKind(), Check: s.rows.Ping},
			{Name: "index", Info: s.indexKind(), State: s.index.State},
			{Name: "engine", Info: fmt.Sprintf("%s, %s", d.Provider, d.Label)},
		},
		Version: smartface.Version{
			Version: Version(), BuiltAt: BuildTime(),
			Full:     fmt.Sprintf("facekeep %s (%s, onnxruntime %s, %s)", Version(), d.Provider, d.Runtime, d.Label),
			Database: strconv.FormatInt(schema.Version, 10), DatabaseCreatedAt: schema.CreatedAt, DatabaseUpdatedAt: schema.UpdatedAt,
		},
		GPU: d.Provider != "cpu", Liveness: d.Liveness != "", Pictures: pictures,
		BodyLimit: int64(s.cfg.MaxBody) << 20, Timeout: s.cfg.RequestTimeout,
	})
}

// Handler answers requests until Close.
func (s *Server) Handler() http.Handler { return s.handler }

// Close frees every part: the engine first, after the pictures it has accepted,
// then the database. It may be called on a server that is open in part.
func (s *Server) Close() error {
	var errs []error
	if s.engine != nil {
		errs = append(errs, s.engine.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.rows != nil {
		errs = append(errs, s.rows.Close())
	}
	return errors.Join(errs...)
}

// Run serves until the context ends, lets the requests under way finish, and
// closes every part.
func (s *Server) Run(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen on %s: %w", s.cfg.Listen, err), s.Close())
	}
	if err := s.checkReach(ctx, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close(), s.Close())
	}
	s.announce(ctx, listener.Addr())
	web := s.web()
	services, stopped := errgroup.WithContext(ctx)
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	services.Go(func() error { return s.index.Run(background) })
	services.Go(func() error { return s.gallery.Run(background) })
	services.Go(func() error {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	services.Go(func() error {
		defer stopBackground() // the relay goes on until the last request is answered
		<-stopped.Done()
		return s.drain(web)
	})
	return errors.Join(services.Wait(), s.Close())
}

// web returns the HTTP server with its time limits. Reading a body may take as
// long as a large picture takes on a slow line; the work on it is bounded by
// the handlers.
func (s *Server) web() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		WriteTimeout:      2*time.Minute + s.cfg.RequestTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// drain answers the requests under way and takes no new ones.
func (s *Server) drain(web *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Shutdown)
	defer cancel()
	s.log.InfoContext(ctx, "stopping", slog.Duration("at_most", s.cfg.Shutdown))
	if err := web.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), web.Close())
	}
	return nil
}

// announce says where the server is to be found.
func (s *Server) announce(ctx context.Context, address net.Addr) {
	s.log.InfoContext(ctx, "listening", slog.String("version", Version()), slog.String("address", address.String()),
		slog.String("swagger", "http://"+browsable(address.String())+"/swagger/"+s.cfg.Dialects[0]+"/index.html"))
}

// browsable returns an address that a browser on this machine can open.
func browsable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
