package fetch

import (
	"net/url"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/face"
)

func TestParseEntry(t *testing.T) {
	t.Parallel()
	tests := map[string]entry{
		"pictures.example.com":             {host: "pictures.example.com"},
		"Pictures.Example.com.":            {host: "pictures.example.com"},
		"pictures.example.com:8443":        {host: "pictures.example.com", port: "8443"},
		"*.cdn.example.com":                {host: ".cdn.example.com", below: true},
		"private:minio:9000":               {host: "minio", port: "9000", private: true},
		"private:*.internal":               {host: ".internal", below: true, private: true},
		"private:[fd00::1]:80":             {host: "fd00::1", port: "80", private: true},
		"[2001:4860::1]":                   {host: "2001:4860::1"},
		"192.0.2.1":                        {host: "192.0.2.1"},
		"Private:10.0.0.1":                 {host: "10.0.0.1", private: true},
		"*.xn--bcher-kva.example.com:8080": {host: ".xn--bcher-kva.example.com", port: "8080", below: true},
	}
	for text, want := range tests {
		if got, err := parseEntry(text); err != nil || got != want {
			t.Errorf("parseEntry(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "*", "*.", "private:", "http://example.com", "a.*.example.com", "example.com:0", "example.com:http", "example.com:99999", "me@example.com", "example.com/x", ".", "a b"} {
		if got, err := parseEntry(text); face.KindOf(err) != face.Invalid {
			t.Errorf("parseEntry(%q) = %+v, %v, want an error", text, got, err)
		}
	}
}

// Whatever the text of an address, what is let through is a listed host on its
// port.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"http://pictures.example.com/", "https://a.cdn.example.com:443/x?y#z", "http://pictures.example.com@evil/", "http://evil\\@pictures.example.com/",
		"http://[::1%25eth0]/", "http://pictures.example.com%00.evil/", "HTTP:pictures.example.com", "http://pictures.example.com:080/",
	} {
		f.Add(seed)
	}
	fetcher, err := New(Options{Allow: []string{"pictures.example.com", "*.cdn.example.com"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		if _, err := fetcher.check(u); err != nil {
			return
		}
		host, port := place(u)
		listed := host == "pictures.example.com" || strings.HasSuffix(host, ".cdn.example.com")
		if !listed || port != "80" && port != "443" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q was let through: host %q, port %q", address, host, port)
		}
	})
}
