package fetch

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/facekeep/facekeep/face"
)

// privateMark begins an entry whose host may have private addresses.
const privateMark = "private:"

// entry is one host, or all hosts below a domain, that may be fetched from.
type entry struct {
	host    string // in lower case; of a domain with its leading dot
	below   bool   // any host below the domain
	port    string // "": the port that the scheme has by default
	private bool   // private and loopback addresses are dialled as well
}

// parseEntry reads one entry of the list: host, host:port or *.domain, with
// "private:" before it for hosts of one's own network.
func parseEntry(text string) (entry, error) {
	rest, private := strings.CutPrefix(strings.ToLower(strings.TrimSpace(text)), privateMark)
	e := entry{host: rest, private: private}
	if host, port, err := net.SplitHostPort(rest); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return e, face.Errorf(face.Invalid, "%q: the port must be between 1 and 65535", text)
		}
		e.host, e.port = host, port
	}
	e.host = strings.TrimSuffix(strings.Trim(e.host, "[]"), ".")
	if domain, ok := strings.CutPrefix(e.host, "*."); ok {
		e.host, e.below = "."+domain, true
	}
	if e.host == "" || e.host == "." || strings.ContainsAny(e.host, "*/@?# ") {
		return e, face.Errorf(face.Invalid, "%q: want host, host:port or *.domain, with private: before it for hosts of your own network", text)
	}
	return e, nil
}

// allows reports whether a host and port are meant. The port is that of the
// address, also where it is its scheme's default.
func (e entry) allows(scheme, host, port string) bool {
	if e.below && !strings.HasSuffix(host, e.host) || !e.below && host != e.host {
		return false
	}
	if e.port == "" {
		return port == defaultPort(scheme)
	}
	return port == e.port
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// list is all that may be fetched from.
type list []entry

// find returns the entry that allows an address, and whether there is one.
func (l list) find(u *url.URL) (entry, bool) {
	host, port := place(u)
	for _, e := range l {
		if e.allows(u.Scheme, host, port) {
			return e, true
		}
	}
	return entry{}, false
}

// place returns the host of an address, in lower case and without the dot of a
// full name, and its port.
func place(u *url.URL) (host, port string) {
	host, port = strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if port == "" {
		port = defaultPort(u.Scheme)
	}
	return host, port
}
