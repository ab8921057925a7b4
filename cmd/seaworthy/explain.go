package main

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/sahilm/fuzzy"
	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
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
	matches := fuzzy.Find(id, ids)
	if len(matches) == 0 {
		return "; seaworthy rules lists them"
	}
	var close []string
	for _, m := range matches[:min(3, len(matches))] {
		close = append(close, m.Str)
	}
	return "; did you mean " + strings.Join(close, " or ") + "?"
}

func explain(s *streams, p *ruling, r *audit.Rule, c audit.Category) error {
	own := r.Severity
	enabled := p.Enabled(c.ID, r)
	r, err := p.Set(r)
	if err != nil {
		return usagef("%w", err)
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	prose := func(heading, text string) {
		line("")
		line("%s", heading)
		for _, l := range style.Wrap(text, page-2) {
			line("  %s", l)
		}
	}
	line("%s: %s", r.ID, r.Title)
	line("%s, category %s (%s), since rule set %s", r.Severity, c.ID, c.Title, r.Since)
	if r.Weight > 0 {
		line("Measures a namespace as a whole, at a weight of %.2f.", r.Weight)
	}
	if len(r.Controls) > 0 {
		line("Controls: %s", strings.Join(r.Controls, ", "))
	}
	if !enabled {
		line("Off: %s leaves it out.", decidedBy(p.Policy))
	} else if r.Severity != own {
		line("By itself it is %s; %s sees it otherwise.", own, decidedBy(p.Policy))
	}
	for _, parameter := range r.Parameters {
		line("Parameter %s: %v (%s)", parameter.Name, parameter.Value, parameter.About)
	}
	hanging := func(text string) {
		for i, l := range style.Wrap(text, page-2) {
			if i > 0 {
				l = "  " + l
			}
			line("%s", l)
		}
	}
	if names := catalogue.Elsewhere(r.ID); len(names) > 0 {
		hanging("Elsewhere: " + strings.Join(names, ", "))
	}
	hanging(enforcing(r))
	prose("Why it matters", r.Rationale)
	prose("What to do", r.Remediation)
	for _, example := range []struct{ file, heading string }{
		{"fail.yaml", "This fails, where marked"},
		{"fixed.yaml", "The same, fixed"},
		{"pass.yaml", "This passes"},
	} {
		text, err := fs.ReadFile(c.Examples, "testdata/"+r.ID+"/"+example.file)
		if err != nil {
			continue // not every rule has a mechanical fix
		}
		line("")
		line("%s", example.heading)
		for l := range strings.Lines(string(text)) {
			line("  %s", strings.Replace(strings.TrimRight(l, "\n"), "# want ", "# fails: ", 1))
		}
	}
	_, err = fmt.Fprint(s.out, b.String())
	return err
}

// enforcing says whether and how a server can be had to ask what a rule asks.
func enforcing(r *audit.Rule) string {
	if err := enforce.Can(r); err != nil {
		return "Not to be enforced: " + err.Error() + "."
	}
	by := "Enforced by: seaworthy enforce " + r.ID
	if level := enforce.PodSecurity(r); level != "" {
		by += ", or by Pod Security at level " + level
	}
	return by
}

// decidedBy names who decided about a rule.
func decidedBy(p *policy.Policy) string {
	if p.File == "" {
		return "profile " + p.Profile
	}
	return fmt.Sprintf("profile %s with %s", p.Profile, p.File)
}
