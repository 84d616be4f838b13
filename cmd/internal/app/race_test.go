//go:build race

package app_test

// raceSlowdown is about what the race detector makes of the time of a request.
const raceSlowdown = 10
