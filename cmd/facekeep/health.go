package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/facekeep/facekeep/face"
)

// healthCmd asks a running server how it is. Images hold no other program that
// could.
type healthCmd struct {
	URL     string        `help:"What to ask. Without it, /readyz of the server on this machine." placeholder:"URL"`
	Listen  string        `help:"Address that the server listens on." default:"127.0.0.1:8098" env:"FACEKEEP_LISTEN"`
	Timeout time.Duration `help:"Time that the answer may take." default:"8s"`
}

// Run fails unless the server answers 200. The error is of the kind Unavailable,
// and holds the beginning of what the server said instead.
func (c *healthCmd) Run(ctx context.Context) error {
	target, err := c.target()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return face.Errorf(face.Invalid, "--url: %q is not an address", target)
	}
	// A proxy knows nothing of this machine, and a redirection is no answer.
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		return face.Wrap(face.Unavailable, err, "no answer")
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		return nil
	}
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return face.Wrap(face.Unavailable, err, res.Status)
	}
	return face.Errorf(face.Unavailable, "%s: %s", res.Status, strings.TrimSpace(string(said)))
}

// target returns the address to ask: a server that listens on all interfaces is
// asked on the loopback.
func (c *healthCmd) target() (string, error) {
	if c.URL != "" {
		if u, err := url.Parse(c.URL); err != nil || u.Host == "" {
			return "", face.Errorf(face.Invalid, "--url: %q is not an address", c.URL)
		}
		return c.URL, nil
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", face.Errorf(face.Invalid, "--listen (FACEKEEP_LISTEN): %q is not host:port", c.Listen)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip != nil && ip.To4() == nil {
			host = "::1"
		}
	}
	return fmt.Sprintf("http://%s/readyz", net.JoinHostPort(host, port)), nil
}
