// Package incident turns signals into incidents: one incident is one thing to
// mend, whatever else breaks because of it, and it stays the same incident while
// the pods that show it come and go.
//
// # Design
//
// A [Tracker] looks at each view with the detectors, lets time pass over what they
// see ([triage.Watch]) and groups it, each time anew and in this order:
//
//	ladder   what breaks something explains what breaks by it: a node its pods, a
//	         webhook the pods that are refused (mechanism.go is the table)
//	effects  what is said of a workload, a Service, an Ingress or a budget belongs
//	         to what is wrong with the pods behind it
//	owners   what is left is one thing for each workload, or for each kind of cause
//	         that its pods name
//	shares   owners that fail alike are one thing if they have in common what their
//	         healthy peers do not: a missing Secret, an image, a node
//	residue  what stays alone is an incident of its own, or one of the notes if it
//	         is of no consequence
//
// A namespace never makes an incident: that many things are in one place explains
// nothing.
//
// What was grouped before has a say in three places only. What explained a signal
// goes on doing so while it lasts and for five minutes after, although the signal
// began outside of its window. Owners that were one thing remain so until one of
// them recovers and another does not. And a group takes over the identity of the
// incident that it continues (identity.go): by its root, or because all that the
// other was about is now explained by it.
//
// Everything else follows from the view and from the time, and the same sequence of
// views gives the same reports.
//
// # What it costs
//
// The detectors look only where something changed. Grouping goes through the
// signals that are known, never through the pods, but for the one question whether
// healthy pods have something in common with those that fail: the counts for that
// are kept by namespace (census.go) and made only while somebody asks. What a
// workload has lost is asked again when its namespace changed (weighing.go), and an
// incident of which nothing changed is not written again (telling.go).
//
// # Where to add
//
// What may explain what is a line in mechanism.go, by the ids of the detectors.
package incident
