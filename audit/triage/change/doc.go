// Package change tells what changed in a cluster, as one timeline, and which of it
// may explain something that broke.
//
// # Design
//
// There are two ways to know of a change. What the objects of one view record of
// their past is [Reconstruct]ed: a Deployment keeps its revisions as ReplicaSets,
// metadata.managedFields has who wrote last and when, a condition since when it is
// what it is. What happened while somebody looked is in a [Journal], which compares
// each view with the one before and so knows the old values as well. Both are joined
// by [Journal.Since], where what both tell is told once.
//
// How a change is known stands beside it ([Certainty]): live, stated by an object, or
// inferred, in which case its time is a bound. Nothing is made up: managedFields tell
// who wrote, not what, so a write of which no older revision is held has no
// differences. Deletions before the first view are invisible, and so is whatever a
// server keeps to itself; who shows that nothing changed says so.
//
// Never in a change: the value of an environment variable, of a Secret or a
// ConfigMap. Of those, names and times are all there is. What looks like a password
// in a command line is masked, too.
//
// A template is compared as the API server understands it ([Diff]): quantities by
// value, lists by the names of their elements, without the defaults that a server
// fills in, and without what a controller adds.
//
// [Rank] weighs changes against a symptom: could it do this, does it reach that far,
// was it shortly before. What came after is a reaction, never a cause. In a cluster that is
// minutes old everything was just created: what came within ten minutes of its namespace,
// or without one of the cluster, counts only where the symptom refers to it.
//
// Everything here is a function of views; times are those of the API server. What is
// reconstructed is remembered by namespace for as long as nothing changed there, and
// templates are compared only for the time that is asked for. A new kind of object is
// a line in sources.go and, if it tells more than who wrote it, a teller beside the
// others.
package change
