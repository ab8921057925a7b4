// Package platform is the screen that says how far a cluster has what one in production is
// run with: each capability with its state, and below it what was found, what is wrong,
// and what to do next.
//
// To look for traces goes through all workloads, so it is done in the background, and anew
// no more than once a second however busy the cluster is. What is said here is what
// scan --platform says.
package platform
