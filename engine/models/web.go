package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// errStalled is the cause of a request that was given up.
var errStalled = errors.New("the host sent nothing for too long")

// web downloads raw repository files. A host that fails once is not asked
// again, so that a closed network costs seconds and not minutes.
type web struct {
	client *http.Client
	mirror string
	stall  time.Duration
	down   map[string]error // by host: why it is not asked again
}

func newWeb(o Options) *web {
	return &web{
		client: &http.Client{Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: o.ConnectLimit}).DialContext,
			TLSHandshakeTimeout: o.ConnectLimit,
			ForceAttemptHTTP2:   true,
			DisableCompression:  true, // sizes are compared as they are sent
		}},
		mirror: o.Mirror,
		stall:  o.StallLimit,
		down:   map[string]error{},
	}
}

func (w *web) close() { w.client.CloseIdleConnections() }

// address returns where a GitHub source lies.
func (w *web) address(s Source) string {
	parts := strings.Split(s.Repo+"/"+s.Commit+"/"+s.Path, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.TrimSuffix(w.mirror, "/") + "/" + strings.Join(parts, "/")
}

// download brings a file from its repository.
func (p *puller) download(ctx context.Context, e Entry) error {
	address := p.web.address(e.Source)
	return p.web.get(ctx, address, e.Size, func(body io.Reader) error {
		return p.install(ctx, e, delivery{from: address, phase: Downloading, body: body})
	})
}

// get asks for address and hands on the body, unless it announces more or fewer
// than size bytes.
func (w *web) get(ctx context.Context, address string, size int64, use func(io.Reader) error) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if cause, ok := w.down[u.Host]; ok {
		return fmt.Errorf("%s was not asked again after: %w", u.Host, cause)
	}
	reached, err := w.fetch(ctx, address, size, use)
	if !reached && ctx.Err() == nil {
		w.down[u.Host] = err
	}
	return err
}

// fetch is get without the memory. Reached is false when the host is not worth
// another try.
func (w *web) fetch(ctx context.Context, address string, size int64, use func(io.Reader) error) (reached bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(w.stall, func() { cancel(errStalled) })
	defer watch.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return true, err
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return false, w.reason(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return true, fmt.Errorf("the host answered %s", resp.Status)
	}
	if resp.ContentLength >= 0 && resp.ContentLength != size {
		return true, fmt.Errorf("the host announced %d bytes, the manifest has %d", resp.ContentLength, size)
	}
	err = w.reason(ctx, use(&watched{body: resp.Body, watch: watch, limit: w.stall}))
	return !errors.Is(err, errStalled), err
}

// reason says what lies behind err: of a request given up, that.
func (w *web) reason(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errStalled) {
		return fmt.Errorf("%w (%s)", errStalled, w.stall)
	}
	// The address is in the report already.
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// watched puts off the end of a request with every byte that comes.
type watched struct {
	body  io.Reader
	watch *time.Timer
	limit time.Duration
}

func (r *watched) Read(b []byte) (int, error) {
	n, err := r.body.Read(b)
	if n > 0 {
		r.watch.Reset(r.limit)
	}
	return n, err
}
