package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

const usage = `testbed runs a real Kubernetes control plane for tests.

  testbed build [all | NAME...]    build etcd and kube-apiserver, all six binaries, or those named
  testbed up [flags]               start a cluster, print one line of JSON, stay until standard input closes
  testbed apply [flags] PATH...    send manifests to a cluster by server-side apply
  testbed scenario [flags] FILE    make a small healthy cluster, break it, and say when it is ripe
  testbed fill [flags] <STREAM     write objects straight into etcd, many at a time
  testbed authorize <CASES         answer who may do what with the API server's own code, without a server

Each command explains its flags with -h.
`

func main() {
	// Linux sends the parent-death signal when the thread that started a child
	// ends, not the process: the goroutine that starts them must keep one thread.
	runtime.LockOSThread()
	// The reader of standard error may be gone before the shutdown is over, and
	// the default action on SIGPIPE would leave the directory behind.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		fmt.Fprintf(os.Stderr, "testbed: %v\n\n%s", err, usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "testbed: %v\n", err)
		os.Exit(1)
	}
}

// usageError is a mistake in the command line.
type usageError string

// Error says what was wrong with the command line.
func (e usageError) Error() string { return string(e) }

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return usageError("no command given")
	}
	switch args[0] {
	case "build":
		return runBuild(ctx, args[1:], stderr)
	case "up":
		return runUp(ctx, args[1:], stdin, stdout, stderr)
	case "apply":
		return runApply(ctx, args[1:], stdout, stderr)
	case "scenario":
		return runScenario(ctx, args[1:], stdout, stderr)
	case "fill":
		return runFill(ctx, args[1:], stdin, stdout, stderr)
	case "authorize":
		return runAuthorize(ctx, args[1:], stdin, stdout, stderr)
	case "help", "-h", "--help":
		fmt.Fprint(stdout, usage)
		return nil
	}
	return usageError(fmt.Sprintf("unknown command %q", args[0]))
}
