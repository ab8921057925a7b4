// Package fleet is the screen of several clusters: how each stands, what one has and
// another lacks, and what makes namespaces of one name differ.
//
// # Design
//
// The screen has three views, each a table: the clusters, the rules that fail in one and
// not in another, the namespaces that several clusters have. Two clusters that are marked
// are compared with each other alone; with less or more marked, all are. Enter goes into a
// cluster, from a rule or a namespace into the one where it is worst.
//
// Clusters come and go on their own, and the screen tells what [feed.Fleet] tells it. It
// needs none of them to be looked at, and opens none itself: it sends a [screen.LookMsg].
// Comparing goes through every rule and namespace of all clusters, so it is a
// [screen.Work].
package fleet
