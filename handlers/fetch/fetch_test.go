package fetch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/facekeep/facekeep/face"
)

// names is a resolver that knows some hosts and counts what it was asked.
type names struct {
	addrs map[string][]string // of a host: an answer for each time it is asked, the last one from then on
	asked atomic.Int32
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	i := int(n.asked.Add(1)) - 1
	answers := n.addrs[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{netip.MustParseAddr(answers[min(i, len(answers)-1)])}, nil
}

// site is a server on this machine that is known by names.
type site struct {
	port string
	hits atomic.Int32
}

func newSite(t *testing.T, handler http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hits.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.port = u.Port()
	return s
}

func newFetcher(t *testing.T, o Options) *Fetcher {
	t.Helper()
	if o.Limit == 0 {
		o.Limit = 1 << 20
	}
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func picture(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write([]byte("a picture"))
}

const refused = "image.imageUrl: the picture at this address cannot be had"

func TestFetch(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			w.Header().Set("Content-Type", "text/html")
		case "/large":
			_, _ = w.Write(make([]byte, 101))
		case "/just":
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = w.Write(make([]byte, 100))
		case "/missing":
			http.NotFound(w, r)
		case "/wait":
			<-r.Context().Done()
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/picture", http.StatusFound)
		case "/out":
			http.Redirect(w, r, "http://unlisted.example.com:"+r.URL.Query().Get("port")+"/", http.StatusFound)
		case "/in":
			http.Redirect(w, r, "http://public.example.com:"+r.URL.Query().Get("port")+"/", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		default:
			picture(w, r)
		}
	})
	f := newFetcher(t, Options{
		Limit: 100, Timeout: time.Second,
		Allow: []string{"private:pictures.example.com:" + s.port, "public.example.com:" + s.port, "private:*.cdn.example.com:" + s.port,
			"private:[::1]:" + s.port, "127.0.0.1:" + s.port},
		Resolver: &names{addrs: map[string][]string{
			"pictures.example.com": {"127.0.0.1"}, "public.example.com": {"127.0.0.1"}, "unlisted.example.com": {"127.0.0.1"},
			"a.cdn.example.com": {"::ffff:127.0.0.1"}, "cdn.example.com": {"127.0.0.1"},
		}},
	})
	tests := []struct {
		name, address string
		bytes         int // -1: refused
		hits          int32
	}{
		{"a picture", "http://pictures.example.com:PORT/", 9, 1},
		{"any case, a full name", "HTTP://Pictures.Example.Com.:PORT/a.jpg", 9, 1},
		{"below a domain", "http://a.cdn.example.com:PORT/", 9, 1},
		{"exactly the limit", "http://pictures.example.com:PORT/just", 100, 1},
		{"a redirect", "http://pictures.example.com:PORT/moved", 9, 2},
		{"over the limit", "http://pictures.example.com:PORT/large", -1, 1},
		{"a page", "http://pictures.example.com:PORT/page", -1, 1},
		{"nothing there", "http://pictures.example.com:PORT/missing", -1, 1},
		{"never an answer", "http://pictures.example.com:PORT/wait", -1, 1},
		{"redirects without end", "http://pictures.example.com:PORT/loop", -1, maxRedirects + 1},
		{"a redirect to a host that is not listed", "http://pictures.example.com:PORT/out?port=PORT", -1, 1},
		{"a redirect to a private address", "http://pictures.example.com:PORT/in?port=PORT", -1, 1},
		{"a redirect to a file", "http://pictures.example.com:PORT/file", -1, 1},
		{"the domain itself", "http://cdn.example.com:PORT/", -1, 0},
		{"a listed host with a private address", "http://public.example.com:PORT/", -1, 0},
		{"a private address, listed as public", "http://127.0.0.1:PORT/", -1, 0},
		{"a host that is not listed", "http://unlisted.example.com:PORT/", -1, 0},
		{"another port", "http://pictures.example.com:1/", -1, 0},
		{"no port", "http://pictures.example.com/", -1, 0},
		{"another scheme of the port", "ftp://pictures.example.com:PORT/", -1, 0},
		{"a file", "file:///etc/passwd", -1, 0},
		{"credentials", "http://me:secret@pictures.example.com:PORT/", -1, 0},
		{"the host as a user", "http://pictures.example.com:PORT@unlisted.example.com:PORT/", -1, 0},
		{"a number for a host", "http://2130706433:PORT/", -1, 0},
		{"no host", "http:///picture", -1, 0},
		{"no address", "pictures.example.com", -1, 0},
		{"opaque", "http:pictures.example.com:PORT", -1, 0},
		{"a long address", "http://pictures.example.com:PORT/" + strings.Repeat("a", maxURL), -1, 0},
		{"none", "", -1, 0},
	}
	for _, tt := range tests { // one after the other, for the hits are counted
		t.Run(tt.name, func(t *testing.T) {
			before := s.hits.Load()
			got, err := f.Fetch(t.Context(), "image.imageUrl", strings.ReplaceAll(tt.address, "PORT", s.port))
			if hits := s.hits.Load() - before; hits != tt.hits {
				t.Errorf("the server was asked %d times, want %d", hits, tt.hits)
			}
			if tt.bytes >= 0 {
				if err != nil || len(got) != tt.bytes {
					t.Errorf("got %d bytes, %v, want %d", len(got), err, tt.bytes)
				}
				return
			}
			if face.KindOf(err) != face.Invalid || face.MessageOf(err) != refused || face.FieldOf(err) != "image.imageUrl" {
				t.Errorf("got %d bytes, %v, want the one refusal", len(got), err)
			}
			if err != nil && strings.Contains(err.Error(), "example.com") {
				t.Errorf("the error for the log has the address: %v", err)
			}
		})
	}
}

// A name that answers otherwise when it is asked again gains nothing: nobody asks
// again.
func TestRebinding(t *testing.T) {
	t.Parallel()
	s := newSite(t, picture)
	resolver := &names{addrs: map[string][]string{"rebind.example.com": {"10.255.255.1", "127.0.0.1"}}}
	f := newFetcher(t, Options{Allow: []string{"rebind.example.com:" + s.port}, Resolver: resolver})
	if _, err := f.Fetch(t.Context(), "image.imageUrl", "http://rebind.example.com:"+s.port+"/"); err == nil {
		t.Error("got a picture from a private address")
	}
	if got := resolver.asked.Load(); got != 1 {
		t.Errorf("the name was resolved %d times, want once", got)
	}
	resolver = &names{addrs: map[string][]string{"rebind.example.com": {"127.0.0.1", "10.255.255.1"}}}
	f = newFetcher(t, Options{Allow: []string{"private:rebind.example.com:" + s.port}, Resolver: resolver})
	if _, err := f.Fetch(t.Context(), "image.imageUrl", "http://rebind.example.com:"+s.port+"/"); err != nil {
		t.Errorf("got %v, want the picture of the address that was checked", err)
	}
	if got := resolver.asked.Load(); got != 1 {
		t.Errorf("the name was resolved %d times, want once", got)
	}
}

// A proxy of the environment would dial what was never checked.
func TestNoProxy(t *testing.T) {
	s := newSite(t, picture)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:"+s.port)
	f := newFetcher(t, Options{Allow: []string{"pictures.example.com"}, Resolver: &names{}})
	if _, err := f.Fetch(t.Context(), "f", "http://pictures.example.com/"); err == nil || s.hits.Load() != 0 {
		t.Errorf("got %v with %d requests to the proxy, want none", err, s.hits.Load())
	}
}

func TestFetchersThatGetNothing(t *testing.T) {
	t.Parallel()
	f := newFetcher(t, Options{})
	if _, err := f.Fetch(t.Context(), "image.imageUrl", "http://example.com/"); face.KindOf(err) != face.Invalid {
		t.Errorf("without a list: got %v, want a refusal", err)
	}
	f = newFetcher(t, Options{Allow: []string{"example.com"}})
	for range maxAtATime {
		f.slots <- struct{}{}
	}
	if _, err := f.Fetch(t.Context(), "image.imageUrl", "http://example.com/"); face.KindOf(err) != face.Overloaded {
		t.Errorf("with all fetches taken: got %v, want it to be overloaded", err)
	}
}

func TestRedirectRules(t *testing.T) {
	t.Parallel()
	f := newFetcher(t, Options{Allow: []string{"a.example.com"}})
	from := httptest.NewRequest(http.MethodGet, "https://a.example.com/", http.NoBody)
	for target, ok := range map[string]bool{"https://a.example.com/x": true, "http://a.example.com/x": false, "https://b.example.com/": false} {
		to := httptest.NewRequest(http.MethodGet, target, http.NoBody)
		to.Header.Set("Referer", "https://a.example.com/?secret")
		if err := f.redirect(to, []*http.Request{from}); (err == nil) != ok {
			t.Errorf("https to %s: got %v, want it followed: %t", target, err, ok)
		} else if ok && to.Header.Get("Referer") != "" {
			t.Error("the next host is told of the address before")
		}
	}
}
