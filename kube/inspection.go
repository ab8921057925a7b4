package kube

import "time"

// Text is one object written down, for people to read: as a server sends it, or as
// somebody wrote it.
type Text struct {
	YAML []byte // one document of YAML, or of JSON if it was written so
	File string // where it is written, as the user named it; "" for what a server sent
	Line int    // the line of File on which YAML begins, from 1; 1 without a file
	Path string // leads to the object within YAML: "" or, in a List, "items[3]"
	// Withheld says why values are not in the text, "" if none are left out.
	Withheld string
}

// LogRequest says which log is wanted: that of one container of a pod.
type LogRequest struct {
	Namespace string
	Pod       string
	Container string
	Previous  bool // of the container that ran before the one that runs
	Tail      int  // how many of the newest lines come first, at least 1
	Follow    bool // what is written later comes as well
}

// LogLine is one line of a log. Its text is what a program wrote: anything.
type LogLine struct {
	Time time.Time // when the container runtime took it in, zero if that is not known
	Text string    // without its line break
	Cut  bool      // it was longer, and the rest is left out
}
