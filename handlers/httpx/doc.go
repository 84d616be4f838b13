// Package httpx holds what every wire dialect needs of HTTP and none owns:
// binding of JSON bodies and queries, the table from error kinds to statuses,
// problem bodies, limits on bodies and time, request ids, the access log,
// metrics, health, and a handler that forgives the case of a path.
package httpx
