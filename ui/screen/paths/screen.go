package paths

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the paths from one start, or from everywhere.
type Screen struct {
	frame     screen.Frame
	from      string // as the address has it, "" for everywhere
	start     screen.Start
	wrong     error // what is wrong with from
	to        string
	shown     *score.Assessment
	searching *screen.Work
	found     *found // nil before the first search
	story     widget.Lines
	around    widget.Lines
	whole     widget.Lines // both, where there is no room for them side by side
}

// The target that is looked for if the address names none, and the one that the key
// for the next pane goes to.
const (
	toCluster = "cluster-admin"
	toNode    = "node"
)

// New returns the screen at "paths", or at "paths/START"; "to" in the query is the
// target.
func New(address nav.Address) *Screen {
	s := &Screen{from: address.Target, to: toCluster}
	if to := address.Query["to"]; to != "" {
		s.to = to
	}
	s.start, s.wrong = screen.ParseStart(s.from)
	s.searching = screen.NewWork(s.search)
	return s
}

// Check says what is wrong with what stands behind "paths/", nil if nothing is, or if
// nothing stands there.
func Check(target string) error {
	_, err := screen.ParseStart(target)
	return err
}

// Address returns where the screen is.
func (s *Screen) Address() nav.Address {
	a := nav.Address{Screen: "paths", Target: s.from}
	if s.to != toCluster {
		a.Query = map[string]string{"to": s.to}
	}
	return a
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string {
	if s.from == "" {
		return "Paths to " + s.to
	}
	return "Paths from " + s.from
}

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Back, keymap.Copy, keymap.NextFocus, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	if s.shown == a {
		return // only the size has changed
	}
	s.shown = a
	s.searching.Renew(screen.Many)
}

// Work returns the search for ways.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.searching} }

// search returns the job that looks for what is asked for now. News wait; what the
// user asked for does not.
func (s *Screen) search() screen.Job {
	if s.wrong != nil {
		return nil
	}
	in, before := asked{view: s.shown.Cluster, start: s.start, all: s.from == "", to: s.to}, s.found
	return func(ctx context.Context) func() {
		if before != nil && before.to == in.to && !screen.Rest(ctx) {
			return nil
		}
		made := in.search(ctx, before)
		if made == nil {
			return nil
		}
		return func() { s.take(made) }
	}
}

// take shows what was found. The reader stays where they are.
func (s *Screen) take(made *found) {
	s.found = made
	name := s.name()
	story := func(st *style.Styles, width int) []string { return made.story(st, width, name) }
	s.story.Update(story)
	s.around.Update(made.aroundLines)
	s.whole.Update(func(st *style.Styles, width int) []string {
		return slices.Concat(story(st, width), []string{""}, made.aroundLines(st, width))
	})
}

// name is what the start is called in a sentence.
func (s *Screen) name() string {
	switch {
	case s.start.Entry != "":
		return s.start.Entry
	case s.from == "":
		return ""
	case !s.start.Object.IsZero():
		return s.start.Object.String()
	}
	return s.start.Subject.String()
}

// Act scrolls, copies, or looks for another target.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Copy:
		if s.found == nil {
			return nav.Notice("there is nothing to copy yet")
		}
		return nav.Copy(s.found.text(s.name()), "the paths")
	case keymap.NextFocus, keymap.PrevFocus:
		if s.to == toCluster {
			s.to = toNode
		} else {
			s.to = toCluster
		}
		s.searching.Restart(screen.Many)
	case keymap.Paths:
		return nav.Notice("these are the paths")
	default:
		if s.besides() {
			s.story.Handle(id)
		} else {
			s.whole.Handle(id)
		}
	}
	return nil
}

// How wide what stands beside the ways is, and from which width of the screen, in
// cells.
const (
	aroundWidth = 52
	aroundFrom  = 130
)

// besides reports whether what falls and what would close it has room beside the
// ways.
func (s *Screen) besides() bool {
	return s.frame.Width >= aroundFrom && s.found != nil && s.around.Height(s.frame.Styles, aroundWidth-4) <= s.frame.Height-2
}

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	tree := widget.Pane{Name: "whole"}
	if s.besides() {
		tree = widget.Pane{Direction: widget.Columns, Panes: []widget.Pane{{Name: "story", Min: 40}, {Name: "around", Fixed: aroundWidth}}}
	}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := widget.Box{Padding: 1, Focus: name != "around", Title: s.boxTitle()}
	lines := &s.whole
	switch name {
	case "story":
		lines = &s.story
	case "around":
		box.Title, lines = "", &s.around
	}
	if text := s.instead(); text != "" {
		return box.RenderLines(st, r.W, r.H, func(width, _ int) []string { return st.Muted.Wrap(text, width) })
	}
	return box.RenderText(st, r, lines)
}

// boxTitle names the target, and the one that the other key shows.
func (s *Screen) boxTitle() string {
	other := toNode
	if s.to != toCluster {
		other = toCluster
	}
	return "To " + s.to + " (tab: to " + other + ")"
}

// instead is what is said where nothing was searched, "" if something was.
func (s *Screen) instead() string {
	switch {
	case s.wrong != nil:
		return s.wrong.Error()
	case s.found == nil || s.found.to != s.to:
		return "looking for the ways to " + s.to
	}
	return answer.Unreadable(s.shown.Cluster)
}

// CursorLine returns the first line of the text.
func (s *Screen) CursorLine() int { return 1 }

// Wheel scrolls the text at a cell.
func (s *Screen) Wheel(x, y, lines int) bool {
	if s.besides() {
		return s.story.Wheel(x, y, lines) || s.around.Wheel(x, y, lines)
	}
	return s.whole.Wheel(x, y, lines)
}
