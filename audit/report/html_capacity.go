package report

import "fmt"

// capacityID is where a page says how nodes are filled.
const capacityID = "capacity"

// counting says how the figures are to be read.
const counting = "Requests are counted as the scheduler does; pods that have ended count nothing. A question mark is what is not known. " +
	"Use is an instant, unless it was measured over some time. What is not used is added up pod by pod."

// htmlCapacity has a row for each node and each namespace.
func (d *draft) htmlCapacity(p *page) {
	if d.Capacity == nil {
		return
	}
	p.begin(el("section", labelled(capacityID)))
	p.add(heading(capacityID, "Capacity"))
	p.add(el("p", text(title(d.Capacity.of.Summary())+". "+counting)))
	d.Capacity.write(p, "")
	p.end()
}

// write writes what there is to say and the tables; whose they are is said in captions.
func (r *Capacity) write(p *page, whose string) {
	list := el("ul")
	for _, said := range r.Said {
		el("li", text(said)).join(list.Node)
	}
	if len(r.Said) > 0 {
		p.add(list)
	}
	for _, g := range r.tables(mostNodes) {
		p.add(g.wide(whose))
		for _, note := range g.notes() {
			p.add(el("p", class("aside"), text(note+".")))
		}
	}
}

func (g *grid) wide(whose string) element {
	var head, body parts
	for _, name := range g.head {
		head = append(head, column(name))
	}
	for _, row := range g.rows {
		r := el("tr", rowHead(text(row[0])))
		for _, cell := range row[1:] {
			el("td", text(cell)).join(r.Node)
		}
		body = append(body, r)
	}
	return wide(g.caption+whose, "figures", head, body)
}

// capacity is that of the first cluster that could be looked at; nil if nobody asked.
func (d *fleetDraft) capacity() *Capacity {
	for _, m := range d.looked() {
		return m.Document.Capacity
	}
	return nil
}

// htmlCapacity has each cluster's.
func (d *fleetDraft) htmlCapacity(p *page) {
	if d.capacity() == nil {
		return
	}
	p.begin(el("section", labelled(capacityID)))
	p.add(heading(capacityID, "Capacity"))
	p.add(el("p", text(counting)))
	for _, m := range d.looked() {
		p.begin(el("details"))
		p.add(el("summary", text(fmt.Sprintf("%s: %s", m.Name(), m.Document.Capacity.of.Summary()))))
		m.Document.Capacity.write(p, " of "+m.Name())
		p.end()
	}
	p.end()
}
