package report

import (
	"fmt"
	"strings"
)

// htmlLimits says what the report cannot tell of which cluster.
func (d *fleetDraft) htmlLimits(found *discoveries) element {
	s := el("section", labelled("limits"), heading("limits", "Limits of this report"))
	say := func(format string, args ...any) { el("p", text(fmt.Sprintf(format, args...))).join(s.Node) }
	found.leftOut().join(s.Node)
	blind, partly := d.htmlBlind(), d.htmlPartly()
	if len(blind)+len(partly) > 0 {
		say("%.1f %% of the checks could be made, as the mean of the clusters. What could not be read left the score of its cluster and lowered this coverage; it did not pass.", d.Coverage.Percent)
	} else {
		say("Everything that was to be read was read.")
	}
	d.htmlReservations(say)
	linkAccepted(found.accepted).join(s.Node)
	if len(blind) > 0 {
		table("What could not be read", parts{column("Cluster"), column("Resource"), column("Why")}, blind).join(s.Node)
	}
	partly.join(s.Node)
	return s
}

// htmlReservations says what has to be known of some clusters, and names them.
func (d *fleetDraft) htmlReservations(say func(format string, args ...any)) {
	for _, r := range []struct {
		said  string
		holds func(*Document) bool
	}{
		{"The ? behind a grade says that less than 80 %% of the checks could be made: %s.", func(m *Document) bool { return strings.HasSuffix(m.Grade, "?") }},
		{"Only some namespaces were looked at, as said of each cluster: %s.", func(m *Document) bool { return len(m.Cluster.Namespaces) > 0 }},
		{"Read from manifests, so that what runs may differ: %s.", func(m *Document) bool { return m.Cluster.Offline }},
		{"Values of variables, arguments and annotations were taken out of what was recorded, so that what rules of your own look for in them is not known: %s.", func(m *Document) bool { return m.Cluster.Redacted }},
	} {
		var names []string
		for _, m := range d.looked() {
			if r.holds(m.Document) {
				names = append(names, m.Name())
			}
		}
		switch len(names) {
		case 0:
		case d.Coverage.Seen:
			say(r.said, "every cluster that was looked at")
		default:
			say(r.said, strings.Join(names, ", "))
		}
	}
	if p := d.policy(); p.off() > 0 {
		say("%d of %d rules were off, by the profile or by what was decided.", p.off(), p.Rules)
	}
}

// htmlBlind has a row for each thing that could not be read of a cluster.
func (d *fleetDraft) htmlBlind() parts {
	var rows parts
	for _, m := range d.members {
		if m.Document == nil {
			rows = append(rows, row("td", text(m.Name()), text("everything"), text("could not be looked at: "+reasonOf(m))))
			continue
		}
		for _, b := range m.Document.Coverage.Blind {
			rows = append(rows, row("td", text(m.Name()), mono(blindWhere(b)), text(b.Reason)))
		}
	}
	return rows
}

// htmlPartly lists of each cluster the rules that could not be judged everywhere.
func (d *fleetDraft) htmlPartly() parts {
	var lists parts
	for _, m := range d.looked() {
		if rows := m.Document.htmlPartial(); len(rows) > 0 {
			lists = append(lists, partlyJudged(m.Name()+": ", rows))
		}
	}
	return lists
}

func (d *fleetDraft) htmlContents(found *discoveries) element {
	list := el("ul")
	entry := func(at, name string) { el("li", el("a", href(at), text(name))).join(list.Node) }
	entry("categories", "Categories")
	entry("differences", fmt.Sprintf("What one has and another lacks (%d)", len(d.differ)))
	entry("namespaces", fmt.Sprintf("Namespaces (%d of one name differ)", len(d.shared)))
	if d.readiness() != nil {
		entry(readinessID, "Readiness")
	}
	if d.upgrade() != nil {
		entry(upgradeID, "Upgrade")
	}
	if d.ownership() != nil {
		entry(ownershipID, "Ownership")
	}
	for _, f := range d.compliance() {
		entry(frameworkID(f), f.name())
	}
	entry("findings", fmt.Sprintf("Findings (%d)", found.shown+found.left))
	if found.accepted > 0 {
		entry("accepted", fmt.Sprintf("Accepted (%d)", found.accepted))
	}
	return el("nav", labelled("contents"), heading("contents", "Contents"), list)
}
