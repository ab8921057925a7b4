// Package capacity is the screen that says how a cluster is filled: its nodes, with what is
// requested of them and in use, and its namespaces, with what they request and do not use.
// Below stands the row under the cursor in gauges, and what there is to say of the cluster.
//
// Every pod is looked at for it, so it is done in the background, only while somebody looks,
// and anew no more than once a second. What is said here is what scan --capacity says.
package capacity
