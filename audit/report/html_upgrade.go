package report

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/upgrade"
)

// upgradeID is where a page says what stands in the way of the next release.
const upgradeID = "upgrade"

// unfound says what the states mean that claim nothing.
const unfound = "Nothing found is what was looked for everywhere and did not show: it does not say that the cluster is ready, " +
	"for nobody sees here what will be applied next, or what add-ons need."

// htmlUpgrade has a row for each concern.
func (d *draft) htmlUpgrade(p *page) {
	if d.Upgrade == nil {
		return
	}
	p.begin(el("section", labelled(upgradeID)))
	p.add(heading(upgradeID, "Upgrade"))
	p.add(el("p", text(title(d.Upgrade.plan.Summary())+". "+unfound)))
	p.add(d.Upgrade.table("What stands in the way of the next release"))
	p.end()
}

func (u *Upgrade) table(caption string) element {
	var rows parts
	for _, s := range u.Stages {
		for i := range s.Concerns {
			c := &s.Concerns[i]
			known := parts{concernMark(c.concern.State)}
			for _, said := range c.said(mostInTables) {
				known = append(known, el("p", class("aside"), text(said)))
			}
			rows = append(rows, el("tr", concernHead(c), el("td", text(s.Title)), el("td", known)))
		}
	}
	t := table(caption, parts{column("Concern"), column("When"), column("State, and what is known")}, rows)
	class("controls").join(t.Node)
	return t
}

func concernHead(c *UpgradeConcern) element {
	return rowHead(el("span", class("control"), text(c.ID)), text(" "+c.Title))
}

// concernMark says a state in words and with a sign: neither needs its colour.
func concernMark(s upgrade.State) element {
	switch s {
	case upgrade.Clear:
		return marked("pass", "✓", s.String())
	case upgrade.InTheWay:
		return marked("fail", "✗", s.String())
	case upgrade.Worth:
		return marked("not-evaluated", "!", s.String())
	case upgrade.CannotTell:
	}
	return marked("not-evaluated", "?", s.String())
}

// upgrade is that of the first cluster that could be looked at, by which the rows of all
// are known; nil if nobody asked.
func (d *fleetDraft) upgrade() *Upgrade {
	for _, m := range d.looked() {
		return m.Document.Upgrade
	}
	return nil
}

// htmlUpgrade has the state of each concern in each cluster, and behind it what is known.
func (d *fleetDraft) htmlUpgrade(p *page) {
	first := d.upgrade()
	if first == nil {
		return
	}
	concerns := first.concerns()
	p.begin(el("section", labelled(upgradeID)))
	p.add(heading(upgradeID, "Upgrade"))
	p.add(el("p", text(unfound)))
	d.sideBySide(p, "State of each concern in each cluster", []string{"Concern"}, len(concerns), func(at int) (parts, func(int) element) {
		return parts{concernHead(concerns[at])}, func(i int) element {
			return el("td", concernMark(d.members[i].Document.Upgrade.concerns()[at].concern.State))
		}
	})
	for _, m := range d.looked() {
		p.begin(el("details"))
		p.add(el("summary", text(fmt.Sprintf("%s: %s", m.Name(), m.Document.Upgrade.plan.Summary()))))
		p.add(m.Document.Upgrade.table("What stands in the way of " + m.Name()))
		p.end()
	}
	p.end()
}

// concerns returns those of all stages.
func (u *Upgrade) concerns() []*UpgradeConcern {
	var all []*UpgradeConcern
	for i := range u.Stages {
		for j := range u.Stages[i].Concerns {
			all = append(all, &u.Stages[i].Concerns[j])
		}
	}
	return all
}
