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
// Of a view it takes, beside what is shared with all who read the view:
//
//	changed objects      the detectors that read them look at their namespaces again,
//	                     at the nodes of troubled pods that changed, and with the few
//	                     that are wide at the cluster
//	their namespaces     what their workloads with a signal have lost is asked again
//	                     (owner.go), and the keys of the signals
//	changed owners       those with a signal that changed are parted into units anew
//	                     (unit.go); the units of the others stay
//	changed incidents    are told again as a whole (telling.go): sorted, with their
//	                     lines and members
//	all known signals    are gone through a few times, and no name is looked up for it:
//	                     a signal points to its owner and to its namespaces
//	all pods             never, but for the one question whether healthy pods have
//	                     something in common with those that fail. The counts for that
//	                     are kept by namespace (census.go) and made only while somebody
//	                     asks. Which workloads pull an image, or run on a node, is asked
//	                     of all pods when two of them fail alike.
//
// So one pod that changes costs what is known of its namespace and of its incident; in a
// flood that may be all there is.
//
// # Where to add
//
// What may explain what is a line in mechanism.go, by the ids of the detectors.
package incident
