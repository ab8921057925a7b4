package main

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/sahilm/fuzzy"
	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// page is the width to which prose is wrapped, in columns.
const page = 80

func newExplain(s *streams) *cobra.Command {
	files := &ruleFiles{}
	c := &cobra.Command{
		Use:   "explain RULE",
		Short: "Say what a rule checks, why, and how to fix it",
		Long: "Say what a rule checks, why, and how to fix it. RULE may also be what Popeye, Polaris,\n" +
			"kube-score, KubeLinter, kubeaudit, Kubescape or Trivy call the same check.",
		Example:           "  seaworthy explain privileged-container\n  seaworthy explain POP-106\n  seaworthy explain C-0016",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: files.complete,
		RunE: func(_ *cobra.Command, args []string) error {
			known, err := files.ruleSet()
			if err != nil {
				return err
			}
			if rule, category, ok := known.named(args[0]); ok {
				return explain(s, rule, category)
			}
			checks := catalogue.Named(args[0])
			if len(checks) == 0 {
				return usagef("there is no rule %q%s", args[0], known.nearest(args[0]))
			}
			return explainElsewhere(s, known, args[0], checks)
		},
	}
	files.addFlag(c)
	return c
}

// explainElsewhere explains what another tool calls by a name: the rules that
// make the same check, or why there is none.
func explainElsewhere(s *streams, known ruleSet, name string, checks []catalogue.Check) error {
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
		rule, category, ok := known.named(id)
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
		if err := explain(s, rule, category); err != nil {
			return err
		}
	}
	return nil
}

// nearest suggests rules for an ID that is none.
func (set ruleSet) nearest(id string) string {
	var ids []string
	for _, r := range set.rows() {
		ids = append(ids, r.ID)
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

func explain(s *streams, r *audit.Rule, c audit.Category) error {
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
	if len(r.Controls) > 0 {
		line("Controls: %s", strings.Join(r.Controls, ", "))
	}
	if names := catalogue.Elsewhere(r.ID); len(names) > 0 {
		for i, l := range style.Wrap("Elsewhere: "+strings.Join(names, ", "), page-2) {
			if i > 0 {
				l = "  " + l
			}
			line("%s", l)
		}
	}
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
	_, err := fmt.Fprint(s.out, b.String())
	return err
}
