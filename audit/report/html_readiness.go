package report

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/platform"
)

// readinessID is where a page says how far a cluster has what production asks for.
const readinessID = "readiness"

// untold says what the states mean that claim nothing.
const untold = "Not found is what could be looked for everywhere and did not show; what nobody can tell counts for nothing."

// htmlReadiness has a row for each capability.
func (d *draft) htmlReadiness(p *page) {
	if d.Readiness == nil {
		return
	}
	p.begin(el("section", labelled(readinessID)))
	p.add(heading(readinessID, "Readiness"))
	p.add(el("p", text(title(d.Readiness.summary())+". "+untold)))
	p.add(d.Readiness.table("Capabilities that production asks for"))
	d.Readiness.htmlViolations(p, violationsTitle)
	p.end()
}

func (r *Readiness) table(caption string) element {
	var rows parts
	for i := range r.Capabilities {
		c := &r.Capabilities[i]
		known := parts{stateMark(c.standing.State)}
		for _, said := range c.said() {
			known = append(known, el("p", class("aside"), text(said)))
		}
		rows = append(rows, el("tr", capabilityHead(c), el("td", known)))
	}
	t := table(caption, parts{column("Capability"), column("State, and what is known")}, rows)
	class("controls").join(t.Node)
	return t
}

func capabilityHead(c *Capability) element {
	return rowHead(el("span", class("control"), text(c.ID)), text(" "+c.Title))
}

// stateMark says a state in words and with a sign: neither needs its colour.
func stateMark(s platform.State) element {
	switch s {
	case platform.Healthy:
		return marked("pass", "✓", s.String())
	case platform.Problems:
		return marked("fail", "✗", s.String())
	case platform.NotFound:
		return marked("not-evaluated", "–", s.String())
	case platform.CannotTell:
	}
	return marked("not-evaluated", "?", s.String())
}

// readiness is that of the first cluster that could be looked at, by which the rows of all
// are known; nil if nobody asked.
func (d *fleetDraft) readiness() *Readiness {
	for _, m := range d.looked() {
		return m.Document.Readiness
	}
	return nil
}

// htmlReadiness has the state of each capability in each cluster, and behind it what is
// known.
func (d *fleetDraft) htmlReadiness(p *page) {
	first := d.readiness()
	if first == nil {
		return
	}
	p.begin(el("section", labelled(readinessID)))
	p.add(heading(readinessID, "Readiness"))
	p.add(el("p", text(untold)))
	d.sideBySide(p, "State of each capability in each cluster", []string{"Capability"}, len(first.Capabilities), func(at int) (parts, func(int) element) {
		return parts{capabilityHead(&first.Capabilities[at])}, func(i int) element {
			return el("td", stateMark(d.members[i].Document.Readiness.Capabilities[at].standing.State))
		}
	})
	for _, m := range d.looked() {
		p.begin(el("details"))
		p.add(el("summary", text(fmt.Sprintf("%s: %s", m.Name(), m.Document.Readiness.summary()))))
		p.add(m.Document.Readiness.table("Capabilities of " + m.Name()))
		m.Document.Readiness.htmlViolations(p, violationsTitle+" in "+m.Name())
		p.end()
	}
	p.end()
}
