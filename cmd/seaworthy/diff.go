package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// diffOptions are the flags of diff.
type diffOptions struct {
	target target
	policy policyOptions
	output string
	by     string
	failOn string
}

func newDiff(s *streams) *cobra.Command {
	o := &diffOptions{}
	c := &cobra.Command{
		Use:   "diff BEFORE [AFTER]",
		Short: "Say what became of the findings between two moments",
		Long: `Judge two moments by the same rules, and say what became of each finding: what is new,
worse, came with new objects, is better, fixed, accepted, gone with its object, has moved
with it, or cannot be seen any more, which is never called fixed.

BEFORE and AFTER are recordings or snapshots, or manifests: a YAML or JSON file or a
folder. Without AFTER it is the cluster as it is now, or what -f or --from names. The
last moment of a recording counts.

Exit codes: 0, 1 what got worse, or could not be seen before, has the severity of
--fail-on or a graver one, 2 usage, 3 could not look.`,
		Example: `  seaworthy diff monday.seaworthy
  seaworthy diff monday.seaworthy friday.seaworthy --by owner
  seaworthy diff main/manifests manifests --fail-on high
  seaworthy diff monday.seaworthy friday.seaworthy -o markdown`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args) },
	}
	o.target.addFlags(c)
	o.policy.addJudgingFlags(c)
	var groupings []string
	for _, g := range report.Groupings() {
		groupings = append(groupings, g.Name)
	}
	c.Flags().StringVarP(&o.output, "output", "o", "text", "text, json or markdown")
	c.Flags().StringVar(&o.by, "by", groupings[0], "what the text counts by: "+strings.Join(groupings, ", "))
	c.Flags().StringVar(&o.failOn, "fail-on", "never", "exit with 1 if findings of this severity or worse are new, worse, open again or seen for the first time: info, low, medium, high, critical, never")
	completeValues(c, map[string][]string{
		"output": {"text", "json", "markdown"}, "by": groupings, "fail-on": severities(),
	})
	return c
}

func (o *diffOptions) run(ctx context.Context, s *streams, args []string) error {
	by, err := report.GroupingNamed(o.by)
	if err != nil {
		return usagef("reading --by %s: %w", o.by, err)
	}
	threshold, err := parseThreshold(o.failOn)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"text", "json", "markdown"}, o.output) {
		return usagef("reading -o %s: it is none of text, json, markdown", o.output)
	}
	if len(args) > 1 && (len(o.target.files) > 0 || o.target.from != "") {
		return usagef("comparing %s with %s: -f and --from name a third thing to look at", args[0], args[1])
	}
	r, err := o.policy.load(s)
	if err != nil {
		return err
	}
	before, err := judgedMoment(ctx, s, r, momentNamed(s, args[0]))
	if err != nil {
		return err
	}
	source, err := o.after(ctx, s, args)
	if err != nil {
		return err
	}
	after, err := judgedMoment(ctx, s, r, source)
	if err != nil {
		return err
	}
	compared := compare.Assessments(before, after)
	switch o.output {
	case "json":
		err = report.WriteComparisonJSON(s.out, compared)
	case "markdown":
		err = report.WriteComparison(s.out, compared)
	default:
		err = report.WriteComparisonText(s.out, compared, by)
	}
	return errors.Join(err, worsened(compared, threshold))
}

// judgedMoment reads and judges one side of a comparison. One of which nothing could be
// read is nothing to compare with.
func judgedMoment(ctx context.Context, s *streams, r *ruling, source kube.Source) (*score.Assessment, error) {
	view, err := loadSource(ctx, s, source)
	if err != nil {
		return nil, err
	}
	if unseen(view) {
		return nil, couldNotLook(fmt.Errorf("reading %s: nothing could be read: %s", view.Info.Name, blindReason(view)))
	}
	return r.assess(view)
}

// after opens the second side.
func (o *diffOptions) after(ctx context.Context, s *streams, args []string) (kube.Source, error) {
	if len(args) > 1 {
		return momentNamed(s, args[1]), nil
	}
	return o.target.source(ctx, s)
}

// momentNamed opens what an argument names: manifests if it is a folder or called like
// one of their files, and a recording otherwise.
func momentNamed(s *streams, name string) kube.Source {
	info, err := os.Stat(name)
	folder := err == nil && info.IsDir()
	if folder || slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name))) {
		return manifest.New([]string{name}, manifest.Options{Stdin: s.in, Now: s.now})
	}
	return recordingFile(name)
}

// worsened is what the exit code says.
func worsened(c *compare.Comparison, threshold audit.Severity) error {
	count := 0
	for i := range c.Changes {
		if change := &c.Changes[i]; threshold > 0 && change.Kind.Regression() && change.After.Severity >= threshold && change.After.Open() {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	return &exitError{exitFindings, fmt.Errorf("%d findings are new, worse, open again or seen for the first time, and %s or worse", count, threshold)}
}
