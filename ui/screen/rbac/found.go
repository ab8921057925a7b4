package rbac

import (
	"context"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The rules whose findings a view shows.
const (
	aboutWildcards = "wildcard-verbs wildcard-resources-cluster wildcard-resources-namespace cluster-role-wildcard-bound role-wildcard-bound cluster-admin-bound"
	aboutStale     = "binding-subject-missing binding-without-subjects role-ref-missing service-account-missing service-account-unused role-unused cluster-role-unused"
)

func foundColumns() []column {
	severity := text("sev", "SEV", 4, 4, 4, 10)
	severity.Falling = true
	severity.field.Scale = []string{"info", "low", "medium", "high", "critical"}
	return []column{
		severity,
		text("ns", "NAMESPACE", 10, 14, 24, 6),
		text("object", "OBJECT", 18, 32, 48, 9),
		text("message", "WHAT IS WRONG", 20, 36, widget.Unlimited, 8),
		text("rule", "RULE", 20, 27, 36, 5),
	}
}

// findings returns the function that lists the findings of some rules, worst first.
func findings(title, ids string) func(context.Context, inputs) *sheet {
	rules := strings.Fields(ids)
	return func(ctx context.Context, in inputs) *sheet {
		made := &sheet{in: in, title: title, empty: in.nothingFound(rules)}
		var found []*score.Finding
		twin := map[*score.Finding]int{}
		for _, n := range in.assessed.Namespaces {
			if ctx.Err() != nil {
				return nil
			}
			var twins map[*score.Finding]int
			for _, f := range n.Findings {
				if !slices.Contains(rules, f.Rule.ID) {
					continue
				}
				if twins == nil {
					twins = screen.Twins(n.Findings)
				}
				found = append(found, f)
				twin[f] = twins[f]
			}
		}
		slices.SortStableFunc(found, screen.CompareFindings)
		for _, f := range found {
			made.rows = append(made.rows, findingRow(f, twin[f]))
		}
		limits := answer.LimitsOf(in.view, func(*access.Binding) bool { return true }).Lines()
		// Who needs no rule is no matter for a rule.
		made.notes = append(limits[:len(limits)-1], "Rules: "+strings.Join(in.judging(rules), ", ")+".")
		return made
	}
}

// judging returns those of some rules that the assessment judges by.
func (in inputs) judging(rules []string) []string {
	var on []string
	for _, c := range in.assessed.Result.Categories {
		for _, r := range c.Rules {
			if slices.Contains(rules, r.ID) {
				on = append(on, r.ID)
			}
		}
	}
	return on
}

// nothingFound says why no finding is there.
func (in inputs) nothingFound(rules []string) string {
	switch {
	case len(in.judging(rules)) == 0:
		return "no rule about it is switched on"
	case !in.view.Settled():
		return "nothing was found so far; not everything is read yet"
	}
	return "nothing was found"
}

func findingRow(f *score.Finding, twin int) row {
	severity := screen.Severity(f.Severity)
	look, words := muted, muted
	if f.Open() {
		words = plain
		if severity >= style.Low {
			look = lowTone + tone(severity-style.Low)
		}
	}
	wrong := screen.Wrong(f)
	switch {
	case f.Accepted != nil:
		wrong = "accepted: " + wrong
	case f.Implied != "":
		wrong = "implied: " + wrong
	}
	key := screen.FindingKey(f, twin)
	namespace := f.Namespace
	if namespace == "" {
		namespace = score.ClusterWide
	}
	return row{
		key: key, about: about{finding: f},
		open: nav.Address{Screen: "finding", Target: key}, paths: screen.PathsFromObject(f.Subject),
		cells: []cell{
			{severity.String(), float64(f.Severity - audit.Info), look, true},
			word(namespace, words), word(screen.Place(f), words),
			word(wrong, words), word(f.Rule.ID, muted),
		},
	}
}

// findingLines tell of a finding in a narrow box.
func findingLines(f *score.Finding, st *style.Styles, width int) []string {
	severity := screen.Severity(f.Severity)
	lines := []string{st.Severity(severity).Render(st.SeverityMark(severity)+" "+f.Severity.String()) + " " + st.Muted.Render(f.Rule.ID)}
	for i, text := range []string{f.Subject.String(), f.Message, f.Detail, f.Rule.Remediation} {
		if text == "" {
			continue
		}
		look := st.Text
		if i == 1 {
			look = st.Title
		}
		lines = append(lines, "")
		lines = append(lines, look.Wrap(text, width)...)
	}
	return lines
}
