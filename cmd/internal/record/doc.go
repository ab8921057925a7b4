// Package record is what the makers of the repository's recordings share: the testbed
// that they play something on, and what is changed in a recording before it is kept.
//
// # What is changed
//
// A testbed is seconds old when something breaks, and no cluster of anybody's is. So
// [Settle] tells what happened before as hours earlier and leaves out events of then,
// as a server would have forgotten them; it can pass over minutes in which nothing
// happens, by telling what came after them as later; it leaves out the annotation that
// tells the testbed how a pod fails; and it has the story begin at a chosen time,
// so that two recordings of it differ in what a cluster makes up: UIDs, resource
// versions, the ends of pods' names, addresses, and by some seconds.
package record
