// Package contexts is the screen of what can be looked at: the contexts of the
// kubeconfig, recordings, the demo.
//
// # Design
//
// Beside each context stands whether it answers, as whom, and what it was worth when it
// was looked at. That is asked for in the background, a few at a time, and only for
// what is in sight: a kubeconfig may name hundreds of clusters, and most of them may be
// behind a network that is not there. A context whose credentials come from a command is
// left alone until the user asks: the command may prompt, or open a browser.
//
// The screen needs nothing of the cluster that is looked at, and is there when none can
// be. It asks through [screen.Places], which keeps the answers, and sends a
// [screen.LookMsg] to have a place looked at; it opens nothing itself.
package contexts

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// atOnce is how many places are asked at the same time.
const atOnce = 4

// Screen is the places there are.
type Screen struct {
	frame   screen.Frame
	places  *screen.Places
	table   *widget.Table
	filter  screen.Filtering
	refused error // what is wrong with the filter of the address
	rows    rows
	began   bool // the list was asked for
	listed  bool // and is there
	listing *screen.Work
	asking  []*screen.Work
	queue   []question
	// asked are the places that stand in the queue or are being asked.
	asked map[string]bool
}

// question is a place to ask.
type question struct {
	place string
	login bool // its command may be run
}

// New returns the screen of places; the address may carry a filter.
func New(address nav.Address, places *screen.Places) *Screen {
	s := &Screen{places: places, table: widget.NewTable(columns()), asked: map[string]bool{}}
	s.listing = screen.NewWork(s.list)
	for range atOnce {
		s.asking = append(s.asking, screen.NewWork(s.ask))
	}
	s.refused = s.filter.Set(screen.FilterOf(address), fields())
	return s
}

// Address returns "contexts", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "contexts"}, s.filter.Text())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Contexts" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Refresh, keymap.Back, keymap.Filter, keymap.Help, keymap.Quit}
}

// Resize takes the size. It is called whenever the screen is shown, so that places are
// listed and asked from here on; what was under way when the screen was left is gone.
func (s *Screen) Resize(f screen.Frame) {
	s.frame = f
	if !s.pending() {
		s.queue = nil
		clear(s.asked)
	}
	if s.places.Finder != nil && !s.listing.Pending() && (!s.began || !s.listed) {
		s.began = true
		s.listing.Restart(screen.Many)
	}
	s.arrange()
	s.look()
}

// Show needs nothing of an assessment: what it says of this place is known already.
func (s *Screen) Show(*score.Assessment) { s.arrange() }

// Work returns the listing of places, and the asking.
func (s *Screen) Work() []*screen.Work { return append([]*screen.Work{s.listing}, s.asking...) }

// pending reports whether a place is being asked.
func (s *Screen) pending() bool { return slices.ContainsFunc(s.asking, (*screen.Work).Pending) }

// list returns the job that finds out what places there are.
func (s *Screen) list() screen.Job {
	finder := s.places.Finder
	return func(ctx context.Context) func() {
		places, err := finder.List(ctx)
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			first := !s.listed
			s.listed = true
			s.places.Take(places, err)
			s.arrange()
			if first && !s.table.Select(s.places.Opening) {
				s.table.Select(s.places.Looked)
			}
			s.look()
		}
	}
}

// look has those places asked that are in sight, and that nobody has asked yet.
func (s *Screen) look() {
	from, to := s.table.Visible()
	if to == 0 { // it was never drawn
		to = min(s.rows.Len(), s.frame.Height)
	}
	for _, place := range s.rows.places[from:to] {
		if place.Login == "" && s.places.Reach(place.ID).State == screen.NotAsked {
			s.want(place, false)
		}
	}
}

// want has a place asked.
func (s *Screen) want(place screen.Destination, login bool) {
	if place.Kind != screen.ContextPlace || s.asked[place.ID] || s.places.Finder == nil {
		return
	}
	s.asked[place.ID] = true
	s.queue = append(s.queue, question{place.ID, login})
	s.rows.asked = s.asked
	for _, w := range s.asking {
		if !w.Pending() {
			w.Restart(screen.Many)
			return
		}
	}
}

// ask returns the job that asks the next place, nil if there is none.
func (s *Screen) ask() screen.Job {
	if len(s.queue) == 0 {
		return nil
	}
	next := s.queue[0]
	s.queue = s.queue[1:]
	finder := s.places.Finder
	return func(ctx context.Context) func() {
		reach := finder.Probe(ctx, next.place, next.login)
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			delete(s.asked, next.place)
			s.places.Answer(next.place, reach)
			for _, w := range s.asking {
				if len(s.queue) > 0 && !w.Pending() {
					w.Restart(screen.Many)
				}
			}
			s.arrange()
		}
	}
}

// Refresh lists the places anew and asks those in sight, and the one under the cursor
// even if a command has to be run for that: the user wants to know.
func (s *Screen) Refresh() {
	if s.places.Finder == nil {
		return
	}
	s.listing.Restart(screen.Many)
	if _, i, ok := s.table.Selected(); ok {
		s.want(s.rows.places[i], true)
	}
	from, to := s.table.Visible()
	for _, place := range s.rows.places[from:to] {
		if place.Login == "" {
			s.want(place, false)
		}
	}
}

// Act moves the cursor or has the place under it looked at.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	defer s.look()
	if key, _, ok := s.table.Selected(); ok && id == keymap.Open {
		return func() tea.Msg { return screen.LookMsg{Place: key} }
	}
	s.table.Handle(id)
	return nil
}

// Filter shows only the places that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filter.Set(text, fields()); err != nil {
		return err
	}
	s.refused = nil
	s.arrange()
	s.look()
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filter.Text() }

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.table.CursorBelow(0) }
