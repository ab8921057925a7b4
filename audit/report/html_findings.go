package report

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// mostShown is how many findings a page shows: a browser stays quick with as many,
// and nobody reads more. Which are left out, and how many, the page says.
const mostShown = 20_000

// discoveries are the findings as the page shows them: by rule.
type discoveries struct {
	groups                  []*group // worst first
	byRule                  map[string]*group
	shown, left             int
	accepted, acceptedShown int
	implied                 int                    // that are not accepted
	bySeverity              map[audit.Severity]int // of those shown
	namespaces              []string               // of those shown, sorted
}

// group is what was found of one rule.
type group struct {
	rule     *audit.Rule
	category string           // its title
	standing audit.Severity   // the worst of those that count, 0 if none does
	worst    audit.Severity   // the worst of all
	points   float64          // what all cost
	found    []*score.Finding // those on the page, worst first
	all      int
	implied  int
	accepted int
}

// discoveries chooses what the page shows: what counts before what follows from it,
// and that before what is accepted, each worst first.
func (d *draft) discoveries() *discoveries {
	all := &discoveries{byRule: map[string]*group{}, bySeverity: map[audit.Severity]int{}}
	titles := map[string]string{}
	for _, c := range d.titles {
		titles[c.ID] = c.Title
	}
	for _, f := range d.found {
		g := all.byRule[f.Rule.ID]
		if g == nil {
			g = &group{rule: f.Rule, category: titles[f.Category]}
			all.byRule[f.Rule.ID], all.groups = g, append(all.groups, g)
		}
		g.add(f)
	}
	for _, g := range all.groups {
		all.accepted += g.accepted
		all.implied += g.implied
	}
	slices.SortFunc(all.groups, func(a, b *group) int {
		return cmp.Or(
			cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.severity(), a.severity()), cmp.Compare(b.points, a.points), cmp.Compare(a.rule.ID, b.rule.ID),
		)
	})
	all.choose(slices.Concat(worstOf(open(d.found), len(d.found)), worstOf(accepted(d.found), len(d.found))))
	return all
}

// choose puts the first of all findings on the page.
func (all *discoveries) choose(found []*score.Finding) {
	all.shown = min(mostShown, len(found))
	all.left = len(found) - all.shown
	namespaces := map[string]bool{}
	for _, f := range found[:all.shown] {
		g := all.byRule[f.Rule.ID]
		g.found = append(g.found, f)
		namespaces[f.Namespace] = true
		all.bySeverity[f.Severity]++
		if f.Accepted != nil {
			all.acceptedShown++
		}
	}
	all.namespaces = slices.Sorted(maps.Keys(namespaces))
}

func (g *group) add(f *score.Finding) {
	g.all++
	g.points += f.Points
	g.worst = max(g.worst, f.Severity)
	switch {
	case f.Accepted != nil:
		g.accepted++
	case f.Implied != "":
		g.implied++
	default:
		g.standing = max(g.standing, f.Severity)
	}
}

func (g *group) severity() audit.Severity { return cmp.Or(g.standing, g.worst) }

// rank puts what nobody has to do anything about last.
func (g *group) rank() int {
	switch {
	case g.accepted == g.all:
		return 2
	case g.accepted+g.implied == g.all:
		return 1
	}
	return 0
}

func (all *discoveries) has(rule string) bool { return all.byRule[rule] != nil }

// ruleID is where on the page a rule stands.
func ruleID(rule string) string { return "rule-" + rule }

func (d *draft) htmlFindings(p *page, found *discoveries) {
	p.begin(el("section", labelled("findings")))
	defer p.end()
	p.add(heading("findings", "Findings"))
	if len(found.groups) == 0 {
		p.add(el("p", text("Nothing was found.")))
		return
	}
	p.add(found.filter())
	for _, g := range found.groups {
		d.htmlGroup(p, g)
	}
	p.add(el("p", id("nothing"), flag("hidden"), text("No finding is like that.")))
}

// filter is what narrows the findings; the script shows it, since nothing works
// without.
func (all *discoveries) filter() element {
	choice := func(at, name string, values []string) element {
		s := el("select", id(at), el("option", attribute{"value", ""}, text("all")))
		for _, v := range values {
			el("option", attribute{"value", "=" + v}, text(orCluster(v))).join(s.Node)
		}
		return el("label", text(name+" "), s)
	}
	severities := el("fieldset", el("legend", text("Severity")))
	for _, s := range audit.Severities() {
		if n := all.bySeverity[s]; n > 0 {
			el("label", el("input", attribute{"type", "checkbox"}, attribute{"name", "severity"}, attribute{"value", s.String()}, flag("checked")),
				text(fmt.Sprintf(" %s (%d)", s, n))).join(severities.Node)
		}
	}
	return el("form", id("filter"), attribute{"role", "search"}, attribute{"aria-label", "Findings"}, flag("hidden"),
		el("label", text("Search "), el("input", attribute{"type", "search"}, id("search"), attribute{"autocomplete", "off"}, attribute{"spellcheck", "false"})),
		choice("namespace", "Namespace", all.namespaces),
		choice("rule", "Rule", slices.Sorted(maps.Keys(all.byRule))),
		severities,
		el("button", attribute{"type", "reset"}, text("Show all")),
		el("p", id("shown"), attribute{"role", "status"}),
	)
}

// orCluster names the place of what is in no namespace.
func orCluster(namespace string) string { return cmp.Or(namespace, score.ClusterWide) }

func (d *draft) htmlGroup(p *page, g *group) {
	p.begin(el("details", class("rule"), id(ruleID(g.rule.ID)), attribute{"data-rule", g.rule.ID}))
	p.add(el("summary",
		el("h3", badge(g.severity()), text(" "+g.rule.Title)),
		el("span", class("count"), attribute{"data-all", g.count()}, text(g.count()))))
	about := el("dl", class("why"))
	say := func(term string, what part) { el("div", el("dt", text(term)), el("dd", what)).join(about.Node) }
	if g.rule.Rationale != "" {
		say("Why it matters", text(g.rule.Rationale))
	}
	if g.rule.Remediation != "" {
		say("What to do", text(g.rule.Remediation))
	}
	name := parts{mono(g.rule.ID)}
	if g.category != "" {
		name = append(name, text(" in "+g.category))
	}
	say("Rule", name)
	if len(g.rule.Controls) > 0 {
		say("Controls", text(strings.Join(g.rule.Controls, ", ")))
	}
	p.add(about)
	if left := g.all - len(g.found); left > 0 {
		p.add(el("p", class("notice"), text(fmt.Sprintf("%d of %d are shown; %d are left out, as said at the top.", len(g.found), g.all, left))))
	}
	for _, f := range g.found {
		p.add(d.htmlFinding(p, f))
	}
	p.end()
}

// count says how many findings of a rule there are, and how many of them need
// nothing done.
func (g *group) count() string {
	said := plural(g.all, "finding")
	if g.implied > 0 {
		said += fmt.Sprintf(", %d implied", g.implied)
	}
	if g.accepted > 0 {
		said += fmt.Sprintf(", %d accepted", g.accepted)
	}
	return said
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func badge(s audit.Severity) element {
	return el("span", class("severity "+s.String()), text(s.String()))
}

// htmlFinding is one finding: a line, and behind it the evidence and the fix.
func (d *draft) htmlFinding(p *page, one *score.Finding) element {
	f := d.row(one)
	cost := fmt.Sprintf("%.2f points", f.Points)
	switch {
	case f.Accepted != nil:
		cost = "accepted"
	case f.Implied != "":
		cost = "implied"
	}
	body := el("dl")
	say := func(term string, what part) { parts{el("dt", text(term)), el("dd", what)}.join(body.Node) }
	if f.Detail != "" {
		say("Evidence", text(f.Detail))
	}
	if f.Path != "" {
		say("Field", mono(f.Path))
	}
	if f.Source != nil {
		say("Written in", mono(fmt.Sprintf("%s:%d", f.Source.File, f.Source.Line)))
	}
	if f.Implied != "" {
		say("Follows from", mono(f.Implied))
	}
	if f.Accepted != nil {
		say("Accepted", text(why(f.Accepted)))
	} else if f.Implied == "" {
		say("Gain", text(fmt.Sprintf("%+.2f points for its namespace if it alone is gone", f.Gain)))
	}
	if f.Fix != nil {
		fix, err := htmlFix(f.Fix)
		p.fail(err)
		say("Fix", fix)
	}
	return el("details", class("finding"), attribute{"data-severity", f.Severity}, attribute{"data-namespace", f.Namespace},
		el("summary", badge(one.Severity), text(" "), el("span", class("where"), text(where(f))), text(" "),
			el("span", class("message"), text(f.Message)), text(" "), el("span", class("points"), text(cost))),
		body)
}

// htmlFix says what to change, in words and in YAML.
func htmlFix(f *Fix) (part, error) {
	said := f.Title + "."
	if f.Risk != "" {
		said += " Risk: " + f.Risk
	}
	var written bytes.Buffer
	for _, part := range []struct {
		key   string
		there bool
		value any
	}{{"edits: ", len(f.Edits) > 0, f.Edits}, {"create: ", len(f.New) > 0, f.New}, {"delete: ", len(f.Delete) > 0, f.Delete}} {
		if !part.there {
			continue
		}
		encoded, err := encodeYAML(part.key, part.value)
		if err != nil {
			return parts{}, fmt.Errorf("writing the fix %q: %w", f.Title, err)
		}
		written.Write(encoded)
	}
	return parts{text(said), el("pre", lines(written.String()))}, nil
}
