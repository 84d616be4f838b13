// Package remote sends requests to a server over HTTP, as a client of it does.
package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/facekeep/facekeep/face"
)

// keyHeader carries the API key of a request.
const keyHeader = "x-api-key"

// maxAnswer bounds what is read of an answer, in bytes: no answer that is asked for
// here comes near it.
const maxAnswer = 64 << 20

// Options say which server is spoken to, and how.
type Options struct {
	URL       string            // where the server is, without the path of an API
	Key       string            // API key; "": none is sent
	Timeout   time.Duration     // of one request, its answer included; 0: none
	Transport http.RoundTripper // nil: one that keeps its connections
}

// Client speaks to one server. It is safe for concurrent use.
type Client struct {
	base *url.URL
	key  string
	http *http.Client
}

// New returns a client. A URL that is none of HTTP is Invalid.
func New(o Options) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(o.URL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.RawQuery != "" {
		return nil, face.Errorf(face.Invalid, "%q is not the address of a server, such as http://localhost:8098", o.URL)
	}
	if o.Transport == nil {
		o.Transport = keeping()
	}
	return &Client{base: base, key: o.Key, http: &http.Client{
		Transport: o.Transport, Timeout: o.Timeout,
		// What a request holds is for this server alone.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// keeping returns a transport that keeps a connection for each request under way: the
// default one keeps two.
func keeping() http.RoundTripper {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 4096, IdleConnTimeout: time.Minute,
		TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true, DisableCompression: true,
	}
	return t
}

// URL returns the address of the server.
func (c *Client) URL() string { return c.base.String() }

// Host returns the host and, unless it is the usual one, the port of the server.
func (c *Client) Host() string { return c.base.Host }

// Answer is what a server said.
type Answer struct {
	Status     int
	RetryAfter time.Duration // for which it asked to wait; 0: it did not
	Body       []byte
}

// Send sends a request, with a body of JSON unless it is nil. path may hold a query,
// and is escaped already. An answer of any status is no error; no whole answer is.
func (c *Client) Send(ctx context.Context, method, path string, body []byte) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, bytes.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		req.Header.Set(keyHeader, c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return Answer{}, fmt.Errorf("read the answer: %w", err)
	}
	return Answer{Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), time.Now()), Body: data}, nil
}

// Close ends the connections that are not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }
