package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/facekeep/facekeep/cmd/internal/app"
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery/apikey"
)

// apikeyCmd groups the commands about the keys of clients.
type apikeyCmd struct {
	Create apikeyCreateCmd `cmd:"" help:"Make a key, and print it: it can be read this once."`
	List   apikeyListCmd   `cmd:"" help:"List the keys; nobody can read them again."`
	Revoke apikeyRevokeCmd `cmd:"" help:"End a key. The next request with it is refused."`
}

type apikeyCreateCmd struct {
	Name      string   `help:"What the key is called, in lists and by people; no other key in use has it." required:"" placeholder:"NAME"`
	Role      string   `help:"What it allows: ${enum}. search: identify, compare, read; enrol: also members and faces; admin: also watchlists." enum:"search,enrol,admin" required:"" placeholder:"ROLE"`
	Watchlist []string `help:"Id of a watchlist that the key is for; may be given several times. Without it, the key is for all." sep:"none" placeholder:"ID"`
	Expires   string   `help:"When it ends: after a time (720h) or on a day (2027-01-01, in UTC). Without it, never." placeholder:"WHEN"`

	app.KeyStore `embed:""`
}

// Run makes the key. What it is goes to standard error, so that standard output is the
// key alone.
func (c *apikeyCreateCmd) Run(ctx context.Context) error {
	role, err := face.ParseRole(c.Role)
	if err != nil {
		return err
	}
	expires, err := parseExpiry(c.Expires, time.Now())
	if err != nil {
		return err
	}
	return c.With(ctx, func(keys *apikey.Keys) error {
		made, key, err := keys.Create(ctx, apikey.Request{Name: c.Name, Role: role, Watchlists: c.Watchlist, ExpiresAt: expires})
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(os.Stderr, "made the key %s (%s) with the role %s for %s, valid %s, in %s\nKeep it: it is not shown again.\n",
			made.Name, made.ID, made.Role, listsOf(made), untilOf(made), c.where())
		fmt.Println(key)
		return nil
	})
}

// where says where the key was stored, without the secret of a URL.
func (c *apikeyCreateCmd) where() string {
	if c.DatabaseURL != "" || c.DatabaseURLFile != "" {
		return "Postgres"
	}
	return c.DataDir
}

// parseExpiry reads when a key ends: a time from now, or a day.
func parseExpiry(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(d), nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	return time.Time{}, face.Errorf(face.Invalid, "--expires: %q is neither a time such as 720h nor a day such as 2027-01-01", text)
}

type apikeyListCmd struct {
	app.KeyStore `embed:""`
}

// Run prints a table of all keys.
func (c *apikeyListCmd) Run(ctx context.Context) error {
	return c.With(ctx, func(keys *apikey.Keys) error {
		all, err := keys.List(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tNAME\tROLE\tWATCHLISTS\tMADE\tSTATE")
		for _, k := range all {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Role, listsOf(k), day(k.CreatedAt), stateOf(k, time.Now()))
		}
		return table.Flush()
	})
}

type apikeyRevokeCmd struct {
	Key string `arg:"" help:"Id or name of the key." name:"id|name"`

	app.KeyStore `embed:""`
}

// Run revokes the key.
func (c *apikeyRevokeCmd) Run(ctx context.Context) error {
	return c.With(ctx, func(keys *apikey.Keys) error {
		k, err := keys.Revoke(ctx, c.Key)
		if err != nil {
			return err
		}
		fmt.Printf("revoked the key %s (%s)\n", k.Name, k.ID)
		return nil
	})
}

func listsOf(k face.APIKey) string {
	if len(k.Watchlists) == 0 {
		return "all"
	}
	return strings.Join(k.Watchlists, ", ")
}

func untilOf(k face.APIKey) string {
	if k.ExpiresAt.IsZero() {
		return "until it is revoked"
	}
	return "until " + day(k.ExpiresAt)
}

func stateOf(k face.APIKey, now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked " + day(k.RevokedAt)
	case !k.ValidAt(now):
		return "expired " + day(k.ExpiresAt)
	}
	return "valid " + untilOf(k)
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
