// Package deploy knows what it takes to run seaworthy inside a cluster: the rights it
// needs, the manifests, and a dashboard for its metrics.
//
// # Design
//
// Rights are not written down here. [live.Rights] says what the program asks of a
// server, from the same table by which it reads; [Access] makes of it the fewest roles,
// and says beside each resource what is judged by it, which the rules and detectors
// themselves declare. A kind that is added to the view is in the next role.
//
// Manifests are files in manifests/, of an object or two each, in which a [Plan] fills in
// ${name} and the like; what only some plans have is a file of its own. Their own audit is a test: what seaworthy would find in them is mended
// or, where it is meant, accepted by an annotation with its reason.
//
// To add a manifest, write its file and a line in parts (plan.go). The package opens
// no file and talks to nobody.
package deploy
