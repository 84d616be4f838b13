//go:build !race

package app_test

const raceSlowdown = 1
