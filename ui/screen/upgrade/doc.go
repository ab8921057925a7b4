// Package upgrade is the screen that says what stands in the way of a cluster's next minor
// release: each concern with its state, in the order in which one acts, and below it the
// objects, why they matter, and what to do.
//
// It goes through all findings, so it is done in the background, and anew no more than once
// a second however busy the cluster is. What is said here is what scan --upgrade says.
package upgrade
