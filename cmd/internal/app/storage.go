package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/indexsync"
	"github.com/facekeep/facekeep/repository"
	"github.com/facekeep/facekeep/vectorstore/exact"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// follower is an index together with what keeps it up to the database.
type follower interface {
	Search(ctx context.Context, q face.IndexQuery) ([]face.Hit, error)
	Flush(ctx context.Context) error
	CatchUp(ctx context.Context) error
	Run(ctx context.Context) error
	// State says what is wrong with an index that answers, or why it does not.
	State(ctx context.Context) (detail string, err error)
}

// embedded is the index of this process and its relay.
type embedded struct {
	*indexsync.Relay
	*exact.Index
}

// State implements follower.
func (e embedded) State(ctx context.Context) (string, error) { return "", e.CatchUp(ctx) }

func (s *Server) openDatabase(ctx context.Context) error {
	url, err := s.cfg.databaseURL()
	if err != nil {
		return err
	}
	s.rows, err = repository.Open(ctx, repository.Options{Dir: s.cfg.DataDir, URL: url, Log: s.log})
	return err
}

// openIndex loads the index in memory from the database, or opens the one that
// the servers share. The latter may be away; then it is looked for again.
func (s *Server) openIndex(ctx context.Context) (follower, error) {
	if s.cfg.MilvusAddress == "" {
		index := exact.New()
		s.log.InfoContext(ctx, "index in memory", slog.String("kernel", index.Kernel()))
		position, err := indexsync.Load(ctx, s.rows, index, s.log)
		if err != nil {
			return nil, err
		}
		return embedded{indexsync.NewRelay(s.rows, index, position, s.log), index}, nil
	}
	var err error
	if s.store, err = openMilvus(ctx, &s.cfg.Production, s.rows, s.log); err != nil {
		return nil, err
	}
	shared := sharedRows{s.store}
	return indexsync.NewShared(s.rows, s.store, indexsync.SharedConfig{
		Bound: s.cfg.MilvusBound, ExactLimit: s.cfg.ExactLimit, ShadowRate: s.cfg.ShadowRate, Log: s.log, Metrics: s.metrics,
		Check:    s.store.Check,
		Suits:    func(ctx context.Context) (bool, error) { return suits(ctx, s.store) },
		Change:   func(ctx context.Context) error { return changeKinds(ctx, s.store) },
		Seal:     s.store.Seal,
		NewIndex: func() indexsync.Searcher { return exact.New() },
		Count:    func(ctx context.Context) (indexsync.Counts, error) { return counts(ctx, s.rows, s.store) },
		Mend: func(ctx context.Context, gently bool, missing indexsync.MissingFunc) (indexsync.Drift, error) {
			return (&indexsync.Reconciler{From: s.rows, To: shared, Mend: true, Gently: gently, Missing: missing}).Run(ctx)
		},
		CheckEvery: s.cfg.IndexCheckEvery,
	})
}

// counts compares database and Milvus by numbers alone.
func counts(ctx context.Context, rows *repository.Repository, store *milvus.Store) (c indexsync.Counts, err error) {
	if c.Want, err = rows.CountRows(ctx); err != nil {
		return c, err
	}
	if c.Backlog, _, err = rows.Backlog(ctx); err != nil {
		return c, err
	}
	c.Have, err = have(ctx, store)
	return c, err
}

func have(ctx context.Context, store *milvus.Store) (map[face.TemplateLabel]int, error) {
	labels, err := store.Labels(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[face.TemplateLabel]int, len(labels))
	for _, label := range labels {
		if out[label], err = store.Count(ctx, label); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sharedRows is a Milvus store as a reconciler sees it.
type sharedRows struct{ *milvus.Store }

// Held implements indexsync.Rows.
func (s sharedRows) Held(ctx context.Context, label face.TemplateLabel, after, upTo uuid.UUID, visit func([]indexsync.Held) error) error {
	return s.Rows(ctx, milvus.RowQuery{Label: label, After: after, UpTo: upTo}, func(rows []milvus.Row) error {
		batch := make([]indexsync.Held, len(rows))
		for i, r := range rows {
			batch[i] = indexsync.Held{ID: r.ID, Watchlist: r.Watchlist, Member: r.Member, Face: r.Face, Version: r.Version}
		}
		return visit(batch)
	})
}

func openMilvus(ctx context.Context, p *Production, rows *repository.Repository, log *slog.Logger) (*milvus.Store, error) {
	password, err := p.milvusPassword()
	if err != nil {
		return nil, err
	}
	return milvus.Open(ctx, milvus.Options{
		Address: p.MilvusAddress, Username: p.MilvusUser, Password: password, TLS: p.MilvusTLS,
		Prefix: p.MilvusPrefix, Log: log,
		Index: p.Index.index(), Partitions: p.Index.Partitions, Shards: p.Index.Shards,
		SearchTimeout: p.MilvusTimeout, Templates: rows.Vectors,
	})
}

func (s *Server) databaseKind() string {
	if s.cfg.usesPostgres() {
		return "postgres"
	}
	return "sqlite"
}

func (s *Server) indexKind() string {
	if s.store != nil {
		return "milvus"
	}
	return "exact"
}

// Reindexed is what Reindex found.
type Reindexed struct {
	indexsync.Drift
	Kinds []Kind // before they were changed
}

// Reindex compares the shared index with the database, and mends it if told to,
// its kind too.
func Reindex(ctx context.Context, cfg *Production, mend bool, progress func(done, total int)) (found Reindexed, err error) {
	if !cfg.usesPostgres() {
		return found, face.Errorf(face.Invalid, "there is no shared index to compare: name Postgres and Milvus by --database-url and --milvus-address; "+
			"the embedded index is built anew at every start")
	}
	url, err := cfg.databaseURL()
	if err != nil {
		return found, err
	}
	rows, err := repository.Open(ctx, repository.Options{URL: url})
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	store, err := openMilvus(ctx, cfg, rows, slog.New(slog.DiscardHandler))
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	wanted, err := rows.CountRows(ctx)
	if err != nil {
		return found, err
	}
	total := 0
	for _, n := range wanted {
		total += n
	}
	found.Drift, err = (&indexsync.Reconciler{
		From: rows, To: sharedRows{store}, Mend: mend,
		Progress: func(done int) { progress(done, max(total, done)) },
	}).Run(ctx)
	if err != nil {
		return found, err
	}
	if found.Kinds, err = kinds(ctx, store); err != nil || !mend {
		return found, err
	}
	if err := changeKindsAlone(ctx, rows, store); err != nil {
		return found, err
	}
	return found, store.Seal(ctx)
}
