// Package pty is a terminal for tests: the two ends of a pseudo-terminal, with what was
// written to it, the settings of its line, and a hand on its keys. The robot of package
// uitest sees what a model draws; this sees what a whole program does to a terminal, and
// what it leaves behind.
//
// It is there on Linux only, and for tests only.
package pty
