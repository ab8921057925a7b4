// Package triage finds what is broken in a cluster right now. It is for the
// engineer who was just called: not what might break one day, which is what rules
// are for, but what does not work, and since when.
//
// # Design
//
// A [Detector] is a value, like a rule: an id, what it reads, for how long
// something must be so before it counts, and a function that looks at one
// namespace. What it sees are [Signal]s: one object, one thing that is wrong with
// it, and since when, by what the objects themselves say. That is the first
// principle: at the first sync nothing has been observed yet, and an outage that
// began an hour ago began an hour ago all the same.
//
// Detectors know no clock, not even the view's. A signal says from when it holds
// ([Signal.Since]), how long that must last ([Signal.After]) and when it ceases
// to hold although no object changes ([Signal.Until]). So what was seen of a
// namespace stays true until one of its objects changes: [Detection] asks again
// only where something did, and [Watch] lets time pass over what was seen.
//
//	view → Detection → signals → Watch → suspect, firing, recovering, resolved
//
// How bad a signal is follows from what it does to users, not from the word that
// a component has for it: [Impact] weighs a workload by what of it is left and
// who depends on it.
//
// What could not be read is unknown, never well: a detector that reads a resource
// to which the view is blind says nothing in that namespace, and [Detection.Blind]
// names it. What was read and is not followed any more, because the server does not
// answer us, is what it was, and named there as well; but of Leases silence is all that
// detectors look for, and it would be ours: they say nothing of those. That our own view
// is behind is no signal: it is true of us and not of the cluster, the states of the view
// tell it for each kind ([kube.Stale]), and the screen says it on every page.
//
// The detectors themselves are in the packages of the folder signals, one file
// each, with their examples. What components say in messages is read by package
// message; what changed is in package change, who else is hit in package blast,
// why in package cause, and package incident joins all of it: one incident is one
// thing to mend.
package triage
