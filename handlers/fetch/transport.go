package fetch

import (
	"context"
	"net"
	"net/http"
)

// roundTripper sends each request over a connection of its own, which is dialled
// by the entry of the list that allows the request. No proxy of the environment
// comes in between: it would dial what was never checked.
type roundTripper struct{ f *Fetcher }

// RoundTrip sends one request.
func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	e, err := r.f.check(req.URL)
	if err != nil {
		return nil, err
	}
	host, port := place(req.URL)
	transport := &http.Transport{
		DisableKeepAlives:      true,
		DisableCompression:     true, // pictures are compressed already
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return r.f.dialer.dial(ctx, network, host, port, e.private)
		},
	}
	return transport.RoundTrip(req)
}
