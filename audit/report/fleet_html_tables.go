package report

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
)

// mostAcross is how many clusters stand side by side in one table: as many as paper is wide.
const mostAcross = 12

// sideBySide writes a table of so many rows that have a cell for each cluster after those
// that are headed by first; several tables if there are more clusters than [mostAcross].
// A row is how it begins, and the cells of clusters that could be looked at.
func (d *fleetDraft) sideBySide(p *page, caption string, first []string, rows int, row func(at int) (begin parts, cell func(cluster int) element)) {
	for from := 0; from < len(d.members); from += mostAcross {
		to, title := min(len(d.members), from+mostAcross), caption
		if len(d.members) > mostAcross {
			title += fmt.Sprintf("; clusters %d to %d of %d", from+1, to, len(d.members))
		}
		var head, body parts
		for _, name := range first {
			head = append(head, column(name))
		}
		for _, m := range d.members[from:to] {
			head = append(head, column(m.Name()))
		}
		for at := range rows {
			begin, cell := row(at)
			r := el("tr", begin)
			for i := from; i < to; i++ {
				if d.members[i].Document == nil {
					el("td", marked("not-evaluated", "?", "not seen")).join(r.Node)
					continue
				}
				cell(i).join(r.Node)
			}
			body = append(body, r)
		}
		p.add(wide(title, "figures across", head, body))
	}
}

func rowHead(of ...part) element { return el("th", attribute{"scope", "row"}, parts(of)) }

// htmlCategories has the mean of each category in each cluster.
func (d *fleetDraft) htmlCategories(p *page) {
	p.begin(el("section", labelled("categories")))
	p.add(heading("categories", "Categories"))
	categories := d.applicable()
	d.sideBySide(p, "Mean of each category over each cluster, 0 is worst and 100 best", []string{"Category"}, len(categories), func(at int) (parts, func(int) element) {
		c := categories[at]
		return parts{rowHead(text(c.Title), el("p", class("aside"), text(c.About)))},
			func(i int) element { return scoreCell(d.members[i].Document.Categories[c.ID].Score) }
	})
	p.end()
}

// htmlDifferences has the rules that fail in one cluster and are known not to in another.
func (d *fleetDraft) htmlDifferences(p *page, found *discoveries) {
	p.begin(el("section", labelled("differences")))
	defer p.end()
	p.add(heading("differences", "What one has and another lacks"))
	if len(d.differ) == 0 {
		p.add(el("p", text(d.alike("No rule fails in one cluster and is known not to in another."))))
		return
	}
	p.add(el("p", text("Rules that fail in one cluster and are known not to in another. Not known is where something could not be read, as the limits say; not judged is a rule that is off.")))
	d.sideBySide(p, "What became of rules in each cluster, the gravest first", []string{"Rule"}, len(d.differ), func(at int) (parts, func(int) element) {
		of := d.differ[at]
		return parts{rowHead(badge(of.Severity), text(" "+of.Title+" "), found.link(of.ID))},
			func(i int) element { return el("td", mark(of.In[i])) }
	})
}

// alike says that nothing differs, if there is anything to compare.
func (d *fleetDraft) alike(said string) string {
	if d.Coverage.Seen < 2 {
		return "Only one cluster could be looked at: there is nothing to compare."
	}
	return said
}

// mark says what became of a rule in a cluster, in words and with a sign: neither needs
// its colour.
func mark(r fleet.Result) element {
	kind, sign, said := "not-evaluated", "?", "not known"
	switch r.Verdict {
	case fleet.Unknown:
	case fleet.Failed:
		kind, sign, said = "fail", "✗", plural(r.Open, "finding")
	case fleet.Accepted:
		kind, sign, said = "accepted", "○", "accepted"
	case fleet.Passed:
		kind, sign, said = "pass", "✓", "passed"
	case fleet.NotApplicable:
		sign, said = "–", "nothing to judge"
	case fleet.Unseen:
		said = "not judged"
	}
	return marked(kind, sign, said)
}

func marked(kind, sign, said string) element {
	return el("span", class("verdict "+kind), el("span", attribute{"aria-hidden", "true"}, text(sign)), text(" "+said))
}

// mostExplained is how many namespaces that differ a page explains, those that differ most.
const mostExplained = 100

// htmlNamespaces has the namespaces that differ and why, and behind it all of each cluster.
func (d *fleetDraft) htmlNamespaces(p *page, found *discoveries) {
	p.begin(el("section", labelled("namespaces")))
	defer p.end()
	p.add(heading("namespaces", "Namespaces"))
	if len(d.shared) > 0 {
		d.htmlShared(p, found)
	} else {
		p.add(el("p", text(d.alike("No namespace that several clusters have by one name is scored differently."))))
	}
	p.add(el("h3", text("All namespaces of each cluster")))
	categories := d.applicable()
	for _, m := range d.looked() {
		p.begin(el("details"))
		p.add(el("summary", text(fmt.Sprintf("%s: %s", m.Name(), plural(len(m.Document.Namespaces), "namespace")))))
		htmlNamespaces(p, m.Document.Namespaces, categories)
		p.end()
	}
}

// htmlShared has the namespaces that several clusters have by one name with other scores.
func (d *fleetDraft) htmlShared(p *page, found *discoveries) {
	d.sideBySide(p, "Namespaces of one name that differ, those that differ most first", []string{"Namespace", "Points apart"}, len(d.shared), func(at int) (parts, func(int) element) {
		n := &d.shared[at]
		return parts{rowHead(text(n.Name)), el("td", text(fmt.Sprintf("%.1f", n.Spread())))}, func(i int) element {
			if n.In[i] == nil {
				return el("td", class("tone-none"), text("none"))
			}
			return scoreCell(&n.In[i].Score)
		}
	})
	p.add(el("h3", text("What makes the difference")))
	if left := len(d.shared) - mostExplained; left > 0 {
		p.add(el("p", text(fmt.Sprintf("Of the %d that differ most. -o json explains the other %d.", mostExplained, left))))
	}
	for i := range d.shared[:min(mostExplained, len(d.shared))] {
		p.add(d.explanation(&d.shared[i], found))
	}
}

// explanation is what each rule costs a namespace where its score is the lowest, and where
// it is the highest: together that is what the scores are apart.
func (d *fleetDraft) explanation(n *fleet.Shared, found *discoveries) element {
	low, high := d.members[n.Low].Name(), d.members[n.High].Name()
	var rows parts
	for _, c := range n.Rules {
		points := func(x float64) element { return el("td", text(fmt.Sprintf("%.2f", x))) }
		rows = append(rows, el("tr", rowHead(found.link(c.ID)), points(c.Low), points(c.High),
			el("td", text(fmt.Sprintf("%+.2f", c.Points())))))
	}
	return el("details", el("summary", text(fmt.Sprintf("%s: %.1f in %s, %.1f in %s", n.Name, n.In[n.Low].Score, low, n.In[n.High].Score, high))),
		wide("Points that rules cost "+n.Name, "figures across", parts{column("Rule"), column(low), column(high), column("Costs more")}, rows))
}

// htmlFrameworks has the verdicts on each control in each cluster, and behind them the
// evidence.
func (d *fleetDraft) htmlFrameworks(p *page, found *discoveries) {
	for i, f := range d.compliance() {
		p.begin(el("section", labelled(frameworkID(f))))
		p.add(heading(frameworkID(f), f.name()))
		p.add(el("p", text(controlsPass+" Source: "), outside(f.Source)))
		d.sideBySide(p, "Verdicts of each cluster on the controls of "+f.name(), []string{"Control"}, len(f.Controls), func(at int) (parts, func(int) element) {
			return parts{controlHead(f.Controls[at])},
				func(c int) element { return el("td", verdictOn(d.members[c].Document.Frameworks[i].Controls[at])) }
		})
		for _, m := range d.looked() {
			p.begin(el("details"))
			p.add(el("summary", text(m.Name()+": "+m.Document.Frameworks[i].summary())))
			found.htmlControls(p, m.Document.Frameworks[i])
			p.end()
		}
		p.end()
	}
}
