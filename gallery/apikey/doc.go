// Package apikey makes, lists, revokes and checks the keys of clients. It needs
// the table of keys alone, neither engine nor index: the command line uses it
// beside a server that runs.
package apikey
