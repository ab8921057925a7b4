package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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

func (d *draft) htmlNamespaces(p *page) {
	p.begin(el("section", labelled("namespaces")))
	defer p.end()
	p.add(heading("namespaces", "Namespaces"))
	if len(d.Namespaces) == 0 {
		p.add(el("p", text("There are none.")))
		return
	}
	const caption = "Scores and findings of each namespace, 0 is worst and 100 best"
	p.begin(scrolling(caption))
	p.begin(el("table", class("figures")))
	categories := d.applicable()
	head := parts{column("Namespace"), column("Score"), column("Grade"), column("Coverage")}
	for _, c := range categories {
		head = append(head, parts{attribute{"scope", "col"}, el("abbr", attribute{"title", c.Title}, text(c.Label))})
	}
	head = append(head, column("Critical"), column("High"), column("Medium"), column("Low"), column("Info"), column("Accepted"))
	p.add(el("caption", text(caption)))
	p.add(el("thead", row("th", head...)))
	p.begin(el("tbody"))
	figure := func(n int) element { return el("td", text(fmt.Sprint(n))) }
	for _, n := range d.Namespaces {
		name := parts{text(n.Name)}
		if n.Group == string(score.Platform) {
			name = append(name, el("span", class("aside"), text(" platform")))
		}
		r := el("tr", el("th", attribute{"scope", "row"}, name),
			el("td", class(tone(n.Score)), text(number(n.Score))), el("td", text(n.Grade)),
			el("td", text(fmt.Sprintf("%.0f %%", n.Coverage))))
		for _, c := range categories {
			score := n.Categories[c.ID].Score
			el("td", class(tone(score)), text(number(score))).join(r.Node)
		}
		for _, count := range n.Counts.worstFirst() {
			figure(count).join(r.Node)
		}
		figure(n.Accepted).join(r.Node)
		p.add(r)
	}
	p.end()
	p.end()
	p.end()
}

// frameworkID is where on the page a framework stands.
func frameworkID(f Compliance) string { return "framework-" + f.ID }

// htmlFrameworks has a section for each framework, with the verdict on each control,
// and links to the rules that answer for it.
func (d *draft) htmlFrameworks(p *page, found *discoveries) {
	for _, f := range d.Frameworks {
		p.begin(el("section", labelled(frameworkID(f))))
		name := f.Title + ", " + f.Edition
		p.add(heading(frameworkID(f), name))
		p.add(el("p", text(f.summary()+". A control passes only if all its rules could be judged everywhere. Source: "), outside(f.Source)))
		p.begin(el("table", class("controls")))
		p.add(el("caption", text("Controls of "+name)))
		p.add(el("thead", row("th", column("Control"), column("Verdict and evidence"))))
		p.begin(el("tbody"))
		for _, c := range f.Controls {
			p.add(el("tr",
				el("th", attribute{"scope", "row"}, el("span", class("control"), text(c.ID)), text(" "+c.Title)),
				el("td", el("span", class("verdict "+strings.ReplaceAll(c.Verdict, " ", "-")), text(c.Verdict)), text(" "+c.Said()), found.answering(c))))
		}
		p.end()
		p.end()
		p.end()
	}
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
		if c.Verdict == string(framework.Fail) && all.has(r) {
			names = append(names, el("a", href(ruleID(r)), mono(r)))
			continue
		}
		names = append(names, mono(r))
	}
	return el("p", names)
}

// htmlAccepted lists what somebody has accepted, and why.
func (d *draft) htmlAccepted(p *page, found *discoveries) {
	if found.accepted == 0 {
		return
	}
	p.begin(el("section", labelled("accepted")))
	p.add(heading("accepted", "Accepted, so not in the score"))
	if left := found.accepted - found.acceptedShown; left > 0 {
		p.add(el("p", class("notice"), text(fmt.Sprintf("%d of %d are shown; %d are left out, as said at the top.", found.acceptedShown, found.accepted, left))))
	}
	p.begin(el("table", class("lived")))
	p.add(el("caption", text("Accepted findings, with who accepted them and why")))
	p.add(el("thead", row("th", column("Finding"), column("Why, and by whom"))))
	p.begin(el("tbody"))
	for _, g := range found.groups {
		for f := range slices.Values(g.found) {
			if f.Accepted == nil {
				continue
			}
			a := acceptanceOf(f.Accepted)
			p.add(el("tr",
				el("th", attribute{"scope", "row"}, badge(f.Severity), text(" "+where(d.row(f))+": "+f.Message+" "), el("a", href(ruleID(f.Rule.ID)), mono(f.Rule.ID))),
				el("td", text(a.Reason), el("p", class("aside"), text(acceptedBy(a))))))
		}
	}
	p.end()
	p.end()
	p.end()
}

// acceptedBy tells who accepted something, for how long and where. What nobody said is
// named: left out, it would look like an oversight of the report.
func acceptedBy(a *Acceptance) string {
	return fmt.Sprintf("by %s, until %s, written in %s",
		cmp.Or(a.Owner, "nobody who is named"), cmp.Or(a.Expires, "nobody says when"), a.Origin)
}
