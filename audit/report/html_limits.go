package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// htmlLimits says what the report cannot tell: it stands before everything that it can.
func (d *draft) htmlLimits(found *discoveries) element {
	s := el("section", labelled("limits"), heading("limits", "Limits of this report"))
	say := func(format string, args ...any) { el("p", text(fmt.Sprintf(format, args...))).join(s.Node) }
	if found.left > 0 {
		el("p", class("notice"), text(fmt.Sprintf(
			"This page shows %d of %d findings: what counts before what follows from it, and that before what was accepted, each worst first. %d are left out, each rule says how many of its own. Scores, counts and frameworks have all; -o json and -o csv list all.",
			found.shown, found.shown+found.left, found.left))).join(s.Node)
	}
	partial := d.htmlPartial()
	switch {
	case len(d.Coverage.Blind) > 0 || len(partial) > 0:
		say("%.1f %% of the checks could be made. What could not be read left the score and lowered this coverage; it did not pass.", d.Coverage.Percent)
	default:
		say("Everything that was to be read was read.")
	}
	if strings.HasSuffix(d.Grade, "?") {
		say("The ? behind a grade says that less than 80 %% of the checks could be made.")
	}
	if len(d.Cluster.Namespaces) > 0 {
		say("Only the namespaces named above were looked at.")
	}
	if d.Cluster.Offline {
		say("It was read from manifests: what runs in the cluster may differ.")
	}
	if d.Cluster.Redacted {
		say("Values of variables, arguments and annotations were taken out when it was recorded: what rules of your own look for in them is not known.")
	}
	if d.Policy != nil && d.Policy.On < d.Policy.Rules {
		say("%d of %d rules were off, by the profile or by what was decided.", d.Policy.Rules-d.Policy.On, d.Policy.Rules)
	}
	if d.Accepted > 0 {
		el("p", text(plural(d.Accepted, "finding")+" accepted: "), el("a", href("accepted"), text("by whom and why")), text(".")).join(s.Node)
	}
	if len(d.Coverage.Blind) > 0 {
		body := el("tbody")
		for _, b := range d.Coverage.Blind {
			row("td", mono(blindWhere(b)), text(b.Reason)).join(body.Node)
		}
		el("table", el("caption", text("What could not be read")), el("thead", row("th", column("Resource"), column("Why"))), body).join(s.Node)
	}
	if len(partial) > 0 {
		body := el("tbody", partial)
		el("details", el("summary", text(plural(len(partial), "rule")+" could not be judged everywhere")),
			el("table", el("caption", text("Rules that could not be judged everywhere")),
				el("thead", row("th", column("Rule"), column("Namespaces"), column("Why"))), body)).join(s.Node)
	}
	return s
}

// htmlPartial has a row for each rule that could not be judged, or not of all, with
// one of the reasons.
func (d *draft) htmlPartial() parts {
	type gap struct {
		namespaces int
		why        string
	}
	gaps := map[*audit.Rule]*gap{}
	for _, name := range slices.Sorted(maps.Keys(d.tallies)) {
		for _, t := range d.tallies[name] {
			if t.Coverage >= 1 {
				continue
			}
			if gaps[t.Rule] == nil {
				gaps[t.Rule] = &gap{why: t.Why}
			}
			gaps[t.Rule].namespaces++
		}
	}
	var rows parts
	for _, c := range d.titles {
		for _, r := range c.Rules {
			if g := gaps[r]; g != nil {
				rows = append(rows, row("td", mono(r.ID), text(fmt.Sprint(g.namespaces)), text(g.why)))
			}
		}
	}
	return rows
}

func (d *draft) htmlContents(found *discoveries) element {
	list := el("ul")
	entry := func(at, name string) { el("li", el("a", href(at), text(name))).join(list.Node) }
	entry("categories", "Categories")
	entry("namespaces", fmt.Sprintf("Namespaces (%d)", len(d.Namespaces)))
	for _, f := range d.Frameworks {
		entry(frameworkID(f), fmt.Sprintf("%s, %s (%s)", f.Title, f.Edition, f.summary()))
	}
	entry("findings", fmt.Sprintf("Findings (%d)", found.shown+found.left))
	if found.accepted > 0 {
		entry("accepted", fmt.Sprintf("Accepted (%d)", found.accepted))
	}
	return el("nav", labelled("contents"), heading("contents", "Contents"), list)
}
