package report

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	clusters                []string               // the names, where the page is of several
	byCluster               map[int]int            // of those shown
	row                     func(discovery) Finding

	found []discovery // all, before they are chosen
}

// group is what was found of one rule.
type group struct {
	rule     *audit.Rule
	category string         // its title
	standing audit.Severity // the worst of those that count, 0 if none does
	worst    audit.Severity // the worst of all
	points   float64        // what all cost
	found    []discovery    // those on the page, worst first
	all      int
	implied  int
	accepted int
}

// discovery is a finding, as far as it is chosen by; [discoveries.row] has the rest. There
// may be hundreds of thousands.
type discovery struct {
	of                *group
	cluster, at       int // its place among the clusters, and among the findings of its own
	namespace         string
	points            float64
	severity          audit.Severity
	implied, accepted bool
}

// discoveries chooses what the page shows.
func (d *draft) discoveries() *discoveries {
	all := newDiscoveries(func(one discovery) Finding { return d.row(d.found[one.at]) })
	titles := titlesOf(d.titles)
	for at, f := range d.found {
		all.add(f.Rule, titles[f.Category], discovery{
			at: at, namespace: f.Namespace, points: f.Points, severity: f.Severity, implied: f.Implied != "", accepted: f.Accepted != nil,
		})
	}
	all.choose()
	return all
}

// titlesOf returns the titles of categories by their IDs.
func titlesOf(categories []audit.Category) map[string]string {
	titles := map[string]string{}
	for _, c := range categories {
		titles[c.ID] = c.Title
	}
	return titles
}

func newDiscoveries(row func(discovery) Finding) *discoveries {
	return &discoveries{byRule: map[string]*group{}, bySeverity: map[audit.Severity]int{}, byCluster: map[int]int{}, row: row}
}

// add has one more finding, of a rule in a category of a title.
func (all *discoveries) add(rule *audit.Rule, category string, one discovery) {
	g := all.byRule[rule.ID]
	if g == nil {
		g = &group{rule: rule, category: category}
		all.byRule[rule.ID], all.groups = g, append(all.groups, g)
	}
	one.of = g
	g.add(one)
	all.found = append(all.found, one)
}

// choose puts on the page what counts before what follows from it, and that before what
// is accepted, each worst first, as [worstOf] has them.
func (all *discoveries) choose() {
	for _, g := range all.groups {
		all.accepted += g.accepted
		all.implied += g.implied
	}
	slices.SortFunc(all.groups, func(a, b *group) int {
		return cmp.Or(
			cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.severity(), a.severity()), cmp.Compare(b.points, a.points), cmp.Compare(a.rule.ID, b.rule.ID),
		)
	})
	slices.SortStableFunc(all.found, func(a, b discovery) int {
		return cmp.Or(
			compareBool(a.accepted, b.accepted), compareBool(a.implied, b.implied), cmp.Compare(b.severity, a.severity), cmp.Compare(b.points, a.points),
		)
	})
	all.shown = min(mostShown, len(all.found))
	all.left = len(all.found) - all.shown
	namespaces := map[string]bool{}
	for _, one := range all.found[:all.shown] {
		one.of.found = append(one.of.found, one)
		namespaces[one.namespace] = true
		all.bySeverity[one.severity]++
		all.byCluster[one.cluster]++
		if one.accepted {
			all.acceptedShown++
		}
	}
	all.namespaces = slices.Sorted(maps.Keys(namespaces))
	all.found = nil
}

// compareBool has what is not so before what is.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (g *group) add(one discovery) {
	g.all++
	g.points += one.points
	g.worst = max(g.worst, one.severity)
	switch {
	case one.accepted:
		g.accepted++
	case one.implied:
		g.implied++
	default:
		g.standing = max(g.standing, one.severity)
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

// ruleID is where on the page a rule stands.
func ruleID(rule string) string { return "rule-" + rule }

// link is the ID of a rule, as a link to what it found if it is on the page.
func (all *discoveries) link(rule string) element {
	if all.byRule[rule] == nil {
		return mono(rule)
	}
	return el("a", href(ruleID(rule)), mono(rule))
}

func (all *discoveries) htmlFindings(p *page) {
	p.begin(el("section", labelled("findings")))
	defer p.end()
	p.add(heading("findings", "Findings"))
	if len(all.groups) == 0 {
		nothing := "Nothing was found."
		if len(all.clusters) > 0 {
			nothing = "Nothing was found in the clusters that could be looked at."
		}
		p.add(el("p", text(nothing)))
		return
	}
	p.add(all.filter())
	for _, g := range all.groups {
		all.htmlGroup(p, g)
	}
	p.add(el("p", id("nothing"), flag("hidden"), text("No finding is like that.")))
}

// filter is what narrows the findings; the script shows it, since nothing works
// without.
func (all *discoveries) filter() element {
	severities := el("fieldset", el("legend", text("Severity")))
	for _, s := range audit.Severities() {
		if n := all.bySeverity[s]; n > 0 {
			el("label", el("input", attribute{"type", "checkbox"}, attribute{"name", "severity"}, attribute{"value", s.String()}, flag("checked")),
				text(fmt.Sprintf(" %s (%d)", s, n))).join(severities.Node)
		}
	}
	return el("form", id("filter"), attribute{"role", "search"}, attribute{"aria-label", "Findings"}, flag("hidden"),
		el("label", text("Search "), el("input", attribute{"type", "search"}, id("search"), attribute{"autocomplete", "off"}, attribute{"spellcheck", "false"})),
		all.choices(),
		severities,
		el("button", attribute{"type", "reset"}, text("Show all")),
		el("p", id("shown"), attribute{"role", "status"}),
	)
}

// choices are the lists that one thing of is looked at.
func (all *discoveries) choices() parts {
	option := func(value, name string) part { return el("option", attribute{"value", value}, text(name)) }
	choice := func(at, name string, options parts) part {
		return el("label", text(name+" "), el("select", id(at), option("", "all"), options))
	}
	var clusters, namespaces, rules, choices parts
	for i, name := range all.clusters {
		if all.byCluster[i] > 0 {
			clusters = append(clusters, option(fmt.Sprintf("=%d", i), name))
		}
	}
	for _, n := range all.namespaces {
		namespaces = append(namespaces, option("="+n, orCluster(n)))
	}
	for _, r := range slices.Sorted(maps.Keys(all.byRule)) {
		rules = append(rules, option("="+r, r))
	}
	if len(clusters) > 0 {
		choices = parts{choice("cluster", "Cluster", clusters)}
	}
	return append(choices, choice("namespace", "Namespace", namespaces), choice("rule", "Rule", rules))
}

// orCluster names the place of what is in no namespace.
func orCluster(namespace string) string { return cmp.Or(namespace, score.ClusterWide) }

func (all *discoveries) htmlGroup(p *page, g *group) {
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
	for _, one := range g.found {
		p.add(all.htmlFinding(p, one))
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
func (all *discoveries) htmlFinding(p *page, one discovery) element {
	f := all.row(one)
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
	known := parts{class("finding"), attribute{"data-severity", f.Severity}, attribute{"data-namespace", f.Namespace}}
	if len(all.clusters) > 0 {
		known = append(known, attribute{"data-cluster", strconv.Itoa(one.cluster)})
	}
	return el("details", known,
		el("summary", badge(one.severity), all.in(one), text(" "), el("span", class("where"), text(where(f))), text(" "),
			el("span", class("message"), text(f.Message)), text(" "), el("span", class("points"), text(cost))),
		body)
}

// in names the cluster of a finding, where the page is of several.
func (all *discoveries) in(one discovery) part {
	if len(all.clusters) == 0 {
		return parts{}
	}
	return parts{text(" "), el("span", class("cluster"), text(all.clusters[one.cluster]))}
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
