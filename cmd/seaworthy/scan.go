package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// scanOptions are the flags of scan.
type scanOptions struct {
	target      target
	policy      policyOptions
	outputs     []string
	checksum    bool
	failOn      string
	minScore    float64
	minCoverage float64
	baseline    string
	newOnly     bool
	sections    sectionOptions
}

func newScan(s *streams) *cobra.Command {
	o := &scanOptions{}
	c := &cobra.Command{
		Use:   "scan",
		Short: "Audit once and print a report",
		Long: `Audit a cluster, manifests or a recording once and print a report.

Formats of -o, of which one goes to standard output and any number to files:

` + formatsHelp() + `

Several contexts (--context, repeated, or --all-contexts) or recordings (--from, repeated)
give one report: how each cluster stands, what one has and another lacks, the worst
findings of all. Each is asked by itself, and one that does not answer is named with the
reason. Contexts of the same cluster count once. Thresholds hold for each cluster, and
the exit code is that of the gravest: 3, then 4, then 1. Formats of several clusters:
` + formatsThat(report.Format.OfFleet) + `.

A file is written as a whole or not at all. --checksum writes FILE.sha256 beside each,
for sha256sum -c.

Exit codes: 0 clean, 1 findings at or over --fail-on, 2 usage, 3 could not look
(unreachable, or coverage under --min-coverage), 4 score under --min-score.`,
		Example: `  seaworthy scan
  seaworthy scan -n payments -o json
  seaworthy scan -f manifests/ --fail-on high
  seaworthy scan --framework pss-restricted
  seaworthy scan -o text -o html=report.html --checksum
  seaworthy scan -f manifests/ -o github -o sarif=seaworthy.sarif
  seaworthy scan --all-contexts -o text -o json=fleet.json
  seaworthy scan --from staging.seaworthy --from prod.seaworthy
  seaworthy scan -o openreports | kubectl apply -f -`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.policy.load(s)
			if err != nil {
				return err
			}
			o.reach(r.Thresholds, c.Flags().Changed)
			return o.run(c.Context(), s, r)
		},
	}
	o.target.addFleetFlags(c)
	o.target.measuring.addFlags(c)
	o.policy.addJudgingFlags(c)
	c.Flags().StringArrayVarP(&o.outputs, "output", "o", []string{"text"}, "FORMAT or FORMAT=FILE, repeatable; see the formats above")
	c.Flags().BoolVar(&o.checksum, "checksum", false, "also write FILE.sha256 beside each file of -o")
	c.Flags().StringVar(&o.failOn, "fail-on", "never", "exit with 1 on findings of this severity or worse: info, low, medium, high, critical, never")
	c.Flags().Float64Var(&o.minScore, "min-score", 0, "exit with 4 if the score is lower, 0 to 100")
	c.Flags().Float64Var(&o.minCoverage, "min-coverage", 0, "exit with 3 if less was seen, in percent")
	c.Flags().StringVar(&o.baseline, "baseline", "", "let --fail-on count only what got worse, or is seen for the first time, since this recording, snapshot, manifest or folder of manifests; -o sarif marks results as new, updated or unchanged")
	c.Flags().BoolVar(&o.newOnly, "new-only", false, "with --baseline: list only what got worse; scores and counts are of all. Not for sarif, which marks what is new instead: code scanning takes what a file leaves out for fixed")
	o.sections.addFlags(c)
	completeValues(c, map[string][]string{"output": describedFormats(), "fail-on": severities()})
	return c
}

// reach takes over the thresholds of a policy where no flag says otherwise.
func (o *scanOptions) reach(t policy.Thresholds, said func(flag string) bool) {
	if t.FailOn != "" && !said("fail-on") {
		o.failOn = t.FailOn
	}
	if !said("min-score") {
		o.minScore = t.MinScore
	}
	if !said("min-coverage") {
		o.minCoverage = t.MinCoverage
	}
}

func (o *scanOptions) run(ctx context.Context, s *streams, r *ruling) error {
	want, err := o.read()
	if err != nil {
		return err
	}
	several, err := o.target.namedClusters()
	if err != nil {
		return err
	}
	if several != nil {
		return o.runFleet(ctx, s, r, several, want)
	}
	before, err := o.before(ctx, s, r)
	if err != nil {
		return err
	}
	view, err := o.target.load(ctx, s)
	if err != nil {
		return err
	}
	a, err := r.assess(view)
	if err != nil {
		return err
	}
	var since *compare.Comparison
	if before != nil {
		since = compare.Assessments(before, a)
	}
	if err := o.report(s, want, a, since); err != nil {
		return err
	}
	if err := o.enough(a); err != nil {
		return err
	}
	if since != nil {
		return sinceBaseline(s, since, want.threshold)
	}
	return failing(a, want.threshold)
}

// wanted is what the flags of scan ask for, of one cluster or of several.
type wanted struct {
	outputs   []output
	threshold audit.Severity // of findings, for the exit code; 0 is never
	sections  []report.Section
}

// read reads the flags, and sees that the reports can be written where they are to go.
func (o *scanOptions) read() (*wanted, error) {
	outputs, err := parseOutputs(o.outputs, o.checksum)
	if err != nil {
		return nil, err
	}
	for _, out := range outputs {
		if err := out.check(); err != nil {
			return nil, err
		}
	}
	if err := o.allowNewOnly(outputs); err != nil {
		return nil, err
	}
	want := &wanted{outputs: outputs}
	if want.threshold, err = o.threshold(); err != nil {
		return nil, err
	}
	want.sections, err = o.sections.read()
	return want, err
}

// report writes the reports; since is nil without a baseline.
func (o *scanOptions) report(s *streams, want *wanted, a *score.Assessment, since *compare.Comparison) error {
	for _, out := range want.outputs {
		if err := out.write(s, func(w io.Writer) error {
			switch {
			case since == nil:
				return out.format.Write(w, a, want.sections...)
			case o.newOnly:
				return out.format.WriteNew(w, since, want.sections...)
			}
			return out.format.WriteSince(w, since, want.sections...)
		}); err != nil {
			return err
		}
	}
	return nil
}

// allowNewOnly refuses --new-only where there is nothing to compare with, and for formats
// in which what is left out would look as if it had passed. SARIF is one of them: GitHub's
// code scanning takes what a file leaves out for fixed.
func (o *scanOptions) allowNewOnly(outputs []output) error {
	if !o.newOnly {
		return nil
	}
	if o.baseline == "" {
		return usagef("reading --new-only: it needs the --baseline since which something is new")
	}
	for _, out := range outputs {
		if !out.format.OfNew() {
			return usagef("reading --new-only with -o %s: what is left out would look as if it had passed; what is new is listed by %s, and marked by sarif without --new-only", out.format.Name, formatsThat(report.Format.OfNew))
		}
	}
	return nil
}

// threshold reads what the exit code depends on, and returns that of findings.
func (o *scanOptions) threshold() (audit.Severity, error) {
	for flag, value := range map[string]float64{"--min-score": o.minScore, "--min-coverage": o.minCoverage} {
		if value < 0 || value > 100 {
			return 0, usagef("reading %s %v: it is not between 0 and 100", flag, value)
		}
	}
	return parseThreshold(o.failOn)
}

// before judges the baseline, nil if there is none.
func (o *scanOptions) before(ctx context.Context, s *streams, r *ruling) (*score.Assessment, error) {
	if o.baseline == "" {
		return nil, nil
	}
	return judgedMoment(ctx, s, r, momentNamed(s, o.baseline))
}

// sinceBaseline tells how many findings changed since a baseline, and is what the exit
// code says of those that got worse.
func sinceBaseline(s *streams, c *compare.Comparison, threshold audit.Severity) error {
	_, _ = fmt.Fprintf(s.err, "since %s: %s\n", printable.Text(c.Before.Cluster.Info.Name), report.ChangesLine(c))
	for _, reason := range c.Apart {
		_, _ = fmt.Fprintf(s.err, "warning: not comparable: %s\n", printable.Text(reason))
	}
	return worsened(c, threshold)
}

// assess judges a view.
func (p *ruling) assess(view *kube.Cluster) (*score.Assessment, error) {
	assessor, err := p.assessor()
	if err != nil {
		return nil, err
	}
	return assessor.Assess(view), nil
}

// assessor judges the views of one source, one after the other.
func (p *ruling) assessor() (*score.Assessor, error) {
	categories, err := p.categories()
	if err != nil {
		return nil, err
	}
	return score.NewAssessor(categories, nil).Under(p.NewReviewer(p.known)), nil
}

// printReport prints the text report of a source, as scan does.
func printReport(ctx context.Context, s *streams, r *ruling, source kube.Source) error {
	view, err := loadSource(ctx, s, source)
	if err != nil {
		return err
	}
	format, err := report.FormatNamed("text")
	if err != nil {
		return err
	}
	a, err := r.assess(view)
	if err != nil {
		return err
	}
	return format.Write(s.out, a)
}

// enough is what the exit code says of how much was seen and of the score, the gravest
// first.
func (o *scanOptions) enough(a *score.Assessment) error {
	if a.Coverage < o.minCoverage {
		return &exitError{exitBlind, fmt.Errorf("coverage is %.1f %%, under --min-coverage %.1f", a.Coverage, o.minCoverage)}
	}
	if unseen(a.Cluster) {
		return &exitError{exitBlind, fmt.Errorf("nothing could be read: %s", blindReason(a.Cluster))}
	}
	if a.Scored && a.Score < o.minScore {
		return &exitError{exitScore, fmt.Errorf("the score is %.1f, under --min-score %.1f", a.Score, o.minScore)}
	}
	return nil
}

// failing is what the exit code says of findings.
func failing(a *score.Assessment, threshold audit.Severity) error {
	count := 0
	for _, f := range a.Findings() {
		if threshold > 0 && f.Open() && f.Severity >= threshold {
			count++
		}
	}
	if count > 0 {
		return &exitError{exitFindings, fmt.Errorf("%d findings are %s or worse", count, threshold)}
	}
	return nil
}

// severities are the values of --fail-on.
func severities() []string { return []string{"never", "info", "low", "medium", "high", "critical"} }

// parseThreshold reads --fail-on; 0 is never.
func parseThreshold(name string) (audit.Severity, error) {
	if name == "never" {
		return 0, nil
	}
	severity, err := audit.ParseSeverity(name)
	if err != nil {
		return 0, usagef("reading --fail-on %s: it is none of never, info, low, medium, high, critical", name)
	}
	return severity, nil
}

// unseen reports whether no workload could be read at all: a report of that
// would be about nothing.
func unseen(c *kube.Cluster) bool {
	states := slices.DeleteFunc(slices.Clone(c.States()), func(s kube.State) bool { return s.Resource == kube.Measurements })
	return len(states) > 0 && !slices.ContainsFunc(states, func(s kube.State) bool {
		return !s.Blind() && slices.Contains(kube.WorkloadResources(), s.Resource)
	})
}

func blindReason(c *kube.Cluster) string {
	for _, s := range c.States() {
		if s.Blind() && s.Reason != "" && slices.Contains(kube.WorkloadResources(), s.Resource) {
			return s.Reason
		}
	}
	return "no resource answered"
}
