// Package explain says what people should know of a rule: what a policy makes of it,
// what others call it, how it is enforced, and the examples that it is tested with.
//
// The command explain and the screens of rules say the same, because both say what is
// said here. The package writes sentences and knows neither widths nor colours.
package explain

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
)

// Rule is a rule under a policy.
type Rule struct {
	*audit.Rule // with the severity and the parameters that are in force
	Category    audit.Category
	Own         audit.Severity // without the policy
	Enabled     bool
	By          string // names the policy, "" for none
}

// Of returns a rule of a category under a policy, nil for none. The error is about
// parameters that the rule does not have.
func Of(p *policy.Policy, r *audit.Rule, c audit.Category) (Rule, error) {
	explained := Rule{Rule: r, Category: c, Own: r.Severity, Enabled: true}
	if p == nil {
		return explained, nil
	}
	set, err := p.Set(r)
	if err != nil {
		return explained, err
	}
	explained.Rule, explained.Enabled, explained.By = set, p.Enabled(c.ID, r), decidedBy(p)
	return explained, nil
}

// All returns the rules of categories under a policy, in their order.
func All(p *policy.Policy, categories []audit.Category) ([]Rule, error) {
	var all []Rule
	for _, c := range categories {
		for _, r := range c.Rules {
			explained, err := Of(p, r, c)
			if err != nil {
				return nil, err
			}
			all = append(all, explained)
		}
	}
	return all, nil
}

// decidedBy names who decided about a rule.
func decidedBy(p *policy.Policy) string {
	if p.File == "" {
		return "profile " + p.Profile
	}
	return fmt.Sprintf("profile %s with %s", p.Profile, p.File)
}

// Kind says of which category and severity the rule is, and since when there is one.
func (r Rule) Kind() string {
	return fmt.Sprintf("%s, category %s (%s), since rule set %s", r.Severity, r.Category.ID, r.Category.Title, r.Since)
}

// Facts are what is to know of the rule beside why and what to do, a sentence or a list
// each.
func (r Rule) Facts() []string {
	var facts []string
	add := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	if r.Weight > 0 {
		add("Measures a namespace as a whole, at a weight of %.2f.", r.Weight)
	}
	if len(r.Controls) > 0 {
		add("Controls: %s", strings.Join(r.Controls, ", "))
	}
	if !r.Enabled {
		add("Off: %s leaves it out.", r.By)
	} else if r.Severity != r.Own {
		add("By itself it is %s; %s sees it otherwise.", r.Own, r.By)
	}
	for _, parameter := range r.Parameters {
		add("Parameter %s: %v (%s)", parameter.Name, parameter.Value, parameter.About)
	}
	if names := catalogue.Elsewhere(r.ID); len(names) > 0 {
		add("Elsewhere: %s", strings.Join(names, ", "))
	}
	return append(facts, r.enforcing())
}

// enforcing says whether and how a server can be had to ask what the rule asks.
func (r Rule) enforcing() string {
	if err := enforce.Can(r.Rule); err != nil {
		return "Not to be enforced: " + err.Error() + "."
	}
	by := "Enforced by: seaworthy enforce " + r.ID
	if level := enforce.PodSecurity(r.Rule); level != "" {
		by += ", or by Pod Security at level " + level
	}
	return by
}

// Example is a manifest that the rule is tested with. What the rule finds in it is
// marked by comments: "# fails: …".
type Example struct {
	Heading string
	Text    string
}

// The examples that a rule may have. Not every rule has a mechanical fix.
const (
	Fails  = "This fails, where marked"
	Fixed  = "The same, fixed"
	Passes = "This passes"
)

// Examples returns those that the rule has, in the order to read them.
func (r Rule) Examples() []Example {
	var examples []Example
	for _, example := range [...]struct{ file, heading string }{{"fail.yaml", Fails}, {"fixed.yaml", Fixed}, {"pass.yaml", Passes}} {
		if r.Category.Examples == nil {
			break
		}
		text, err := fs.ReadFile(r.Category.Examples, "testdata/"+r.ID+"/"+example.file)
		if err != nil {
			continue
		}
		var b strings.Builder
		for line := range strings.Lines(string(text)) {
			b.WriteString(strings.Replace(line, "# want ", Marked, 1))
		}
		examples = append(examples, Example{example.heading, b.String()})
	}
	return examples
}

// Example returns the text of the example of a heading, "" if the rule has none.
func (r Rule) Example(heading string) string {
	for _, e := range r.Examples() {
		if e.Heading == heading {
			return e.Text
		}
	}
	return ""
}

// Marked is how a line of an example says what the rule finds there.
const Marked = "# fails: "

// Repair returns what a fix does to what fails, as a unified diff in which what is found
// is marked; "" for a rule without a mechanical fix.
func (r Rule) Repair() string {
	fails, fixed := r.Example(Fails), r.Example(Fixed)
	if fixed == "" {
		return ""
	}
	was := strings.SplitAfter(fails, "\n")
	at := 0 // of the lines of what fails, by the heads of the hunks
	var b strings.Builder
	for line := range strings.Lines(string(fix.Diff(r.ID+".yaml", unmarked(fails), unmarked(fixed)))) {
		switch {
		case strings.HasPrefix(line, "@@"):
			_, _ = fmt.Sscanf(line, "@@ -%d", &at)
			b.WriteString(line)
		case at > 0 && at <= len(was) && (line[0] == '-' || line[0] == ' '):
			b.WriteString(line[:1] + was[at-1])
			at++
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// unmarked is an example as it would be written.
func unmarked(text string) []byte {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if plain, _, found := strings.Cut(line, Marked); found {
			line = strings.TrimRight(plain, " ") + "\n"
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}
