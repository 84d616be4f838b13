package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/facekeep/facekeep/face"
)

// Bounds on what a client can make the server do by naming an address.
const (
	defaultTimeout = 10 * time.Second
	maxAtATime     = 4
	maxRedirects   = 3
	maxURL         = 2048     // characters
	maxHeader      = 64 << 10 // bytes of the headers of an answer
)

// Options say where pictures may be had.
type Options struct {
	Allow    []string      // host, host:port or *.domain, "private:" before it for hosts of one's own network
	Limit    int64         // bytes of a picture
	Timeout  time.Duration // for a picture, redirects and all; 0: ten seconds
	Resolver Resolver      // nil: the system's
}

// Fetcher gets pictures from listed hosts. A nil one gets none.
type Fetcher struct {
	allow   list
	dialer  dialer
	client  *http.Client
	limit   int64
	timeout time.Duration
	slots   chan struct{}
}

// New returns a fetcher, or nil where nothing is allowed. It returns an Invalid
// error for an entry that it cannot read.
func New(o Options) (*Fetcher, error) {
	if len(o.Allow) == 0 {
		return nil, nil //nolint:nilnil // a nil Fetcher is the one that gets nothing
	}
	f := &Fetcher{
		limit: o.Limit, timeout: cmp.Or(o.Timeout, defaultTimeout), slots: make(chan struct{}, maxAtATime),
		dialer: dialer{resolver: o.Resolver, guard: newGuard()},
	}
	if f.dialer.resolver == nil {
		f.dialer.resolver = net.DefaultResolver
	}
	for _, text := range o.Allow {
		e, err := parseEntry(text)
		if err != nil {
			return nil, err
		}
		f.allow = append(f.allow, e)
	}
	f.client = &http.Client{CheckRedirect: f.redirect, Transport: roundTripper{f}}
	return f, nil
}

// Fetch gets the picture at an address, which a field of a request named. Every
// failure is one Invalid error, whatever the reason: what the server can reach and
// a client cannot is not the client's to know. The reason is the cause, for the
// log. Where too many pictures are being fetched, the error is Overloaded.
func (f *Fetcher) Fetch(ctx context.Context, field, address string) ([]byte, error) {
	if f == nil {
		return nil, face.FieldErrorf(field, "%s: this server gets no pictures from addresses", field)
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		return nil, face.Errorf(face.Overloaded, "too many pictures are being fetched: try again soon")
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	data, err := f.get(ctx, address)
	if err != nil {
		e := face.FieldErrorf(field, "%s: the picture at this address cannot be had", field)
		e.Err = withoutAddress(err)
		return nil, e
	}
	return data, nil
}

// withoutAddress takes the address out of an error: it may tell of a person, or
// hold a secret.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

var errAddress = errors.New("the address is not one of http or https without credentials")

func (f *Fetcher) get(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxURL {
		return nil, errAddress
	}
	if _, err := f.check(u); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "image/*")
	req.Header.Set("User-Agent", "Facekeep")
	res, err := f.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return f.read(res)
}

// check returns the entry that allows an address.
func (f *Fetcher) check(u *url.URL) (entry, error) {
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return entry{}, errAddress
	}
	e, ok := f.allow.find(u)
	if !ok {
		return e, errors.New("the host is not on the list")
	}
	return e, nil
}

// redirect holds where an answer sends us to the same rules. It does not tell the
// next host of the address before, which may hold a secret.
func (f *Fetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errors.New("too many redirects")
	}
	if req.URL.Scheme == "http" && via[len(via)-1].URL.Scheme == "https" {
		return errors.New("a redirect from https to http")
	}
	req.Header.Del("Referer")
	_, err := f.check(req.URL)
	return err
}

func (f *Fetcher) read(res *http.Response) ([]byte, error) {
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", res.StatusCode)
	}
	if !isPicture(res.Header.Get("Content-Type")) {
		return nil, errors.New("the content type is not that of a picture")
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, f.limit+1))
	if err == nil && int64(len(data)) > f.limit {
		err = fmt.Errorf("larger than %d bytes", f.limit)
	}
	return data, err
}

// isPicture reports whether a content type may be that of a picture. Stores of
// files often say nothing of what they hold.
func isPicture(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasPrefix(media, "image/") ||
		slices.Contains([]string{"application/octet-stream", "binary/octet-stream"}, media))
}
