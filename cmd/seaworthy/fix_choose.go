package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// preferences say which of several fixes is tried first, by rule, from 0.
type preferences map[string]int

// parsePreferences reads the values of --choose: RULE=N, of which N counts from 1.
func parsePreferences(values []string, known ruleSet) (preferences, error) {
	p := preferences{}
	for _, value := range values {
		id, number, found := strings.Cut(value, "=")
		n, err := strconv.Atoi(number)
		if !found || err != nil || n < 1 {
			return nil, usagef("reading --choose %s: it says RULE=N, as in capabilities-not-dropped-all=2", value)
		}
		if _, _, there := known.named(id); !there {
			return nil, usagef("there is no rule %q%s", id, known.nearest(id))
		}
		p[id] = n - 1
	}
	return p, nil
}

func (p preferences) of(f *score.Finding) int { return p[f.Rule.ID] }

// alternativeRow is one of several fixes of a finding as -o json has it.
type alternativeRow struct {
	Title string `json:"title"`
	Risk  string `json:"risk"` // "" if nothing is known
	Taken bool   `json:"taken"`
	Why   string `json:"why"` // why it was tried and is not taken, ""
}

// alternatives are the fixes of a finding, best first; none where there is one alone.
func alternatives(a *plan.Applied) []alternativeRow {
	rows := []alternativeRow{}
	if len(a.Ways) < 2 {
		return rows
	}
	for _, way := range a.Ways {
		row := alternativeRow{Title: way.Title, Risk: way.Risk, Taken: way.Title == a.Fix.Title}
		for _, r := range a.Instead {
			if r.Fix.Title == way.Title {
				row.Why = r.Why
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// summarizeWays tells where another fix than the first was taken, and of which rules
// there are several.
func (p *planned) summarizeWays(m summary) {
	var second []*plan.Applied
	var rules []string
	told := map[string]*plan.Applied{}
	for _, a := range p.Applied {
		if len(a.Instead) > 0 {
			second = append(second, a)
		}
		if id := a.Finding.Rule.ID; len(a.Ways) > 1 && told[id] == nil {
			told[id], rules = a, append(rules, id)
		}
	}
	m.list(len(second), func(i int) string {
		a := second[i]
		return fmt.Sprintf("%s: %s, in place of %q: %s", nameOf(a.Finding), a.Fix.Title, a.Instead[0].Fix.Title, a.Instead[0].Why)
	})
	m.list(len(rules), func(i int) string {
		a := told[rules[i]]
		var others []string
		for i, way := range a.Ways {
			if way.Title != a.Fix.Title {
				others = append(others, fmt.Sprintf("%d, %q", i+1, way.Title))
			}
		}
		return fmt.Sprintf("%s has another fix than %q (--choose %s=N): %s", rules[i], a.Fix.Title, rules[i], strings.Join(others, "; "))
	})
}
