// Package load puts load on a server and says how it bears it: latencies, throughput,
// refusals, and what the server's process uses, where it runs on this machine.
package load
