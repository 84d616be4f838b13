// Package indexsync keeps an index of templates equal to the database: Load
// fills it at start, and a Relay applies what is committed afterwards, in the
// order of the commits.
package indexsync
