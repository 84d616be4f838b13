package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"code.dny.dev/ssrf"
)

// Resolver finds the addresses of hosts, as net.Resolver does.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// guard tells which addresses may be dialled. The tables of special networks are
// a library's, which follows the registries that change them.
type guard struct {
	public  *ssrf.Guardian
	private *ssrf.Guardian
}

func newGuard() guard {
	return guard{
		public: ssrf.New(ssrf.WithAnyPort()),
		private: ssrf.New(ssrf.WithAnyPort(),
			ssrf.WithAllowedV4Prefixes(prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8")...),
			ssrf.WithAllowedV6Prefixes(prefixes("fc00::/7", "::1/128")...)),
	}
}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(texts))
	for _, t := range texts {
		out = append(out, netip.MustParsePrefix(t))
	}
	return out
}

// metadata are the addresses at which clouds tell machines their credentials, as
// far as they lie in networks that private hosts may have.
var metadata = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("fd20:ce::254"),
}

// check returns an error for an address that must not be dialled. IPv4 within
// IPv6 counts as what it is; the other ways to write it (NAT64, 6to4) lie outside
// of what is let through.
func (g guard) check(addr netip.Addr, private bool) error {
	addr = addr.Unmap()
	if addr.Zone() != "" || slices.Contains(metadata, addr) {
		return ssrf.ErrProhibitedIP
	}
	if private {
		return g.private.SafeAddr(addr)
	}
	return g.public.SafeAddr(addr)
}

// dialer dials checked addresses alone. The host is resolved once, here: between
// the check and the connection nobody is asked again.
type dialer struct {
	resolver Resolver
	guard    guard
	net      net.Dialer
}

// dial connects to the first address of a host that may be dialled and answers.
func (d *dialer) dial(ctx context.Context, network, host, port string, private bool) (net.Conn, error) {
	addrs, err := d.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, addr := range addrs {
		if err := d.guard.check(addr, private); err != nil {
			errs = append(errs, err)
			continue
		}
		conn, err := d.net.DialContext(ctx, network, net.JoinHostPort(addr.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("no address of the host can be reached: %w", errors.Join(errs...))
}

func (d *dialer) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	return d.resolver.LookupNetIP(ctx, "ip", host)
}
