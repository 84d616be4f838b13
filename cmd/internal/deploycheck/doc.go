// Package deploycheck holds deployments/ to the code: its tests load the compose
// file, render the chart and read the Dockerfiles, and compare what these set
// with the one configuration there is. Nothing is built or started for it.
package deploycheck
