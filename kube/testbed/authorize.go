package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// runAuthorize answers questions of authorization with upstream's own code, which
// kubernetes/authorizer joins to a program. That is compiled with the modules of
// the API server, and again whenever its source changes: so go run it is, and
// nothing in the cache of binaries. It ends when standard input closes.
func runAuthorize(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("testbed authorize", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "testbed authorize <CASES\nOne line of JSON a set of roles, bindings and questions; see kubernetes/authorizer.\n")
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError("authorize takes no arguments")
	}
	source, err := sourceFolder()
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "go", "run", "-C", filepath.Join(source, "kubernetes"), "./authorizer")
	command.Env = append(os.Environ(), "GOWORK=off")
	command.Stdin, command.Stdout, command.Stderr = stdin, stdout, stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("running kubernetes/authorizer: %w", err)
	}
	return nil
}
