package ownership

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is who the objects of a namespace belong to.
type Screen struct {
	*screen.Listing[ownership.Item]
	namespace string // as the score calls it, [score.ClusterWide] for what is in none
	frame     screen.Frame
	shown     *score.Assessment
	reading   *screen.Work
	read      bool
	summary   string // of all objects, whatever is filtered
}

// New returns the screen at "ownership": who has what of each namespace, or the objects of
// one, "ownership/payments".
func New(address nav.Address) screen.Screen {
	if address.Target == "" {
		return newList(address)
	}
	s := &Screen{namespace: address.Target}
	s.Listing = screen.NewListing(columns(), screen.FilterOf(address), func(kept []ownership.Item) widget.Rows { return rows{s.frame.Styles, kept} })
	s.reading = screen.NewWork(s.readAgain)
	return s
}

func columns() []screen.ListingColumn[ownership.Item] {
	type item = ownership.Item
	return []screen.ListingColumn[item]{
		screen.Words(widget.Column{ID: "standing", Title: "STANDING", Min: 10, Ideal: 10, Max: 10, Priority: 8}, func(i item) string { return i.Standing.String() }),
		screen.Words(widget.Column{ID: "kind", Title: "KIND", Min: 8, Ideal: 16, Max: 24, Priority: 6}, func(i item) string { return i.Ref.Kind }),
		screen.Words(widget.Column{ID: "name", Title: "NAME", Min: 14, Ideal: 30, Max: widget.Unlimited, Priority: 10}, func(i item) string { return i.Ref.Name }),
		screen.Words(widget.Column{ID: "by", Title: "BY", Min: 8, Ideal: 16, Max: 30, Priority: 9}, func(i item) string { return i.By }),
		screen.Words(widget.Column{ID: "owner", Title: "OWNER", Min: 12, Ideal: 30, Max: 50, Priority: 3}, func(i item) string { return owner(&i) }),
		screen.Numbers(widget.Column{ID: "changes", Title: "CHANGES", Min: 7, Ideal: 7, Max: 7, Priority: 5}, func(i item) float64 { return float64(len(i.Changes)) }),
	}
}

// owner names the owner without its tool, which stands beside it.
func owner(i *ownership.Item) string {
	of := i.Owner
	of.Tool = ""
	return strings.TrimSpace(of.Title())
}

// Address returns "ownership" with the namespace, and the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "ownership", Target: s.namespace}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return style.Clean(s.namespace) }

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

// Work returns the reading of who wrote what.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.reading} }

func (s *Screen) readAgain() screen.Job {
	cluster, again, namespace := s.shown.Cluster, s.read, s.namespace
	if namespace == score.ClusterWide {
		namespace = ""
	}
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		items := ownership.InventoryIn(cluster, namespace)
		summary := summaryOf(ownership.Groups(items))
		return func() {
			s.read, s.summary = true, summary
			s.List(items)
		}
	}
}

// Act moves the cursor or opens the object under it.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if selected, ok := s.Selected(); ok && id == keymap.Open {
		return nav.Open(screen.ObjectAddress(selected.Ref).String())
	}
	s.Handle(id)
	return nil
}

// View draws the table, and what is known of the selected object.
func (s *Screen) View() []string {
	s.Table().Empty = s.Empty("looking for who wrote what")
	return screen.Below{Table: s.Table(), Title: s.heading(), BoxTitle: "This object", Lines: s.about}.Draw(s.frame)
}

func (s *Screen) heading() string {
	title := "Ownership of " + style.Clean(s.namespace)
	switch text := s.Filtered(); {
	case text != "":
		return title + ": " + text
	case s.summary == "":
		return title
	}
	return title + ": " + s.summary
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.Table().CursorBelow(0) }
