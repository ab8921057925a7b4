package upgrade

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/upgrade"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// concern is one of those of a stage.
type concern struct {
	upgrade.Concern
	at    int // its place in the plan, from 1
	stage upgrade.Stage
}

// Screen is what stands in the way of the next release.
type Screen struct {
	*screen.Listing[concern]
	frame   screen.Frame
	shown   *score.Assessment
	reading *screen.Work
	plan    *upgrade.Plan // nil before it is read
}

// New returns the screen at "upgrade".
func New(address nav.Address) *Screen {
	s := &Screen{}
	s.Listing = screen.NewListing(columns(), screen.FilterOf(address), func(kept []concern) widget.Rows { return rows{s.frame.Styles, kept} })
	s.reading = screen.NewWork(s.readAgain)
	return s
}

func columns() []screen.ListingColumn[concern] {
	return []screen.ListingColumn[concern]{
		screen.Numbers(widget.Column{ID: "step", Title: "STEP", Min: 4, Ideal: 4, Max: 4, Priority: 4}, func(c concern) float64 { return float64(c.at) }),
		screen.Words(widget.Column{ID: "when", Title: "WHEN", Min: 13, Ideal: 13, Max: 13, Priority: 6}, func(c concern) string { return c.stage.ID }),
		screen.Words(widget.Column{ID: "state", Title: "STATE", Min: 13, Ideal: 13, Max: 13, Priority: 9}, func(c concern) string { return c.State.String() }),
		screen.Words(widget.Column{ID: "concern", Title: "CONCERN", Min: 19, Ideal: 19, Max: 19, Priority: 10}, func(c concern) string { return c.ID }),
		screen.Words(widget.Column{ID: "title", Title: "TITLE", Min: 24, Ideal: 50, Max: widget.Unlimited, Priority: 5}, func(c concern) string { return c.Title }),
		screen.Numbers(widget.Column{ID: "blocking", Title: "BLOCKING", Min: 8, Ideal: 8, Max: 8, Priority: 8}, func(c concern) float64 { return float64(c.InTheWay()) }),
		screen.Numbers(widget.Column{ID: "worth", Title: "WORTH", Min: 5, Ideal: 5, Max: 5, Priority: 7}, func(c concern) float64 { return float64(c.worth()) }),
	}
}

// worth is how much is worth knowing beside what is in the way.
func (c *concern) worth() int { return len(c.Findings) - c.InTheWay() + len(c.Notes) }

// Address returns "upgrade", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "upgrade"}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Upgrade" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Filter, keymap.Back, keymap.Sort, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	s.reading.Renew(screen.Many)
}

// Work returns the reading of the plan.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.reading} }

func (s *Screen) readAgain() screen.Job {
	result, again := s.shown.Result, s.plan != nil
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		plan := upgrade.Read(result)
		var all []concern
		for _, stage := range plan.Stages {
			for _, c := range stage.Concerns {
				all = append(all, concern{c, len(all) + 1, stage})
			}
		}
		return func() {
			s.plan = plan
			s.List(all)
		}
	}
}

// Act moves the cursor or opens the findings of the concern under it.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if selected, ok := s.Selected(); ok && id == keymap.Open {
		if len(selected.Findings) > 0 {
			return nav.Open(screen.WithFilter(nav.Address{Screen: "findings"}, filterOf(&selected)).String())
		}
		return nav.Notice("no finding stands against " + selected.ID)
	}
	s.Handle(id)
	return nil
}

// View draws the table, and what is known of the selected concern.
func (s *Screen) View() []string {
	s.Table().Empty = s.Empty("looking for what is in the way")
	return screen.Below{Table: s.Table(), Title: s.heading(), BoxTitle: "This concern", Lines: s.about}.Draw(s.frame)
}

func (s *Screen) heading() string {
	switch text := s.Filtered(); {
	case s.plan == nil:
		return "Upgrade"
	case text != "":
		return "Upgrade: " + text
	}
	return "Upgrade " + s.plan.Summary()
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.Table().CursorBelow(0) }
