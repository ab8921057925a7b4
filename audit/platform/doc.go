// Package platform says how far a cluster has what one in production is run with:
// somebody who applies what is in Git, who measures, keeps logs, renews certificates,
// enforces policies. It reads only what an API server tells.
//
// # Design
//
// A [Capability] is something that many products provide. It looks for traces of them in
// a view ([Capability.Find]), and names the rules whose findings are what is wrong with
// it: all judging is done by rules, so that a problem can be explained, accepted, exported
// and compared as any other finding can, and none is told twice with two meanings. The one
// thing that is judged here is whether the pods of a product run, which a trace is about.
//
// Four things can be said of a capability ([State]). It is healthy only if something of
// it was found, something that was read says how it does, and no rule about it was kept
// from judging. What was found and says nothing of itself is "cannot tell", and so is what
// was not found by somebody who could not look everywhere: in manifests, in some
// namespaces, with kinds that may not be read, or where the provider of a managed cluster
// has it out of sight ([Capability.Hidden]). What is not found is never said to be absent.
//
// The score is the mean of what can be told. It stands beside the score of the posture and
// is no part of it: a cluster without backups is not less secure. Levels say what to do
// next: what makes a cluster last comes before what makes it comfortable.
package platform
