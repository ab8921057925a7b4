// Package paths is the screen that tells how an attacker would get from something
// they control to cluster-admin, or to another target: step by step, each in one
// sentence with what makes it possible, then what else falls, and what would close
// the way.
//
// What is said here is what seaworthy access paths says. The ways are searched in
// the background, and anew no more than once a second however busy the cluster is;
// no frame waits for them. Where no way leads, the screen says so in a sentence, and
// beside it what could not be seen: not to find a way proves nothing then.
package paths
