// Package capacity says how the nodes of a cluster are filled: what they have, what pods
// request of it and are limited to, what is in use, what is requested and not used, and
// what would happen if a node were lost.
//
// # Design
//
// Requests are counted as the scheduler does, by upstream's own functions: with init
// containers and sidecars, requests of whole pods, overhead, and what a pod has while it is
// resized in place. Pods that have ended count nothing; a pod that has no node yet counts in
// its namespace and on no node. Devices and claims for them are left aside, as are affinity
// and spreading: whatever is said not to fit does not fit without them either.
//
// What is not known has a reason ([Capacity.NodesUnknown] and its like) and no number: a
// node without a sample uses an unknown amount, not none. Use comes from one sample of the
// metrics API, which is an instant, or from what was measured over some time
// ([kube.Figures]); which of them is always told, since one sample is no peak.
//
// [NodesOf] is cheap and what rules ask. [Of] looks at every pod and its use; it is derived
// once for a view, when somebody wants to see it.
package capacity
