package platform

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the capabilities of the cluster.
type Screen struct {
	*screen.Listing[platform.Standing]
	frame   screen.Frame
	shown   *score.Assessment
	reading *screen.Work
	read    *platform.Readiness // nil before it is read
}

// New returns the screen at "platform".
func New(address nav.Address) *Screen {
	s := &Screen{}
	s.Listing = screen.NewListing(columns(), screen.FilterOf(address), func(kept []platform.Standing) widget.Rows { return rows{s.frame.Styles, kept} })
	s.reading = screen.NewWork(s.readAgain)
	return s
}

func columns() []screen.ListingColumn[platform.Standing] {
	return []screen.ListingColumn[platform.Standing]{
		screen.Words(widget.Column{ID: "state", Title: "STATE", Min: 13, Ideal: 13, Max: 13, Priority: 9}, wordOf),
		screen.Words(widget.Column{ID: "capability", Title: "CAPABILITY", Min: 12, Ideal: 13, Max: 20, Priority: 10}, func(s platform.Standing) string { return s.ID }),
		screen.Words(widget.Column{ID: "title", Title: "TITLE", Min: 20, Ideal: 36, Max: 44, Priority: 7}, func(s platform.Standing) string { return s.Title }),
		screen.Words(widget.Column{ID: "found", Title: "FOUND", Min: 12, Ideal: 24, Max: widget.Unlimited, Priority: 6}, found),
		screen.Words(widget.Column{ID: "level", Title: "LEVEL", Min: 11, Ideal: 11, Max: 11, Priority: 5}, func(s platform.Standing) string { return s.Level.String() }),
		screen.Numbers(widget.Column{ID: "problems", Title: "PROBLEMS", Min: 8, Ideal: 8, Max: 8, Priority: 8}, func(s platform.Standing) float64 { return float64(s.Problems()) }),
	}
}

// wordOf is the state in a narrow column.
func wordOf(s platform.Standing) string {
	return map[platform.State]string{
		platform.Healthy: "healthy", platform.Problems: "problems", platform.NotFound: "not found", platform.CannotTell: "cannot tell",
	}[s.State]
}

func found(s platform.Standing) string { return strings.Join(s.Products(), ", ") }

// Address returns "platform", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "platform"}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Platform" }

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

// Work returns the reading of capabilities.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.reading} }

func (s *Screen) readAgain() screen.Job {
	result, again := s.shown.Result, s.read != nil
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		read := platform.Read(result)
		return func() {
			s.read = read
			s.List(read.Standings)
		}
	}
}

// Act moves the cursor or opens what is wrong with the capability under it.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if selected, ok := s.Selected(); ok && id == keymap.Open {
		if len(selected.Findings) > 0 {
			return nav.Open(screen.WithFilter(nav.Address{Screen: "findings"}, filterOf(&selected)).String())
		}
		for _, t := range selected.Traces {
			if t.Ref != (kube.Ref{}) && t.State == platform.Problems {
				return nav.Open(screen.WorkloadAddress(t.Ref).String())
			}
		}
		return nav.Notice("no finding stands against " + selected.ID)
	}
	s.Handle(id)
	return nil
}

// View draws the table, and what is known of the selected capability.
func (s *Screen) View() []string {
	s.Table().Empty = s.Empty("looking for what the cluster has")
	return screen.Below{Table: s.Table(), Title: s.heading(), BoxTitle: "This capability", Lines: s.about}.Draw(s.frame)
}

func (s *Screen) heading() string {
	switch text := s.Filtered(); {
	case s.read == nil:
		return "Platform"
	case text != "":
		return "Platform: " + text
	case s.read.Coverage == 0:
		return "Platform: nothing can be told"
	}
	heading := fmt.Sprintf("Platform: %.1f of 100, %.0f %% can be told, level %s", s.read.Score, s.read.Coverage, s.read.Level)
	if s.read.Next != nil {
		heading += ", next " + s.read.Next.ID
	}
	return heading
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.Table().CursorBelow(0) }
