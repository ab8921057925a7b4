package ui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/fleet"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// fleetName is the name of the screen of the clusters that are followed.
const fleetName = "fleet"

// clusters are those that are followed beside what is looked at, for as long as the program
// runs. To look at one of them costs nothing: its feed goes on, and so do its connections.
type clusters struct {
	*feed.Fleet
	picked *screen.Marks
	screen screen.Screen // as it was last opened; it stays when another cluster is looked at

	guard  sync.Mutex
	opened map[string]Sighting // by place
}

// fleetMsg says that something is new of the clusters.
type fleetMsg struct{}

// follow begins to follow the clusters that the options name, if any.
func (m *Model) follow() {
	if len(m.options.Fleet) == 0 {
		return
	}
	c := &clusters{picked: screen.NewMarks(), opened: map[string]Sighting{}}
	contexts := m.options.Contexts
	c.Fleet = feed.NewFleet(m.options.Fleet, m.options.Categories, func(ctx context.Context, place string) (feed.Opened, error) {
		s, err := contexts.Open(ctx, place)
		if err != nil {
			return feed.Opened{}, err
		}
		c.guard.Lock()
		c.opened[place] = s
		c.guard.Unlock()
		opened := feed.Opened{Source: s.Source, Policy: s.Policy, Still: s.Replay != nil, Close: s.Close}
		if source, ok := s.Source.(interface{ Retry() }); ok {
			opened.Retry = source.Retry
		}
		if s.UID != nil {
			opened.UID = s.UID(ctx)
		}
		return opened, nil
	})
	m.clusters = c
	m.fleetEnding.Go(func() {
		defer m.options.crashes.catch("following the fleet")
		c.Run(m.ctx)
	})
}

// sighting returns a place that is followed, to be looked at without opening it again;
// false if it is to be opened. What a recording plays is moved by who looks at it, so it is
// opened for them.
func (c *clusters) sighting(place string) (Sighting, bool) {
	if c == nil {
		return Sighting{}, false
	}
	followed := c.Live(place)
	c.guard.Lock()
	s := c.opened[place]
	c.guard.Unlock()
	if followed == nil || s.Replay != nil {
		return Sighting{}, false
	}
	s.followed, s.Close = followed, nil // the fleet's
	return s, true
}

// waitFleet returns a command that waits for news of the clusters.
func (m *Model) waitFleet() tea.Cmd {
	if m.clusters == nil {
		return nil
	}
	ctx, of, rest := m.ctx, m.clusters, time.Duration(0)
	if m.options.Accessible {
		rest = calm
	}
	return func() tea.Msg {
		if _, ok := of.Next(ctx); !ok || !screen.Pause(ctx, rest) {
			return nil
		}
		return fleetMsg{}
	}
}

// hearFleet shows news of the clusters where they are shown.
func (m *Model) hearFleet() tea.Cmd {
	if m.fleetShown() {
		m.refresh()
	}
	return m.waitFleet()
}

// fleetShown reports whether the clusters are on the screen.
func (m *Model) fleetShown() bool {
	_, shown := m.top().(*fleet.Screen)
	return shown
}

// fleetScreen makes the screen of the clusters.
func fleetScreen(a nav.Address, p parts) screen.Screen {
	if p.clusters == nil {
		return fleet.New(a, nil, p.places, screen.NewMarks())
	}
	return fleet.New(a, p.clusters, p.places, p.clusters.picked)
}

// ground are the screens below the first one of what is looked at: that of the clusters,
// where there are several.
func (m *Model) ground() []screen.Screen {
	if m.clusters == nil {
		return nil
	}
	if m.clusters.screen != nil {
		return []screen.Screen{m.clusters.screen}
	}
	at := fleetName
	if address, err := nav.Parse(m.options.At); err == nil && address.Screen == fleetName {
		at = m.options.At
	}
	s, err := m.make(at)
	if err != nil {
		return nil // the address was checked before the program began
	}
	m.clusters.screen = s
	return []screen.Screen{s}
}

// connections counts the clusters by how they are connected, the best first.
func (m *Model) connections() string {
	counts := map[feed.Connection]int{}
	for _, c := range m.clusters.Members() {
		counts[c.Connection]++
	}
	text := ""
	for _, connection := range slices.Backward(slices.Sorted(maps.Keys(counts))) {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", counts[connection], connection)
	}
	return text
}

// fleetHeader says how the clusters are connected.
func (m *Model) fleetHeader() string {
	st := m.styles
	look, glyph := st.OK, st.Glyphs.Live
	for _, c := range m.clusters.Members() {
		if c.Connection != feed.Live && c.Connection != feed.Still {
			look, glyph = st.Warn, st.Glyphs.Still
		}
	}
	line := widget.Status{
		Left: []widget.Part{
			{Text: "seaworthy", Style: st.Title, Priority: 6},
			{Text: some(len(m.clusters.Members()), "cluster"), Style: st.Header, Priority: 9},
		},
		Right: []widget.Part{
			{Text: "read-only", Style: st.Muted, Priority: 2},
			m.logPart(),
			{Text: glyph + " " + style.Clean(m.connections()), Style: look, Priority: 10},
		},
	}
	return line.Render(st, m.width)
}
