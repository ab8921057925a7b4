package report

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/upgrade"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Upgrade is what a report says of what stands in the way of a cluster's next minor
// release.
type Upgrade struct {
	Version  string `json:"version,omitempty"` // the server's, absent if it is not known
	Target   string `json:"target,omitempty"`  // the next minor release, absent if it is not known
	InTheWay int    `json:"inTheWay"`          // findings that have to be gone first
	// Stages are in the order in which one acts.
	Stages []UpgradeStage `json:"stages"`

	plan *upgrade.Plan
}

// UpgradeStage is a step of the upgrade.
type UpgradeStage struct {
	ID       string           `json:"id"`
	Title    string           `json:"title"`
	Concerns []UpgradeConcern `json:"concerns"`
}

// UpgradeConcern is one thing that an upgrade trips over.
type UpgradeConcern struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// State is "in-the-way", "worth-knowing", "nothing-found" (all was read that could
	// show it) or "unknown".
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"` // why there may be more than is told
	Advice string `json:"advice,omitempty"` // what to do, where something was found
	// Notes are worth knowing and no findings.
	Notes []string `json:"notes"`
	// InTheWay and WorthKnowing have the IDs of the findings, the worst first.
	InTheWay     []string `json:"inTheWay"`
	WorthKnowing []string `json:"worthKnowing"`

	concern *upgrade.Concern
}

func upgradeOf(a *score.Assessment) *Upgrade {
	plan := upgrade.Read(a.Result)
	u := &Upgrade{Version: plan.Version, Target: plan.Target, plan: plan}
	for i := range plan.Stages {
		from := &plan.Stages[i]
		stage := UpgradeStage{ID: from.ID, Title: from.Title}
		for j := range from.Concerns {
			c := concernOf(&from.Concerns[j])
			u.InTheWay += len(c.InTheWay)
			stage.Concerns = append(stage.Concerns, c)
		}
		u.Stages = append(u.Stages, stage)
	}
	return u
}

func concernOf(from *upgrade.Concern) UpgradeConcern {
	c := UpgradeConcern{
		ID: from.ID, Title: from.Title, State: from.State.ID(), Reason: from.Why,
		Notes: append([]string{}, from.Notes...), InTheWay: []string{}, WorthKnowing: []string{}, concern: from,
	}
	for _, f := range from.Findings {
		if from.Blocked(f) {
			c.InTheWay = append(c.InTheWay, f.ID())
		} else {
			c.WorthKnowing = append(c.WorthKnowing, f.ID())
		}
	}
	if len(from.Findings) > 0 {
		c.Advice = from.Advice
	}
	return c
}

// said is what stands behind the state of a concern, a sentence for each thing, with at
// most so many findings.
func (c *UpgradeConcern) said(most int) []string {
	var all []string
	if c.Advice != "" {
		all = append(all, "To do: "+c.Advice)
	}
	for i, f := range c.concern.Findings {
		if i == most && i < len(c.concern.Findings)-1 {
			all = append(all, fmt.Sprintf("and %d more", len(c.concern.Findings)-most))
			break
		}
		all = append(all, c.concern.Told(f))
	}
	all = append(all, c.Notes...)
	if c.Reason != "" {
		text := c.Reason
		if c.concern.State != upgrade.CannotTell {
			text = "there may be more: " + text
		}
		all = append(all, text)
	}
	return all
}

// most is how many findings a report says of a concern: the text has them among its
// findings, and so do the others.
const (
	mostInText   = 3
	mostInTables = 20
)

// upgrade writes the stages, and what stands behind the state of each concern below it.
func (p *printer) upgrade(title string, u *Upgrade) {
	if u == nil {
		return
	}
	p.line("")
	p.line("%s %s", title, u.plan.Summary())
	width := 0
	for _, s := range u.Stages {
		for _, c := range s.Concerns {
			width = max(width, len(c.ID))
		}
	}
	for _, s := range u.Stages {
		p.line("  %s", s.Title)
		for i := range s.Concerns {
			c := &s.Concerns[i]
			p.line("    %s  %s  %s", pad(c.ID, width), pad(c.concern.State.String(), len(upgrade.Worth.String())), c.Title)
			for _, text := range c.said(mostInText) {
				p.line("    %s  %s", pad("", width), printable.Text(text))
			}
		}
	}
}

// markdownUpgrade is a table of the concerns.
func (p *printer) markdownUpgrade(heading string, u *Upgrade) {
	if u == nil {
		return
	}
	p.line("")
	p.line("## %s", heading)
	p.line("")
	p.line("%s.", cell(title(u.plan.Summary())))
	p.line("")
	p.line("| When | Concern | | State | What is known |")
	p.line("|---|---|---|---|---|")
	for _, s := range u.Stages {
		for i := range s.Concerns {
			c := &s.Concerns[i]
			p.line("| %s | %s | %s | %s | %s |", s.Title, c.ID, c.Title, c.concern.State, cell(strings.Join(c.said(mostInTables), "; ")))
		}
	}
}
