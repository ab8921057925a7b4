package report

import (
	"bufio"
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

//go:embed fleet_html.css
var fleetStyle string

// writeFleetHTML writes the page of several clusters as [writeHTML] does that of one:
// first who looked at which cluster and how much of each could be seen, then what one has
// and another lacks, and the findings of all.
func writeFleetHTML(w io.Writer, d *fleetDraft) error {
	p := &page{w: bufio.NewWriterSize(w, 64<<10)}
	found := d.discoveries()
	p.open(htmlStyle+fleetStyle, plural(d.Coverage.Clusters, "cluster"), d.htmlFacts())
	p.add(d.htmlSummary(found))
	p.add(d.htmlLooks())
	p.add(d.htmlLimits(found))
	if d.Coverage.Seen > 0 { // of none, what is empty would look clean
		p.add(d.htmlContents(found))
		d.htmlCategories(p)
		d.htmlDifferences(p, found)
		d.htmlNamespaces(p, found)
		d.htmlReadiness(p)
		d.htmlUpgrade(p)
		d.htmlOwnership(p)
		d.htmlFrameworks(p, found)
		found.htmlFindings(p)
		found.htmlAccepted(p)
	}
	return p.close(d.Schema, d.RuleSet)
}

// discoveries chooses what the page shows of the findings of all clusters.
func (d *fleetDraft) discoveries() *discoveries {
	all := newDiscoveries(func(one discovery) Finding { return d.members[one.cluster].Document.Findings[one.at] })
	severities := map[string]audit.Severity{}
	for _, s := range audit.Severities() {
		severities[s.String()] = s
	}
	titles := titlesOf(d.categories())
	for i, m := range d.members {
		all.clusters = append(all.clusters, m.Name())
		if m.Document == nil {
			continue
		}
		for at := range m.Document.Findings {
			f := &m.Document.Findings[at]
			all.add(f.rule, titles[f.Category], discovery{
				cluster: i, at: at, namespace: f.Namespace, points: f.Points, severity: severities[f.Severity], implied: f.Implied != "", accepted: f.Accepted != nil,
			})
		}
	}
	all.choose()
	return all
}

// categories are what the clusters were judged by, each once.
func (d *fleetDraft) categories() []audit.Category {
	var all []audit.Category
	for _, m := range d.looked() {
		for _, c := range m.Document.titles {
			if !slices.ContainsFunc(all, func(known audit.Category) bool { return known.ID == c.ID }) {
				all = append(all, c)
			}
		}
	}
	return all
}

// applicable returns the categories that are always shown, and those that apply to
// something in one of the clusters.
func (d *fleetDraft) applicable() []audit.Category {
	var namespaces []Namespace
	for _, m := range d.looked() {
		namespaces = append(namespaces, m.Document.Namespaces...)
	}
	return applicable(d.categories(), namespaces)
}

// looked yields the clusters that could be looked at, with their places.
func (d *fleetDraft) looked() iter.Seq2[int, Member] {
	return func(yield func(int, Member) bool) {
		for i, m := range d.members {
			if m.Document != nil && !yield(i, m) {
				return
			}
		}
	}
}

// htmlFacts says when how many clusters were looked at, and by which rules.
func (d *fleetDraft) htmlFacts() element {
	list := newFacts()
	list.say("Clusters", fmt.Sprintf("%d of %d could be looked at", d.Coverage.Seen, d.Coverage.Clusters))
	if d.Generated != nil {
		list.add("Last seen at", moment(*d.Generated))
	}
	list.say("Versions", d.versions())
	list.rules(d.RuleSet, d.policy())
	return list.element
}

// versions says how far the servers are apart, "" if no version is known.
func (d *fleetDraft) versions() string {
	v := d.Versions
	switch {
	case v == nil:
		return ""
	case v.Oldest == v.Newest:
		return v.Oldest
	}
	return fmt.Sprintf("%s to %s, %s apart", v.Oldest, v.Newest, plural(v.Minors, "minor version"))
}

// htmlSummary has how each cluster stands, and how many findings there are in all.
func (d *fleetDraft) htmlSummary(found *discoveries) element {
	var sum Counts
	for _, m := range d.looked() {
		sum.add(m.Document.Counts)
	}
	counts := newCounts(sum)
	counts.add("Coverage", text(fmt.Sprintf("%.1f %%", d.Coverage.Percent)))
	if found.accepted > 0 {
		counts.add("Accepted", text(fmt.Sprint(found.accepted)))
	}
	return el("section", labelled("summary"),
		heading("summary", "Summary"),
		el("div", class("card"),
			el("p", class("score"), el("span", class("figure"), text(fmt.Sprintf("%d of %d", d.Coverage.Seen, d.Coverage.Clusters))), text(" "),
				el("span", text("clusters looked at"))),
			counts.element),
		el("p", class("aside"), text(found.counted()+" There is no score of all: a mean would hide the one cluster that is open. Coverage is the mean of the clusters, and of one that could not be looked at nothing was seen.")),
		d.htmlStandings())
}

// htmlStandings is a table of how each cluster stands.
func (d *fleetDraft) htmlStandings() element {
	const caption = "Scores and findings of each cluster, 0 is worst and 100 best"
	head := append(parts{column("Cluster"), column("Score"), column("Grade"), column("Coverage")}, countColumns()...)
	head = append(head, parts{class("said"), column("Worst category")})
	var rows parts
	for _, m := range d.members {
		name := clusterHead(m)
		if m.Document == nil {
			rows = append(rows, el("tr", name, el("td", class("tone-none"), text(number(nil))), el("td"), el("td", text("0.0 %")),
				el("td", class("said"), attribute{"colspan", fmt.Sprint(len(head) - 4)}, text(reasonOf(m)))))
			continue
		}
		rows = append(rows, el("tr", name, scoreCell(m.Document.Score), el("td", text(m.Document.Grade)),
			el("td", text(fmt.Sprintf("%.1f %%", m.Document.Coverage.Percent))),
			countCells(m.Document.Counts, m.Document.Accepted), el("td", class("said"), text(worstCategory(m.Cluster)))))
	}
	return wide(caption, "figures", head, rows)
}

// clusterHead is the cell before what is said of a cluster.
func clusterHead(m Member) element {
	names := parts{text(m.Name())}
	if len(m.Contexts) > 1 {
		names = append(names, el("p", class("aside"), text("also "+strings.Join(m.Contexts[1:], ", "))))
	}
	if m.Document == nil {
		names = append(names, el("p", class("aside"), text("could not be looked at")))
	}
	return rowHead(names)
}

// wide is a table that may be wider than the screen.
func wide(caption, kind string, head, rows parts) element {
	t := table(caption, head, rows)
	class(kind).join(t.Node)
	s := scrolling(caption)
	t.join(s.Node)
	return s
}

// htmlLooks says of each cluster who looked at it, where, when, and how far.
func (d *fleetDraft) htmlLooks() element {
	const caption = "Who looked at which cluster, where and when"
	var rows, several parts
	if slices.ContainsFunc(d.members, func(m Member) bool { return len(m.Contexts) > 1 }) {
		several = parts{el("p", text("A cluster that has several names was looked at through the first."))}
	}
	for _, m := range d.members {
		if m.Document == nil {
			rows = append(rows, el("tr", clusterHead(m), el("td", attribute{"colspan", "5"}, text("nobody could"))))
			continue
		}
		c := m.Document.Cluster
		server, by := cmp.Or(c.Server, "not known"), c.seenAs()
		if c.Offline {
			server, by = "none: read from manifests", "nobody"
		}
		scope := parts{text(c.scope())}
		if c.Redacted {
			scope = append(scope, el("p", class("aside"), text("values were taken out")))
		}
		rows = append(rows, el("tr", clusterHead(m), el("td", text(server)), el("td", text(cmp.Or(c.Version, "not known"))), el("td", text(by)),
			el("td", moment(m.Document.Generated)), el("td", scope)))
	}
	return el("section", labelled("looks"), heading("looks", "Who looked"), several,
		wide(caption, "figures looks", parts{column("Cluster"), column("Server"), column("Version"), column("Seen as"), column("Seen at"), column("Scope")}, rows))
}
