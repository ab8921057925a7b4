package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

type fixOptions struct {
	target     target
	policy     policyOptions
	rules      []string
	categories []string
	severity   string
	deletions  bool
	outputs    []string
	write      bool
	check      bool
	score      float64 // to be reached by as few fixes as possible, 0 for all fixes
	sparing    bool
	trial      trial
	author     string
	choose     []string
}

func newFix(s *streams) *cobra.Command {
	o := &fixOptions{}
	c := &cobra.Command{
		Use:   "fix [KIND/[NAMESPACE/]NAME]...",
		Short: "Write the fixes of findings as patches, or into the manifests",
		Long: `Write the fixes of findings: as a diff, as commands for kubectl, as a kustomize
overlay, or into the manifests that -f names. Nothing is ever written to a
cluster.

Fixes of several findings are made one change, and the outcome is judged again:
standard error says what becomes of the score, which pods have to be made again,
which fixes contradict each other, and what is left for a person to decide.
Without a choice, every finding is fixed that has a fix which is known to clear
it, but for four kinds of fixes. One of an object in kube-system, or another
namespace of the cluster itself, is held back unless -n or an argument names it. One
that deletes objects takes access away: it is held back without --with-deletions.
One that creates network policies cuts what they do not allow, and one that is
tentative rests on little, such as samples of less than a day: they are held back
unless --rule or --category names what asks for them. Of a finding with several fixes the first is tried, or that which --choose names,
and the next one where it cannot be made, does not help, or brings a worse finding
back; standard error and -o json say so. Read what a fix may break
(-o json and -o kubectl say it) before you apply it.

--target chooses just those fixes that lead to a score, of the namespace that -n
names or else of the cluster: step by step the one that gains most then, by scoring
again, or with --sparing the most for each pod that has to be made again. Standard
error tells the steps, and if the score cannot be reached how far one gets.

With --dry-run=server (or --dry-run) the server says of each change what it would
answer: accepted, refused by whom and why, or which right is missing; and what its
admission warns of. Such requests are the only ones that are sent beside reads, they
store nothing, and each change is judged alone: one that needs another first may be
refused.

Formats of -o, each to standard output or, as FORMAT=FILE, to a file:
  patch          a unified diff: of the files that -f names, for git apply and
                 patch -p1 in the folder that standard error names, the working
                 folder unless a file is elsewhere; else of objects as manifests
  git            a commit of the files that -f names, for git am, dated by the time
                 at which they were read; git=DIR writes one for each namespace
  kubectl        a shell script of kubectl patch, create and delete commands
  yaml           the objects to create, and strategic merge patches of the rest
  json           the plan, for programs
  kustomize=DIR  a kustomize overlay, a folder for each namespace

Exit codes: 0 done, 1 with --check if there is something to fix, 2 usage, 3 could
not look.`,
		Example: `  seaworthy fix -f manifests/ --rule seccomp-profile-missing > fix.patch
  seaworthy fix -f manifests/ --severity high --write
  seaworthy fix -n payments -o kubectl deployment/payments/api
  seaworthy fix -n payments --target 80
  seaworthy fix -n payments --category security-context --dry-run=server
  seaworthy fix --category probes -o kustomize=overlay`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), s, args, c.Flags().Changed("output"))
		},
	}
	o.target.addFlags(c)
	o.target.measuring.addFlags(c)
	o.policy.addJudgingFlags(c)
	f := c.Flags()
	f.StringArrayVar(&o.rules, "rule", nil, "fix what this rule finds, by its ID; repeatable")
	f.StringArrayVar(&o.categories, "category", nil, "fix what rules of this category find; repeatable")
	f.StringVar(&o.severity, "severity", "info", "fix findings of this severity or worse: info, low, medium, high, critical")
	f.BoolVar(&o.deletions, "with-deletions", false, "take also fixes that delete objects, which take access away")
	f.Float64Var(&o.score, "target", 0, "take only the fixes that lead to this score, of 1 to 100, what gains most first")
	f.BoolVar(&o.sparing, "sparing", false, "with --target: prefer what makes few pods again")
	f.StringArrayVarP(&o.outputs, "output", "o", []string{"patch"}, "FORMAT or FORMAT=FILE, repeatable; formats: "+strings.Join(fixFormatNames(), ", "))
	f.BoolVar(&o.write, "write", false, "edit the files that -f names, and print the diff")
	f.BoolVar(&o.check, "check", false, "exit with 1 if there is something to fix")
	f.StringVar(&o.author, "author", nobodyInParticular, "with -o git: who is the author of the commits")
	f.StringArrayVar(&o.choose, "choose", nil, "RULE=N: of the fixes of a rule's finding try that of this number first, from 1; repeatable")
	o.trial.addFlag(c)
	c.MarkFlagsMutuallyExclusive("write", "check")
	o.complete(c)
	return c
}

// complete completes the values of flags.
func (o *fixOptions) complete(c *cobra.Command) {
	for name, complete := range map[string]cobra.CompletionFunc{
		"rule": func(c *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
			return o.policy.rules.complete(c, nil, start)
		},
		"category": func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			judging, err := o.policy.rules.ruleSet()
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return categoryNames(judging), cobra.ShellCompDirectiveNoFileComp
		},
		"severity": func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"info", "low", "medium", "high", "critical"}, cobra.ShellCompDirectiveNoFileComp
		},
		"output": func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return fixFormatNames(), cobra.ShellCompDirectiveNoFileComp
		},
	} {
		if err := c.RegisterFlagCompletionFunc(name, complete); err != nil {
			panic(err) // the flag is defined by newFix
		}
	}
}

func categoryNames(set ruleSet) []string {
	var names []string
	for _, c := range set {
		names = append(names, c.ID)
	}
	return names
}

// planned is a plan, and what it is a plan of.
type planned struct {
	*plan.Plan
	files  *manuscript // nil for objects of a cluster or a recording
	way    *plan.Way   // to the score that was asked for, nil if none was
	trial  trial
	author string // of commits, "" for nobody in particular
}

func (o *fixOptions) run(ctx context.Context, s *streams, args []string, asked bool) error {
	outputs, err := parseFixOutputs(o.outputs)
	if err != nil {
		return err
	}
	if err := errors.Join(o.writable(asked), o.reachable(), o.trial.check(&o.target), checkAuthor(o.author)); err != nil {
		return err
	}
	r, err := o.policy.load(s)
	if err != nil {
		return err
	}
	choose, err := o.choice(r, args)
	if err != nil {
		return err
	}
	p, err := o.plan(ctx, s, r, choose)
	if err != nil {
		return err
	}
	if p.trial.asked() {
		if err := p.trial.run(ctx, p); err != nil {
			return err
		}
	}
	for _, out := range outputs {
		if err := out.write(s, p); err != nil {
			return err
		}
	}
	written := 0
	if o.write {
		if written, err = p.files.write(); err != nil {
			return err
		}
	}
	p.summarize(s, o.write, written)
	if o.check && !p.Empty() {
		return &exitError{exitFindings, fmt.Errorf("%s to fix", plural(len(p.Applied), "finding is there", "findings are there"))}
	}
	return nil
}

// plan reads what is to be fixed, and plans it.
func (o *fixOptions) plan(ctx context.Context, s *streams, r *ruling, choose *choice) (*planned, error) {
	p := &planned{trial: o.trial, author: o.author}
	view, err := o.open(ctx, s, p)
	if err != nil {
		return nil, err
	}
	if state, asked := measurementsOf(view); asked && state.Blind() {
		return nil, couldNotLook(errors.New("nothing is fixed without the history that was asked for"))
	}
	if unseen(view) {
		return nil, &exitError{exitBlind, fmt.Errorf("nothing could be read: %s", blindReason(view))}
	}
	if err := choose.expect(view); err != nil {
		return nil, err
	}
	assessor, err := r.assessor() // of the views of the plan, too: what did not change is not judged again
	if err != nil {
		return nil, err
	}
	judge := func(c *kube.Cluster) (*score.Assessment, error) { return assessor.Assess(c), nil }
	options := plan.Options{Choose: choose.has, Hold: o.hold(choose), Prefer: choose.prefer.of, Judge: judge}
	if p.files != nil {
		options.Target = p.files
	}
	before := assessor.Assess(view)
	if o.score > 0 {
		p.way, err = plan.Fastest(before, o.goal(), options)
		if err == nil {
			p.Plan = p.way.Plan
		}
	} else {
		p.Plan, err = plan.Make(before, options)
	}
	if err != nil {
		return nil, fmt.Errorf("planning the changes: %w", err)
	}
	return p, nil
}

// hold says why a fix is held back that nobody asked for.
func (o *fixOptions) hold(choose *choice) func(*score.Finding, audit.Fix) string {
	return func(f *score.Finding, fix audit.Fix) string {
		if f.Home().Group == score.Platform && !choose.names(f) {
			return plan.Restrained(f, fix)
		}
		return o.drastic(f, fix)
	}
}

// drastic says why a fix is held back for what it does.
func (o *fixOptions) drastic(f *score.Finding, fix audit.Fix) string {
	asked := slices.Contains(o.rules, f.Rule.ID) || slices.Contains(o.categories, f.Category)
	if len(fix.Delete) > 0 && o.deletions || (plan.CutsConnections(fix) || fix.Tentative != "") && len(fix.Delete) == 0 && asked {
		return ""
	}
	return plan.Drastic(fix)
}

// writable says why --write cannot be.
func (o *fixOptions) writable(asked bool) error {
	switch {
	case !o.write:
		return nil
	case len(o.target.files) == 0:
		return usagef("--write edits files: name them with -f; nothing is ever written to a cluster")
	case slices.Contains(o.target.files, "-"):
		return usagef("--write edits files, and standard input is none: take the patch, or name the files with -f")
	case asked && !slices.Equal(o.outputs, []string{"patch"}):
		return usagef("--write prints the patch: -o is for what is written elsewhere")
	}
	return nil
}

// open reads what is to be fixed.
func (o *fixOptions) open(ctx context.Context, s *streams, p *planned) (*kube.Cluster, error) {
	if p.trial.asked() {
		return p.trial.open(ctx, s, &o.target)
	}
	if len(o.target.files) == 0 {
		return o.target.load(ctx, s)
	}
	namespace := ""
	if len(o.target.flags.Namespaces) > 0 {
		namespace = o.target.flags.Namespaces[0]
	}
	allowGarbage()
	p.files = newManuscript(o.target.files, namespace, s.now())
	p.files.measuring = o.target.measuring
	return p.files.open(ctx, s)
}

// choice is which findings are to be fixed.
type choice struct {
	rules, categories []string
	severity          audit.Severity
	namespaces        []string
	objects           []kube.Ref
	prefer            preferences
}

func (c *choice) has(f *score.Finding) bool {
	chosen := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return f.Severity >= c.severity && chosen(c.rules, f.Rule.ID) && chosen(c.categories, f.Category) &&
		chosen(c.namespaces, f.Namespace) && (len(c.objects) == 0 || slices.Contains(c.objects, f.Subject))
}

// names reports whether the object of a finding, or its namespace, was named.
func (c *choice) names(f *score.Finding) bool {
	return slices.Contains(c.namespaces, f.Namespace) || slices.Contains(c.objects, f.Subject)
}

// expect says which of the objects that were named are not there.
func (c *choice) expect(view *kube.Cluster) error {
	var absent []error
	for _, ref := range c.objects {
		if !view.Has(ref) && view.Workload(ref) == nil {
			absent = append(absent, usagef("there is no %s", ref))
		}
	}
	return errors.Join(absent...)
}

// choice reads what is to be fixed. The error is one of usage.
func (o *fixOptions) choice(r *ruling, args []string) (*choice, error) {
	c := &choice{rules: o.rules, categories: o.categories, namespaces: o.target.flags.Namespaces}
	on, err := r.categories()
	if err != nil {
		return nil, err
	}
	for _, id := range o.rules {
		if _, _, known := r.known.named(id); !known {
			return nil, usagef("there is no rule %q%s", id, r.known.nearest(id))
		}
		if _, _, judges := ruleSet(on).named(id); !judges {
			return nil, usagef("profile %s leaves %s out: another may have it", r.Profile, id)
		}
	}
	for _, id := range o.categories {
		if !slices.Contains(categoryNames(r.known), id) {
			return nil, usagef("there is no category %q, only %s", id, strings.Join(categoryNames(r.known), ", "))
		}
	}
	if c.severity, err = audit.ParseSeverity(o.severity); err != nil {
		return nil, usagef("reading --severity %s: it is none of info, low, medium, high, critical", o.severity)
	}
	if c.prefer, err = parsePreferences(o.choose, r.known); err != nil {
		return nil, err
	}
	for _, arg := range args {
		ref, err := parseObject(arg)
		if err != nil {
			return nil, err
		}
		c.objects = append(c.objects, ref)
	}
	return c, nil
}
