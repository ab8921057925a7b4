// Command seaworthy audits Kubernetes clusters, in a terminal and for reports.
//
// # Design
//
// Each command is a file: an options struct, a constructor for cobra and a run
// method. Streams, the clock and the environment come in through [streams], so
// that commands are tested as they are. Standard output has the result only;
// progress, warnings and errors go to standard error. Errors that mean more
// than failure carry their exit code (exit.go).
//
// This is the one place that knows every package: it joins a kube.Source to
// the rules and hands both to the ui or to a report.
package main

import "os"

func main() {
	os.Exit(run(os.Args, system()))
}
