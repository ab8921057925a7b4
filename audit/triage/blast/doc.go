// Package blast finds who else is hit: what depends, over a few steps, on objects
// that are broken or may be.
//
// # Design
//
// [Of] walks from what is hit to what depends on it, against the direction in which
// objects refer to each other: from a pod to the Services that select it and the
// Ingresses and routes before them, from a ConfigMap to the pods that are made of
// it, from a node to the pods on it. What is found says how far to rely on it
// ([Certainty]), whether it is hit now or at the next start of a pod ([When]), and by
// which way it was reached. A way is as good as its weakest step.
//
// Pods are steps of the walk and no rows of its result: a row is the workload that
// they roll up to, with how many of them are lost. A workload that is reached by one
// of its pods does not lead to the others.
//
// The walk ends after three steps, and does not go through hubs: a hundred workloads
// that use one Service are told as a number ([Hub]). All it answers is potential: no
// traffic is measured, so that nobody knows who would have noticed. What it could not
// read it names ([Radius.Blind]).
//
// It grows with what is given: more objects that are hit never lead to fewer
// dependents, nor to weaker ones.
//
// # What it costs
//
// What is asked often is kept in indexes, by namespace where pods are in them: a view
// takes over from the one before what did not change (spaces.go). The first question about
// a node goes through all pods, and the first that comes to a Service through the texts of
// all workloads; those after it look at what changed since.
//
// Texts of the cluster are handed on as they are; who shows them cleans them.
//
// # Where to add
//
// A relation is a constant in relation.go, and in edges.go a function that yields the
// edges of a kind of object, with the resources it looks at.
package blast
