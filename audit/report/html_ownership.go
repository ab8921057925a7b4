package report

import "fmt"

// ownershipID is where a page says who objects belong to.
const ownershipID = "ownership"

// mostOwned is how many objects that people changed a page shows: the JSON report has all.
const mostOwned = 500

// unowned says what it means that nobody brings an object back.
const unowned = "What is delivered or managed is written again by whoever it belongs to; what people or programs wrote nobody brings back."

// htmlOwnership has a row for each tool, and one for each object that people changed.
func (d *draft) htmlOwnership(p *page) {
	if d.Ownership == nil {
		return
	}
	p.begin(el("section", labelled(ownershipID)))
	p.add(heading(ownershipID, "Ownership"))
	p.add(el("p", text(unowned)))
	d.Ownership.html(p, "")
	p.end()
}

// html writes the tables, of one of several clusters if it is named.
func (o *Ownership) html(p *page, of string) {
	var rows parts
	for _, g := range o.Groups {
		rows = append(rows, el("tr", rowHead(text(g.title())), el("td", text(g.Standing)),
			el("td", text(fmt.Sprint(g.Objects))), el("td", text(fmt.Sprint(g.Changed)))))
	}
	p.add(table("Who writes the objects"+of, parts{column("Written by"), column("Standing"), column("Objects"), column("Changed by hand")}, rows))
	changed := o.changed()
	if len(changed) == 0 {
		return
	}
	caption := "What people changed by hand of what is delivered from Git" + of
	if left := len(changed) - mostOwned; left > 0 {
		caption += fmt.Sprintf("; %d more are in the JSON report", left)
	}
	var changes parts
	for _, object := range changed[:min(len(changed), mostOwned)] {
		known := parts{}
		for _, said := range object.said() {
			known = append(known, el("p", class("aside"), text(said)))
		}
		changes = append(changes, el("tr", rowHead(text(object.title())), el("td", text(object.Owner)), el("td", known)))
	}
	p.add(table(caption, parts{column("Object"), column("Belongs to"), column("Changed")}, changes))
}

// ownership is that of the first cluster that could be looked at; nil if nobody asked.
func (d *fleetDraft) ownership() *Ownership {
	for _, m := range d.looked() {
		return m.Document.Ownership
	}
	return nil
}

// htmlOwnership has that of each cluster.
func (d *fleetDraft) htmlOwnership(p *page) {
	if d.ownership() == nil {
		return
	}
	p.begin(el("section", labelled(ownershipID)))
	p.add(heading(ownershipID, "Ownership"))
	p.add(el("p", text(unowned)))
	for _, m := range d.looked() {
		p.begin(el("details"))
		p.add(el("summary", text(fmt.Sprintf("%s: %d changed by hand", m.Name(), len(m.Document.Ownership.changed())))))
		m.Document.Ownership.html(p, " of "+m.Name())
		p.end()
	}
	p.end()
}
