package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/apikey"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/httpx"
	"github.com/facekeep/facekeep/repository"
)

// Access is the configuration of who may use the server.
type Access struct {
	APIKeys     string `name:"api-keys" help:"When SmartFace and Regula ask for API keys. auto: unless the server listens on this machine alone; required: always. face-search always does." enum:"auto,required" default:"auto" env:"FACEKEEP_API_KEYS" group:"Access"`
	AllowAnyone bool   `help:"Let everybody who can reach the server enrol, search and delete by SmartFace and Regula, though it does not listen on this machine alone." env:"FACEKEEP_ALLOW_ANYONE" group:"Access"`
}

// Validate refuses values that cannot work, by name.
func (a *Access) Validate() error {
	if a.AllowAnyone && a.APIKeys == "required" {
		return face.Errorf(face.Invalid, "--allow-anyone (FACEKEEP_ALLOW_ANYONE): want nothing beside --api-keys=required")
	}
	return nil
}

// keysRequired says whether the dialects whose originals have no keys ask for them.
func (c *Config) keysRequired() bool {
	return c.APIKeys == "required" || !c.AllowAnyone && !loopback(c.Listen)
}

// tellKeys says how to make a key where one is needed and there is none.
func (s *Server) tellKeys(ctx context.Context, keys *apikey.Keys) error {
	required := s.cfg.keysRequired()
	if !required && !slices.Contains(s.cfg.Dialects, handlers.FaceSearch) {
		return nil
	}
	there, err := keys.AnyValid(ctx)
	if there || err != nil {
		return err
	}
	how := slog.String("make_one", "facekeep apikey create --name first --role admin")
	if required {
		s.log.WarnContext(ctx, "requests need an API key, and there is none", how)
	} else {
		s.log.InfoContext(ctx, "requests to face-search need an API key, and there is none", how)
	}
	return nil
}

// access returns what asks for keys in the dialects that may be without, and in those
// that never are.
func (s *Server) access(ctx context.Context) (usual, strict *httpx.Access, err error) {
	keys := apikey.New(s.rows.KeyTable(), nil)
	if err := s.tellKeys(ctx, keys); err != nil {
		return nil, nil, err
	}
	return httpx.NewAccess(keys, s.cfg.keysRequired()), httpx.NewAccess(keys, true), nil
}

// checkReach refuses to serve everybody by mistake: a name such as localhost may stand
// for another address than it seems to.
func (s *Server) checkReach(ctx context.Context, address net.Addr) error {
	if loopback(address.String()) || s.cfg.keysRequired() {
		return nil
	}
	if !s.cfg.AllowAnyone {
		return face.Errorf(face.Invalid, "--listen (FACEKEEP_LISTEN): %s is not an address of this machine alone: want --api-keys=required, or --allow-anyone", address)
	}
	s.log.WarnContext(ctx, "ANYONE who can reach this address can enrol, search and delete people, because the server was told so: --allow-anyone (FACEKEEP_ALLOW_ANYONE)",
		slog.String("address", address.String()))
	return nil
}

// KeyStore is the configuration of where API keys are kept, for commands beside the
// server.
type KeyStore struct {
	DataDir         string `help:"Folder of the embedded database." default:"./data" env:"FACEKEEP_DATA_DIR" group:"Storage"`
	DatabaseURL     string `help:"Postgres that the gallery is in. Without it, SQLite in the data folder." env:"FACEKEEP_DATABASE_URL" placeholder:"URL" group:"Storage"`
	DatabaseURLFile string `help:"File that holds the URL of Postgres, for the secret in it." env:"FACEKEEP_DATABASE_URL_FILE" placeholder:"FILE" group:"Storage"`
}

// Validate refuses values that cannot work, by name.
func (k *KeyStore) Validate() error {
	if k.DatabaseURL != "" && k.DatabaseURLFile != "" {
		return face.Errorf(face.Invalid, "--database-url-file (FACEKEEP_DATABASE_URL_FILE): want nothing beside --database-url")
	}
	return nil
}

// Open opens the keys, also while a server uses the database. What it returns last
// closes them.
func (k *KeyStore) Open(ctx context.Context) (*apikey.Keys, func() error, error) {
	url, err := secret(k.DatabaseURL, k.DatabaseURLFile, "--database-url-file (FACEKEEP_DATABASE_URL_FILE)")
	if err != nil {
		return nil, nil, err
	}
	table, err := repository.OpenKeyTable(ctx, repository.Options{Dir: k.DataDir, URL: url, Connections: 1})
	if err != nil {
		return nil, nil, err
	}
	return apikey.New(table, nil), table.Close, nil
}

// With opens the keys for as long as do takes.
func (k *KeyStore) With(ctx context.Context, do func(*apikey.Keys) error) error {
	keys, closeKeys, err := k.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(keys), closeKeys())
}
