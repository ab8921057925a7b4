package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/custom"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

func newRulesTest(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "test FILE...",
		Short: "Test rules of your own by their examples",
		Long: `Test rules of your own by their examples, without a cluster.

Nothing may be found in an example that passes; in one that fails, findings with
the messages it wants and no others. Where a rule has a fix, nothing may be found
after it. FILE may be a directory.

Exit codes: 0 all is as the examples want it, 1 it is not, 2 a file cannot be read.`,
		Example: "  seaworthy rules test rules/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			written, err := readRules(args)
			if err == nil {
				_, err = joinedWith(written)
			}
			if err != nil {
				return usagef("%w", err)
			}
			return testRules(c.Context(), s, written)
		},
	}
}

// testRules prints a line a rule, and below it what its examples want otherwise.
func testRules(ctx context.Context, s *streams, written []*custom.Rule) error {
	var b strings.Builder
	wrong := 0
	for _, r := range written {
		differences := r.Test(ctx)
		if len(differences) == 0 {
			fmt.Fprintf(&b, "ok    %s (%s)\n", r.ID, examplesOf(len(r.Examples)))
			continue
		}
		wrong++
		fmt.Fprintf(&b, "FAIL  %s\n", r.ID)
		for _, d := range differences {
			fmt.Fprintf(&b, "      %s:%d: %s\n", r.File, d.Line, strings.Join(printable.Lines(d.Message), "\n        "))
		}
	}
	if _, err := fmt.Fprint(s.out, b.String()); err != nil {
		return err
	}
	if wrong > 0 {
		return &exitError{exitFindings, fmt.Errorf("%d of %d rules do not do what their examples want", wrong, len(written))}
	}
	return nil
}

func examplesOf(n int) string {
	if n == 1 {
		return "1 example"
	}
	return fmt.Sprintf("%d examples", n)
}
