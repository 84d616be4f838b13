// Package batch runs jobs on a fixed number of workers behind a bounded queue.
// It knows no model: a job is a function.
package batch
