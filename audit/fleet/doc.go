// Package fleet puts several clusters side by side: how each stands, and what one has
// and another lacks.
//
// # Design
//
// A [Standing] is what is remembered of an assessment: scores, counts, what each rule
// found and what it costs each namespace. It holds no view, so that a fleet of many
// clusters takes no more memory than the one that is being judged. A [Cluster] that could
// not be looked at has the reason in its place: it stands in every list, and counts as
// nothing seen in the fleet's coverage.
//
// A cluster that the kubeconfig names twice is one. [Join] finds that out by the UID of
// the namespace kube-system, which no two clusters share and which stays as long as the
// cluster does; where it may not be read, by the server's address and authority.
//
// There is no score of a fleet: a mean would hide the one cluster that is open.
//
// What one lacks is told only where it was looked for. A rule without findings has passed
// where it judged something and could read all of it, applies to nothing, or is unknown,
// and these are three answers ([Verdict]). Where two clusters have a namespace of the same
// name, the points that each rule costs there add up to what each score lacks, so that the
// difference of the two is explained in full ([Shared]).
//
// The order of everything follows from what it is, never from which cluster answered
// first. The package does no I/O and starts no goroutine.
package fleet
