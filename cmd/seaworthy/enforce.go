package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	release "k8s.io/apimachinery/pkg/util/version"

	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/kube"
)

type enforceOptions struct {
	target target
	policy policyOptions
	action string
	except []string
	// platform says that what the cluster itself runs on is refused too.
	platform bool
	format   string
}

func newEnforce(s *streams) *cobra.Command {
	o := &enforceOptions{}
	c := &cobra.Command{
		Use:   "enforce RULE...",
		Short: "Write rules as admission policies, judged first against what runs",
		Long: `Write rules as ValidatingAdmissionPolicies with their bindings, for a server of
Kubernetes 1.30 or newer to warn of, to note in its audit log, or to refuse what a
rule would find something in. Nothing is written to a cluster: apply the output.

Standard error says what would happen to what runs, by namespace: which objects
would be refused when they are next created or changed, and which pods would not
be made again. What is there stays: a policy judges what is written, not an object
that is being deleted, and not an update that leaves what is judged as it was. A
rule judges the workload; a policy about pods judges the pods of controllers too.

What the configuration, and annotations of objects and namespaces, exempt from a
rule is left alone by its policy as well. -n binds the policy in these namespaces
alone, --except everywhere but there. With --action deny the namespaces of the
cluster itself (kube-system and others that are seen) are left out, unless -n names
one or --with-platform is given: what runs there mostly needs what rules forbid, and
no pod of it would be made again. Start with warn, look, and then deny.

Formats of -o: yaml, for kubectl apply -f; text, what would happen and nothing
else; json, both. seaworthy explain RULE says whether a rule can be enforced.

Exit codes: 0 done, 2 usage, 3 could not look.`,
		Example: `  seaworthy enforce privileged-container host-network > policies.yaml
  seaworthy enforce image-tag-latest --action deny -n payments -o text
  seaworthy enforce run-as-non-root-not-enforced --action deny --except sandbox | kubectl apply -f -`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: o.complete,
		RunE:              func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args) },
	}
	o.target.addFlags(c)
	o.policy.addJudgingFlags(c)
	f := c.Flags()
	f.StringVar(&o.action, "action", "warn", "what the server does: warn who asks, audit, deny")
	f.StringArrayVar(&o.except, "except", nil, "a namespace to leave out; repeatable")
	f.BoolVar(&o.platform, "with-platform", false, "have --action deny refuse in the namespaces of the cluster itself, too")
	f.StringVarP(&o.format, "output", "o", "yaml", "yaml, text or json")
	completeValues(c, map[string][]string{"action": {"warn", "audit", "deny"}, "output": {"yaml", "text", "json"}})
	return c
}

// complete completes the rules that can be enforced.
func (o *enforceOptions) complete(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	judging, err := o.policy.rules.ruleSet()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, c := range judging {
		for _, r := range c.Rules {
			if enforce.Can(r) == nil && !slices.Contains(args, r.ID) {
				names = append(names, r.ID+"\t"+r.Title)
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// enforced is a policy, and what it would do.
type enforced struct {
	*enforce.Export
	*enforce.Outcome
}

// enforcement is all that was asked for.
type enforcement struct {
	action   string
	view     *kube.Cluster
	policies []enforced
}

func (o *enforceOptions) run(ctx context.Context, s *streams, args []string) error {
	write, known := map[string]func(*streams, *enforcement) error{
		"yaml": writeEnforcementYAML, "text": writeEnforcementText, "json": writeEnforcementJSON,
	}[o.format]
	action, acts := map[string]admissionregistrationv1.ValidationAction{
		"warn": admissionregistrationv1.Warn, "audit": admissionregistrationv1.Audit, "deny": admissionregistrationv1.Deny,
	}[o.action]
	switch {
	case !known:
		return usagef("reading -o %s: policies are written as yaml, text or json", o.format)
	case !acts:
		return usagef("reading --action %s: a server can warn, audit or deny", o.action)
	}
	r, err := o.policy.load(s)
	if err != nil {
		return err
	}
	if err := enforceable(r, args); err != nil {
		return err
	}
	view, err := o.target.load(ctx, s)
	if err != nil {
		return err
	}
	e := &enforcement{action: o.action, view: view}
	if server, err := release.ParseGeneric(view.Info.Version); err == nil && server.LessThan(policiesSince()) {
		_, _ = fmt.Fprintf(s.err, "warning: the server is %s, and ValidatingAdmissionPolicies are of %s\n", server, policiesSince())
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(args))) {
		options := enforce.Options{
			Action: action, Namespaces: o.target.flags.Namespaces, Except: o.excepted(view), Exempted: r.Exempted(view, id),
		}
		one, err := o.enforce(r, view, id, options)
		if err != nil {
			return err
		}
		e.policies = append(e.policies, one)
	}
	return write(s, e)
}

// excepted are the namespaces that the policies leave out.
func (o *enforceOptions) excepted(view *kube.Cluster) []string {
	if o.action != "deny" || o.platform || len(o.target.flags.Namespaces) > 0 {
		return o.except
	}
	except := append(slices.Clone(o.except), metav1.NamespaceSystem)
	for _, name := range view.NamespaceNames() {
		if kube.Platform(name) {
			except = append(except, name)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(except)))
}

// policiesSince is the version of Kubernetes that has the API for good (KEP-3488).
func policiesSince() *release.Version { return release.MajorMinor(1, 30) }

// enforceable says which of the rules that were named cannot be policies, and why.
// The errors are of usage.
func enforceable(r *ruling, ids []string) error {
	var faults []error
	for _, id := range ids {
		rule, _, known := r.known.named(id)
		if !known {
			faults = append(faults, usagef("there is no rule %q%s", id, r.known.nearest(id)))
			continue
		}
		if err := enforce.Can(rule); err != nil {
			faults = append(faults, usagef("enforcing %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

func (o *enforceOptions) enforce(r *ruling, view *kube.Cluster, id string, options enforce.Options) (enforced, error) {
	rule, _, _ := r.known.named(id)
	rule, err := r.Set(rule)
	if err != nil {
		return enforced{}, usagef("%w", err)
	}
	export, err := enforce.Of(rule, options)
	if err != nil {
		return enforced{}, usagef("%w", err)
	}
	outcome, err := export.Judge(view)
	if err != nil {
		return enforced{}, fmt.Errorf("judging what runs by %s: %w", id, err)
	}
	return enforced{export, outcome}, nil
}

// verb is what happens to an object that is at fault.
func (e *enforcement) verb() string {
	return map[string]string{"warn": "warned about", "audit": "noted in the audit log", "deny": "refused"}[e.action]
}

// where says where a policy is bound.
func (e *enforcement) where(of *enforced) string {
	resources := of.Binding.Spec.MatchResources
	if resources == nil {
		return "everywhere"
	}
	var parts []string
	for _, asked := range resources.NamespaceSelector.MatchExpressions {
		word := "in "
		if asked.Operator == "NotIn" {
			word = "not in "
		}
		parts = append(parts, word+strings.Join(asked.Values, ", "))
	}
	return strings.Join(parts, ", ")
}
