// Package object is the screen of one object: its YAML with the findings marked in it,
// what it is in words, what happened to it, and the logs of its containers.
//
// # Design
//
// Each of the four tabs is a struct of its own that has its work done in the background:
// reading and taking the text apart (text.go, page.go), telling (describe*.go), gathering
// events (events.go), following a log (logs.go). Nothing that a key or a frame does depends
// on how long the text is, but for one pass over its lines when something is folded.
//
// The text comes from an Inspector: a server is asked for the object when the screen is
// opened, manifests give the document as it is written. Where there is none, as with a
// recording, the view's own object is written as YAML, and the screen says that it is
// what the view holds. Events are those of the view; if it has none of the object, they are
// asked for. A log is read while its tab is shown, and no longer.
//
// The screen reads and shows; it must never offer to change anything. Of Secrets and
// ConfigMaps it has nothing but metadata, whoever it asks. What is drawn is anybody's text:
// lines are cut to the width before anything is done with them, for a line may have
// a megabyte.
//
// A new tab is a struct like the others, a line in tabs, and a key.
package object
