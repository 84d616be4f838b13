// Package handlers mounts the wire dialects, their documents, and the manners
// of a service (health, metrics, limits, the access log) on one http.Handler.
package handlers
