package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// htmlCategories has the mean of each category over the cluster, and what it is about.
func (d *draft) htmlCategories(p *page) {
	p.begin(el("section", labelled("categories")))
	p.add(heading("categories", "Categories"))
	p.begin(el("table", class("bars")))
	p.add(el("caption", text("Mean of each category over the cluster, 0 is worst and 100 best")))
	p.add(el("thead", row("th", column("Category"), column("Score"))))
	p.begin(el("tbody"))
	for _, c := range d.applicable() {
		score := d.Categories[c.ID].Score
		mean := parts{class(tone(score)), text(number(score))}
		if score != nil {
			mean = append(mean, el("meter", attribute{"max", "100"}, attribute{"value", number(score)}, attribute{"aria-hidden", "true"}))
		}
		p.add(el("tr",
			el("th", attribute{"scope", "row"}, text(c.Title), el("p", class("aside"), text(c.About))),
			el("td", mean)))
	}
	p.end()
	p.end()
	p.end()
}

// htmlNamespaces has the scores of namespaces, in all and by category.
func htmlNamespaces(p *page, namespaces []Namespace, categories []audit.Category) {
	if len(namespaces) == 0 {
		p.add(el("p", text("There are none.")))
		return
	}
	const caption = "Scores and findings of each namespace, 0 is worst and 100 best"
	p.begin(scrolling(caption))
	p.begin(el("table", class("figures")))
	head := parts{column("Namespace"), column("Score"), column("Grade"), column("Coverage")}
	for _, c := range categories {
		head = append(head, parts{attribute{"scope", "col"}, el("abbr", attribute{"title", c.Title}, text(c.Label))})
	}
	head = append(head, countColumns()...)
	p.add(el("caption", text(caption)))
	p.add(el("thead", row("th", head...)))
	p.begin(el("tbody"))
	for _, n := range namespaces {
		name := parts{text(n.Name)}
		if n.Group == string(score.Platform) {
			name = append(name, el("span", class("aside"), text(" platform")))
		}
		r := el("tr", el("th", attribute{"scope", "row"}, name),
			scoreCell(n.Score), el("td", text(n.Grade)),
			el("td", text(fmt.Sprintf("%.0f %%", n.Coverage))))
		for _, c := range categories {
			scoreCell(n.Categories[c.ID].Score).join(r.Node)
		}
		countCells(n.Counts, n.Accepted).join(r.Node)
		p.add(r)
	}
	p.end()
	p.end()
	p.end()
}

func scoreCell(score *float64) element { return el("td", class(tone(score)), text(number(score))) }

// countColumns head what [countCells] has.
func countColumns() parts {
	return parts{column("Critical"), column("High"), column("Medium"), column("Low"), column("Info"), column("Accepted")}
}

func countCells(c Counts, accepted int) parts {
	var cells parts
	for _, n := range append(c.worstFirst(), accepted) {
		cells = append(cells, el("td", text(fmt.Sprint(n))))
	}
	return cells
}

// frameworkID is where on the page a framework stands.
func frameworkID(f Compliance) string { return "framework-" + f.ID }

// htmlFrameworks has a section for each framework, with the verdict on each control,
// and links to the rules that answer for it.
func (d *draft) htmlFrameworks(p *page, found *discoveries) {
	for _, f := range d.Frameworks {
		p.begin(el("section", labelled(frameworkID(f))))
		p.add(heading(frameworkID(f), f.name()))
		p.add(el("p", text(f.summary()+". "+controlsPass+" Source: "), outside(f.Source)))
		found.htmlControls(p, f)
		p.end()
	}
}

// controlsPass says what the verdict on a control means.
const controlsPass = "A control passes only if all its rules could be judged everywhere."

// name is what a heading calls a framework.
func (c Compliance) name() string { return c.Title + ", " + c.Edition }

func (all *discoveries) htmlControls(p *page, f Compliance) {
	p.begin(el("table", class("controls")))
	p.add(el("caption", text("Controls of "+f.name())))
	p.add(el("thead", row("th", column("Control"), column("Verdict and evidence"))))
	p.begin(el("tbody"))
	for _, c := range f.Controls {
		p.add(el("tr", controlHead(c), el("td", verdictOn(c), text(" "+c.Said()), all.answering(c))))
	}
	p.end()
	p.end()
}

func controlHead(c Control) element {
	return el("th", attribute{"scope", "row"}, el("span", class("control"), text(c.ID)), text(" "+c.Title))
}

func verdictOn(c Control) element {
	return el("span", class("verdict "+strings.ReplaceAll(c.Verdict, " ", "-")), text(c.Verdict))
}

// answering names the rules that answer for a control, as links to what they found.
func (all *discoveries) answering(c Control) part {
	if len(c.Rules) == 0 {
		return parts{}
	}
	names := parts{class("aside")}
	for i, r := range c.Rules {
		if i > 0 {
			names = append(names, text(", "))
		}
		if c.Verdict == string(framework.Fail) {
			names = append(names, all.link(r))
			continue
		}
		names = append(names, mono(r))
	}
	return el("p", names)
}

// htmlAccepted lists what somebody has accepted, and why.
func (all *discoveries) htmlAccepted(p *page) {
	if all.accepted == 0 {
		return
	}
	p.begin(el("section", labelled("accepted")))
	p.add(heading("accepted", "Accepted, so not in the score"))
	if left := all.accepted - all.acceptedShown; left > 0 {
		p.add(el("p", class("notice"), text(fmt.Sprintf("%d of %d are shown; %d are left out, as said at the top.", all.acceptedShown, all.accepted, left))))
	}
	p.begin(el("table", class("lived")))
	p.add(el("caption", text("Accepted findings, with who accepted them and why")))
	p.add(el("thead", row("th", column("Finding"), column("Why, and by whom"))))
	p.begin(el("tbody"))
	for _, g := range all.groups {
		for _, one := range g.found {
			if one.accepted {
				p.add(all.acceptedRow(one))
			}
		}
	}
	p.end()
	p.end()
	p.end()
}

func (all *discoveries) acceptedRow(one discovery) element {
	f := all.row(one)
	return el("tr",
		el("th", attribute{"scope", "row"}, badge(one.severity), all.in(one), text(" "+where(f)+": "+f.Message+" "), el("a", href(ruleID(f.Rule)), mono(f.Rule))),
		el("td", text(f.Accepted.Reason), el("p", class("aside"), text(acceptedBy(f.Accepted)))))
}

// acceptedBy tells who accepted something, for how long and where. What nobody said is
// named: left out, it would look like an oversight of the report.
func acceptedBy(a *Acceptance) string {
	return fmt.Sprintf("by %s, until %s, written in %s",
		cmp.Or(a.Owner, "nobody who is named"), cmp.Or(a.Expires, "nobody says when"), a.Origin)
}
