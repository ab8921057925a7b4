package main

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/sahilm/fuzzy"
	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// page is the width to which prose is wrapped, in columns.
const page = 80

func newExplain(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:               "explain RULE",
		Short:             "Say what a rule checks, why, and how to fix it",
		Example:           "  seaworthy explain privileged-container",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeRules,
		RunE: func(_ *cobra.Command, args []string) error {
			rule, category, ok := ruleNamed(args[0])
			if !ok {
				return usagef("there is no rule %q%s", args[0], nearest(args[0]))
			}
			return explain(s, rule, category)
		},
	}
}

// nearest suggests rules for an ID that is none.
func nearest(id string) string {
	var ids []string
	for _, r := range ruleRows() {
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
