package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// run runs the program, by the name of its file and its arguments, and returns its exit
// code.
func run(args []string, s *streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends what does not heed the first
	live.RedirectLogs(s.notes)
	stopProfile, err := startProfile(os.Getenv(profileVariable))
	if err == nil {
		name, words := calling(args[0], args[1:])
		root := newRoot(s)
		root.SetArgs(words)
		speakAs(name, root)
		err = errors.Join(root.ExecuteContext(ctx), stopProfile())
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintf(s.err, "seaworthy: %s\n", describeError(err))
	}
	return codeOf(err)
}

// describeError makes the one sentence that a person reads; each line of an
// error with several is made harmless by itself.
func describeError(err error) string {
	return strings.Join(printable.Lines(err.Error()), "\n  ")
}

func newRoot(s *streams) *cobra.Command {
	o := &uiOptions{}
	root := &cobra.Command{
		Use:   "seaworthy",
		Short: "Is your cluster seaworthy? Audit Kubernetes in the terminal, without writing to it",
		Long: `seaworthy reads a Kubernetes cluster, scores every namespace from 0 to 100 and
shows the one field to change. It never writes to the cluster and never reads
the value of a Secret.

Without a command it opens the terminal UI; where standard output is no
terminal, it prints a report as scan does. Where no cluster is configured and
none was asked for, it plays a demo.`,
		Example: `  seaworthy
  seaworthy --context prod -n payments
  seaworthy scan -o html=report.html`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return o.run(c.Context(), s) },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%w; see %s --help", err, c.CommandPath())
	})
	o.addFlags(root)
	root.AddCommand(newScan(s), newExplain(s), newRules(s), newFix(s), newEnforce(s), newAccess(s), newTriage(s), newConfig(s), newSnapshot(s), newDiff(s), newRecord(s), newReplay(s), newServe(s), newDemo(s), newVersion(s))
	// Cobra adds these when it runs, which is too late to make them strict.
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	addKubectlCompletion(root, s)
	beStrict(root)
	return root
}

// beStrict makes wrong arguments and flags that exclude each other a matter of
// usage, for a command and those below it. Cobra's own errors do not say so, and
// it prints the help, and no error, for an unknown command below another.
func beStrict(c *cobra.Command) {
	positional := c.Args
	switch {
	case c.Name() == "help":
		positional = func(c *cobra.Command, args []string) error {
			if _, rest, err := c.Root().Find(args); err != nil || len(rest) > 0 {
				return fmt.Errorf("unknown command %q", strings.Join(args, " "))
			}
			return nil
		}
	case !c.Runnable():
		c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		positional = cobra.NoArgs
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if positional != nil {
			if err := positional(c, args); err != nil {
				return usagef("%w; see %s --help", err, c.CommandPath())
			}
		}
		if err := c.ValidateFlagGroups(); err != nil {
			return usagef("%w; see %s --help", err, c.CommandPath())
		}
		return nil
	}
	for _, below := range c.Commands() {
		beStrict(below)
	}
}
