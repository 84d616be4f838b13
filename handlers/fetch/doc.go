// Package fetch gets pictures from the addresses that clients name, from hosts
// that the operator has listed and nowhere else. Whoever may name addresses to a
// server may try to have it read what only the server can reach: so a listed host
// is resolved once, and only addresses of the public internet are dialled, unless
// the list says that the host is a private one.
package fetch
