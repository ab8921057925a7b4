package catalogue

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	checks "github.com/seaworthy-dev/seaworthy/audit/catalogue"
)

// tally counts the checks of one category of the field's catalogue.
type tally struct{ checks, rules, parts, none, open int }

// coverage says how many of the checks that the field knows are rules here, and
// lists those that are none with the reason.
func coverage(categories []Category) []byte {
	known := map[string]bool{}
	for _, c := range categories {
		for _, r := range c.Rules {
			known[r.ID] = true
		}
	}
	tallies, total := map[string]*tally{}, &tally{}
	var names []string
	var leftOut, open []checks.Check
	for _, check := range checks.All() {
		t := tallies[check.Category]
		if t == nil {
			t = &tally{}
			tallies[check.Category], names = t, append(names, check.Category)
		}
		for _, counted := range []*tally{t, total} {
			counted.count(check, known)
		}
		switch {
		case check.LeftOut != "":
			leftOut = append(leftOut, check)
		case !known[check.ID]:
			open = append(open, check)
		}
	}
	slices.Sort(names)
	var b bytes.Buffer
	b.WriteString("\n## How much of the field this is\n\n" +
		"Popeye, Polaris, kube-score, KubeLinter, kubeaudit, Kubescape, Trivy and some others make " +
		fmt.Sprint(total.checks) + " different checks\n(read in their sources in August 2026; " +
		"[the table](../catalogue/catalogue.tsv) has what each of them calls a check, and\n`seaworthy explain` knows those names).\n\n" +
		"| category | checks | rules | part of another rule | left out | to come |\n|---|--:|--:|--:|--:|--:|\n")
	for _, name := range names {
		tallies[name].row(&b, name)
	}
	total.row(&b, "**all**")
	list(&b, "Left out, or a part of another rule", leftOut)
	list(&b, "To come", open)
	return b.Bytes()
}

func (t *tally) count(check checks.Check, known map[string]bool) {
	t.checks++
	switch {
	case known[check.ID]:
		t.rules++
	case check.LeftOut != "" && known[check.Instead]:
		t.parts++
	case check.LeftOut != "":
		t.none++
	default:
		t.open++
	}
}

func (t *tally) row(b *bytes.Buffer, name string) {
	fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", name, t.checks, t.rules, t.parts, t.none, t.open)
}

func list(b *bytes.Buffer, heading string, all []checks.Check) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n| check | category | why |\n|---|---|---|\n", heading)
	for _, c := range all {
		why := c.LeftOut
		if c.Instead != "" {
			why = "`" + c.Instead + "`: " + why
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", c.ID, c.Category, strings.ReplaceAll(why, "|", `\|`))
	}
}
