// Package policyengine reads what the policies of Gatekeeper, Kyverno and Kubewarden do with
// what they forbid ([Read]), and what these and other engines found of the objects of a
// cluster ([Violations]).
//
// # Design
//
// What an engine found is not judged again: it is joined with what rules find of the same
// object ([Known]), and shown beside it. An engine writes about a pod and about its
// Deployment; here both are about the workload, and count once.
//
// What is told of an object that is gone is left out: engines tidy up later. So is what
// comes from a report of seaworthy itself. What could not be read is not here, and nobody
// may say of it that nothing is wrong: see the resources in [Reported].
package policyengine
