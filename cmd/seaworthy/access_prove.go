package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

type proveOptions struct {
	target  target
	policy  policyOptions
	deletes []string
	fix     int
	most    int
	format  string
}

func newAccessProve(s *streams) *cobra.Command {
	o := &proveOptions{}
	c := &cobra.Command{
		Use:   "prove [RULE KIND/[NAMESPACE/]NAME]",
		Short: "Say what a fix, or the deletion of bindings, would do",
		Long: `Say what a fix, or the deletion of bindings, would do: whom it cuts off from the
cluster and its nodes, which ways are left, what rights are lost, and what the
score becomes. Everything is judged again with the objects changed; nothing is
written to the cluster.

RULE and the object name a finding that has a fix, as scan shows them; --fix
chooses among several. With --delete, the proof is of the deletion of objects
instead.`,
		Example: `  seaworthy access prove secrets-access-cluster-wide ClusterRoleBinding/reader
  seaworthy access prove default-service-account-used Deployment/shop/web
  seaworthy access prove --delete clusterrolebinding/ops --delete rolebinding/ci/runner`,
		Args: cobra.MaximumNArgs(2),
		ValidArgsFunction: func(c *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
			return o.complete(c, s, args, start)
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args) },
	}
	o.target.addFlags(c)
	o.policy.addJudgingFlags(c)
	f := c.Flags()
	f.StringArrayVar(&o.deletes, "delete", nil, "an object to delete, KIND/[NAMESPACE/]NAME; repeatable")
	f.IntVar(&o.fix, "fix", 1, "which of several fixes of the finding")
	f.IntVar(&o.most, "limit", 10, "how many subjects of a kind to tell of")
	f.StringVarP(&o.format, "output", "o", "text", "text or json")
	for name, complete := range map[string]cobra.CompletionFunc{
		"output": func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp
		},
		"delete": func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"clusterrolebinding/", "rolebinding/", "secret/"}, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		},
	} {
		if err := c.RegisterFlagCompletionFunc(name, complete); err != nil {
			panic(err) // the flag is defined above
		}
	}
	return c
}

// complete completes the rule, and then its objects that have a fix: those of the
// files or the recording that is looked at. A cluster is not asked for it.
func (o *proveOptions) complete(c *cobra.Command, s *streams, args []string, start string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return o.policy.rules.complete(c, args, start)
	}
	none := cobra.ShellCompDirectiveNoFileComp
	if len(args) > 1 || len(o.target.files) == 0 && o.target.from == "" {
		return nil, none
	}
	judging, err := o.policy.rules.ruleSet()
	if err != nil {
		return nil, none
	}
	rule, category, ok := judging.named(args[0])
	source, err := o.target.source(c.Context(), s)
	if !ok || err != nil {
		return nil, none
	}
	view, err := kube.Load(c.Context(), source, nil)
	if err != nil {
		return nil, none
	}
	category.Rules = []*audit.Rule{rule}
	var names []string
	for _, f := range audit.Run(view, []audit.Category{category}).Findings() {
		if f.Fixable {
			names = append(names, printable.Text(objectName(f.Subject)))
		}
	}
	slices.Sort(names)
	return slices.Compact(names), none
}

// objectName writes an object as the command takes it.
func objectName(ref kube.Ref) string {
	if ref.Namespace == "" {
		return ref.Kind + "/" + ref.Name
	}
	return ref.Kind + "/" + ref.Namespace + "/" + ref.Name
}

// change is what is to be proved.
type change struct {
	finding *score.Finding // nil for deletions that were asked for
	fix     audit.Fix
	subject kube.Ref
}

// proved is a change and what it does.
type proved struct {
	change
	*proof.Proof
	view   *kube.Cluster // before the change
	patch  string
	most   int
	limits limits
}

func (o *proveOptions) run(ctx context.Context, s *streams, args []string) error {
	write, known := map[string]func(*streams, *proved) error{"text": writeProofText, "json": writeProofJSON}[o.format]
	switch {
	case !known:
		return usagef("reading -o %s: a proof is written as text or json", o.format)
	case len(args) == 0 && len(o.deletes) == 0:
		return usagef("name a rule and an object, or what to --delete")
	case len(args) == 1:
		return usagef("%s is a rule: name the object as well, KIND/[NAMESPACE/]NAME", args[0])
	case len(args) > 0 && len(o.deletes) > 0:
		return usagef("a fix and --delete are two changes: name one")
	case o.fix < 1 || o.most < 1:
		return usagef("--fix and --limit are at least 1")
	}
	r, err := o.policy.load(s)
	if err != nil {
		return err
	}
	view, err := o.target.load(ctx, s)
	if err != nil {
		return err
	}
	before, err := r.assess(view)
	if err != nil {
		return err
	}
	of, err := o.change(r, before, args)
	if err != nil {
		return err
	}
	p, err := o.prove(ctx, before, of)
	if err != nil {
		return err
	}
	return write(s, p)
}

func (o *proveOptions) prove(ctx context.Context, before *score.Assessment, of change) (*proved, error) {
	view := before.Cluster
	changes, err := fix.Outcome(view, of.subject, of.fix)
	if err != nil {
		return nil, usagef("%w", err)
	}
	patch, err := fix.Preview(view, of.subject, of.fix)
	if err != nil {
		return nil, usagef("%w", err)
	}
	p, err := proof.Of(ctx, before, changes)
	if err != nil {
		return nil, err
	}
	limits := limitsOf(view, func(*access.Binding) bool { return true }).alsoOf(view, graph.Resources())
	return &proved{of, p, view, patch, o.most, limits}, nil
}

// change finds what was asked for. The error is one of usage.
func (o *proveOptions) change(r *ruling, before *score.Assessment, args []string) (change, error) {
	if len(o.deletes) > 0 {
		var deletion audit.Fix
		for _, text := range o.deletes {
			ref, err := parseDeleted(before.Cluster, text)
			if err != nil {
				return change{}, err
			}
			deletion.Delete = append(deletion.Delete, ref)
		}
		return change{fix: deletion}, nil
	}
	ref, err := parseObject(args[1])
	if err != nil {
		return change{}, err
	}
	rule, _, known := r.known.named(args[0])
	switch {
	case !known:
		return change{}, usagef("there is no rule %q%s", args[0], r.known.nearest(args[0]))
	case !judgedBy(before, rule.ID):
		return change{}, usagef("profile %s leaves %s out: another may have it", r.Profile, rule.ID)
	}
	f, err := findingOf(before, rule.ID, ref)
	if err != nil {
		return change{}, err
	}
	fixes := audit.NewFixer(before.Cluster).Fixes(f.Placed)
	if o.fix > len(fixes) {
		return change{}, usagef("--fix %d: the finding has %d", o.fix, len(fixes))
	}
	return change{f, fixes[o.fix-1], f.Subject}, nil
}

// judgedBy reports whether a rule is on.
func judgedBy(a *score.Assessment, rule string) bool {
	return slices.ContainsFunc(a.Result.Categories, func(c audit.Category) bool {
		return slices.ContainsFunc(c.Rules, func(r *audit.Rule) bool { return r.ID == rule })
	})
}

// findingOf returns the finding of a rule about an object, of several one that has
// a fix.
func findingOf(a *score.Assessment, rule string, ref kube.Ref) (*score.Finding, error) {
	found := false
	for _, n := range a.Namespaces {
		for _, f := range n.Findings {
			if f.Rule.ID != rule || f.Subject != ref {
				continue
			}
			if f.Fixable {
				return f, nil
			}
			found = true
		}
	}
	if found {
		return nil, usagef("%s of %s has no fix that is known to be right: a person must decide", rule, ref)
	}
	return nil, usagef("%s finds nothing about %s", rule, ref)
}

// parseObject reads "deployment/shop/web", or "clusterrole/view".
func parseObject(text string) (kube.Ref, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 2 && len(parts) != 3 || slices.Contains(parts, "") {
		return kube.Ref{}, usagef("reading %s: an object is KIND/NAME, or KIND/NAMESPACE/NAME", text)
	}
	namespace := ""
	if len(parts) == 3 {
		namespace = parts[1]
	}
	return refOf(text, parts[0], namespace, parts[len(parts)-1])
}

// parseDeleted reads the name of an object of a view.
func parseDeleted(view *kube.Cluster, text string) (kube.Ref, error) {
	ref, err := parseObject(text)
	if err == nil && !view.Has(ref) {
		err = usagef("reading --delete %s: there is no %s", text, ref)
	}
	return ref, err
}

// refOf names an object of a kind as kubectl writes it: "sa", "serviceaccounts".
func refOf(text, kind, namespace, name string) (kube.Ref, error) {
	i := slices.IndexFunc(kube.Resources(), func(r kube.Resource) bool {
		return strings.EqualFold(kind, r.Kind) || strings.EqualFold(kind, r.Plural) || strings.EqualFold(kind, r.String()) ||
			r.Short != "" && strings.EqualFold(kind, r.Short)
	})
	if i < 0 {
		return kube.Ref{}, usagef("reading %s: %q is no kind that is looked at", text, kind)
	}
	r := kube.Resources()[i]
	if r.Namespaced != (namespace != "") {
		where := "is in no namespace"
		if r.Namespaced {
			where = "is in a namespace: name it"
		}
		return kube.Ref{}, usagef("reading %s: a %s %s", text, r.Kind, where)
	}
	return r.Ref(namespace, name), nil
}

// title says in one line what is changed.
func (p *proved) title() string {
	if p.finding == nil && len(p.fix.Delete) == 1 {
		return "Deletion of " + p.fix.Delete[0].String()
	}
	if p.finding == nil {
		return fmt.Sprintf("Deletion of %d objects", len(p.fix.Delete))
	}
	return fmt.Sprintf("%s, %s: %s", p.finding.Rule.ID, p.subject, p.fix.Title)
}
