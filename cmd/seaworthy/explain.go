package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
	explaining "github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// page is the width to which prose is wrapped, in columns.
const page = 80

func newExplain(s *streams) *cobra.Command {
	o := &policyOptions{}
	c := &cobra.Command{
		Use:   "explain RULE",
		Short: "Say what a rule checks, why, and how to fix it",
		Long: "Say what a rule checks, why, and how to fix it. RULE may also be what Popeye, Polaris,\n" +
			"kube-score, KubeLinter, kubeaudit, Kubescape or Trivy call the same check.",
		Example:           "  seaworthy explain privileged-container\n  seaworthy explain POP-106\n  seaworthy explain C-0016",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: o.rules.complete,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := o.load(s)
			if err != nil {
				return err
			}
			if rule, category, ok := p.known.named(args[0]); ok {
				return explain(s, p, rule, category)
			}
			checks := catalogue.Named(args[0])
			if len(checks) == 0 {
				return usagef("there is no rule %q%s", args[0], p.known.nearest(args[0]))
			}
			return explainElsewhere(s, p, args[0], checks)
		},
	}
	o.addFlags(c)
	return c
}

// explainElsewhere explains what another tool calls by a name: the rules that
// make the same check, or why there is none.
func explainElsewhere(s *streams, p *ruling, name string, checks []catalogue.Check) error {
	explained := map[string]bool{}
	for _, check := range checks {
		id := check.Rule()
		if explained[id] && id != "" {
			continue
		}
		if len(explained) > 0 {
			if _, err := fmt.Fprintln(s.out); err != nil {
				return err
			}
		}
		explained[id] = true
		rule, category, ok := p.known.named(id)
		about := fmt.Sprintf("%s is %s here.", name, id)
		switch {
		case !ok && check.LeftOut == "":
			about = fmt.Sprintf("%s (%s) is not judged yet.", name, check.ID)
		case !ok:
			about = fmt.Sprintf("%s (%s) is no rule: %s", name, check.ID, check.LeftOut)
		case check.LeftOut != "":
			about = fmt.Sprintf("%s (%s) is a part of %s: %s", name, check.ID, id, check.LeftOut)
		}
		for _, l := range style.Wrap(about, page) {
			if _, err := fmt.Fprintln(s.out, l); err != nil {
				return err
			}
		}
		if !ok {
			continue
		}
		if _, err := fmt.Fprintln(s.out); err != nil {
			return err
		}
		if err := explain(s, p, rule, category); err != nil {
			return err
		}
	}
	return nil
}

// nearest suggests rules for an ID that is none.
func (set ruleSet) nearest(id string) string {
	var ids []string
	for _, c := range set {
		for _, r := range c.Rules {
			ids = append(ids, r.ID)
		}
	}
	return cmp.Or(form.Nearest(id, ids), "; seaworthy rules lists them")
}

func explain(s *streams, p *ruling, r *audit.Rule, c audit.Category) error {
	rule, err := explaining.Of(p.Policy, r, c)
	if err != nil {
		return usagef("%w", err)
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s: %s", rule.ID, rule.Title)
	line("%s", rule.Kind())
	for _, fact := range rule.Facts() {
		for i, l := range style.Wrap(fact, page-2) {
			if i > 0 {
				l = "  " + l
			}
			line("%s", l)
		}
	}
	for _, prose := range [][2]string{{"Why it matters", rule.Rationale}, {"What to do", rule.Remediation}} {
		line("\n%s", prose[0])
		for _, l := range style.Wrap(prose[1], page-2) {
			line("  %s", l)
		}
	}
	for _, example := range rule.Examples() {
		line("\n%s", example.Heading)
		for l := range strings.Lines(example.Text) {
			line("  %s", strings.TrimRight(l, "\n"))
		}
	}
	_, err = fmt.Fprint(s.out, b.String())
	return err
}
