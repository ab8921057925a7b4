// Package proof says what a change of objects would do to who can do what, before
// anybody makes it.
//
// # Design
//
// Nothing is estimated. The changed objects are laid over the view
// ([kube.Cluster.With]), and the new view is asked what the old one was asked, by
// the same code: package paths who reaches everything and who reaches a node,
// package access what each subject may do, package score what the namespaces are
// worth. A [Proof] is the difference.
//
// Taking a grant away often closes nothing: the same role comes through a group,
// by a second binding, or the pod runs beside one that has it. So a proof names not
// only who is cut off, but also, for those who are not, the way that is left.
//
// Rights are compared as the API server compares them when it keeps people from
// giving away what they do not have (component-helpers, Covers): broken into one
// verb, one resource and one name each, and those that no rule covers any more are
// lost. A right in all namespaces of which one keeps a part is lost with that
// exception.
//
// Pods get what their template and their ServiceAccount say when they are made; the
// proof is about the cluster after they have been made again.
//
// # Cost
//
// Only rules that look at a resource that changed judge again, and only namespaces
// of which they say something new are scored again. For one binding of 20,560, in a
// cluster of 150,000 pods, a proof takes 2.5 to 4 s on one core of a busy machine
// (BenchmarkProof), of which half a second makes the attack graph anew and most of
// the rest judges: it belongs into the background.
package proof
