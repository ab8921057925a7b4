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
	found.leftOut().join(s.Node)
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
	if off := d.Policy.off(); off > 0 {
		say("%d of %d rules were off, by the profile or by what was decided.", off, d.Policy.Rules)
	}
	linkAccepted(d.Accepted).join(s.Node)
	if len(d.Coverage.Blind) > 0 {
		var rows parts
		for _, b := range d.Coverage.Blind {
			rows = append(rows, row("td", mono(blindWhere(b)), text(b.Reason)))
		}
		table("What could not be read", parts{column("Resource"), column("Why")}, rows).join(s.Node)
	}
	partlyJudged("", partial).join(s.Node)
	return s
}

// table is one that is never too wide.
func table(caption string, head, rows parts) element {
	return el("table", el("caption", text(caption)), el("thead", row("th", head...)), el("tbody", rows))
}

// leftOut says that the page does not show every finding, and which it leaves out.
func (all *discoveries) leftOut() part {
	if all.left == 0 {
		return parts{}
	}
	return el("p", class("notice"), text(fmt.Sprintf(
		"This page shows %d of %d findings: what counts before what follows from it, and that before what was accepted, each worst first. %d are left out, each rule says how many of its own. Scores, counts and frameworks have all; -o json and -o csv list all.",
		all.shown, all.shown+all.left, all.left)))
}

// off is how many rules there are that were not asked for.
func (p *Policy) off() int {
	if p == nil {
		return 0
	}
	return p.Rules - p.On
}

// linkAccepted says that so many findings are accepted, and where to read why.
func linkAccepted(count int) part {
	if count == 0 {
		return parts{}
	}
	return el("p", text(plural(count, "finding")+" accepted: "), el("a", href("accepted"), text("by whom and why")), text("."))
}

// partlyJudged lists rules that could not be judged, or not of all, of a cluster that may
// have to be named.
func partlyJudged(of string, rows parts) part {
	if len(rows) == 0 {
		return parts{}
	}
	return el("details", el("summary", text(of+plural(len(rows), "rule")+" could not be judged everywhere")),
		table(of+"Rules that could not be judged everywhere", parts{column("Rule"), column("Namespaces"), column("Why")}, rows))
}

// htmlPartial has a row for each rule that could not be judged, or not of all, with
// one of the reasons.
func (d *Document) htmlPartial() parts {
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
	if d.Readiness != nil {
		entry(readinessID, "Readiness ("+d.Readiness.summary()+")")
	}
	if d.Upgrade != nil {
		entry(upgradeID, "Upgrade ("+d.Upgrade.plan.Summary()+")")
	}
	if d.Ownership != nil {
		entry(ownershipID, fmt.Sprintf("Ownership (%d changed by hand)", len(d.Ownership.changed())))
	}
	for _, f := range d.Frameworks {
		entry(frameworkID(f), fmt.Sprintf("%s, %s (%s)", f.Title, f.Edition, f.summary()))
	}
	entry("findings", fmt.Sprintf("Findings (%d)", found.shown+found.left))
	if found.accepted > 0 {
		entry("accepted", fmt.Sprintf("Accepted (%d)", found.accepted))
	}
	return el("nav", labelled("contents"), heading("contents", "Contents"), list)
}
