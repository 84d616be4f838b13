package fetch

import (
	"net/netip"
	"testing"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	tests := []struct {
		addr            string
		public, private bool // whether it may be dialled for a public and a private host
	}{
		{"8.8.8.8", true, true},
		{"2606:4700::1111", true, true},
		{"::ffff:8.8.8.8", true, true},
		{"10.0.0.1", false, true},
		{"172.16.5.4", false, true},
		{"192.168.1.1", false, true},
		{"127.0.0.1", false, true},
		{"::1", false, true},
		{"fc00::1", false, true},
		{"100.64.0.1", false, true},
		{"::ffff:10.0.0.1", false, true},
		{"::ffff:127.0.0.1", false, true},
		{"169.254.169.254", false, false},
		{"::ffff:169.254.169.254", false, false},
		{"fd00:ec2::254", false, false},
		{"fd20:ce::254", false, false},
		{"100.100.100.200", false, false},
		{"192.0.0.192", false, false},
		{"fe80::1", false, false},
		{"fe80::1%eth0", false, false},
		{"2606:4700::1111%eth0", false, false},
		{"0.0.0.0", false, false},
		{"::", false, false},
		{"224.0.0.1", false, false},
		{"ff02::1", false, false},
		{"255.255.255.255", false, false},
		{"198.18.0.1", false, false},
		{"203.0.113.1", false, false},
		{"2001:db8::1", false, false},
		{"64:ff9b::7f00:1", false, false},
		{"64:ff9b::808:808", false, false},
		{"64:ff9b:1::7f00:1", false, false},
		{"2002:7f00:1::", false, false},
		{"::7f00:1", false, false},
	}
	g := newGuard()
	for _, tt := range tests {
		addr := netip.MustParseAddr(tt.addr)
		if err := g.check(addr, false); (err == nil) != tt.public {
			t.Errorf("%s for a public host: got %v, want it dialled: %t", tt.addr, err, tt.public)
		}
		if err := g.check(addr, true); (err == nil) != tt.private {
			t.Errorf("%s for a private host: got %v, want it dialled: %t", tt.addr, err, tt.private)
		}
	}
}
