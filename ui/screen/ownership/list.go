package ownership

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// share is what one tool or client has of a namespace.
type share struct {
	ownership.Group
	namespace string           // as the score calls it
	items     []ownership.Item // in the order of an inventory
}

// list is who has what of each namespace.
type list struct {
	*screen.Listing[share]
	frame   screen.Frame
	shown   *score.Assessment
	reading *screen.Work
	read    bool
	summary string // of all objects, whatever is filtered
}

func newList(address nav.Address) *list {
	s := &list{}
	s.Listing = screen.NewListing([]screen.ListingColumn[share]{
		screen.Words(widget.Column{ID: "ns", Title: "NAMESPACE", Min: 12, Ideal: 24, Max: 40, Priority: 9}, func(g share) string { return g.namespace }),
		screen.Words(widget.Column{ID: "standing", Title: "STANDING", Min: 10, Ideal: 10, Max: 10, Priority: 8}, func(g share) string { return g.Standing.String() }),
		screen.Words(widget.Column{ID: "by", Title: "WRITTEN BY", Min: 14, Ideal: 30, Max: widget.Unlimited, Priority: 10}, func(g share) string { return g.By }),
		screen.Numbers(widget.Column{ID: "objects", Title: "OBJECTS", Min: 7, Ideal: 7, Max: 7, Priority: 7}, func(g share) float64 { return float64(g.Objects) }),
		screen.Numbers(widget.Column{ID: "changed", Title: "CHANGED", Min: 7, Ideal: 7, Max: 7, Priority: 6}, func(g share) float64 { return float64(g.Changed) }),
	}, screen.FilterOf(address), func(kept []share) widget.Rows { return shares{s.frame.Styles, kept} })
	s.reading = screen.NewWork(s.readAgain)
	return s
}

// Address returns "ownership", with the filter if there is one.
func (s *list) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "ownership"}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *list) Title() string { return "Ownership" }

// Keys returns the scopes of the screen.
func (s *list) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *list) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Filter, keymap.Back, keymap.Sort, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *list) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *list) Show(a *score.Assessment) {
	s.shown = a
	s.reading.Renew(screen.Many)
}

// Work returns the reading of who wrote what.
func (s *list) Work() []*screen.Work { return []*screen.Work{s.reading} }

func (s *list) readAgain() screen.Job {
	cluster, again := s.shown.Cluster, s.read
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		items := ownership.Inventory(cluster)
		summary, all := summaryOf(ownership.Groups(items)), sharesOf(items)
		return func() {
			s.read, s.summary = true, summary
			s.List(all)
		}
	}
}

// sharesOf tells items apart by namespace and who they belong to: first where something was
// changed by hand, then what people wrote, by namespace.
func sharesOf(items []ownership.Item) []share {
	of := map[string][]ownership.Item{}
	for _, i := range items {
		of[i.Ref.Namespace] = append(of[i.Ref.Namespace], i)
	}
	var all []share
	for namespace, items := range of {
		if namespace == "" {
			namespace = score.ClusterWide
		}
		for _, g := range ownership.Groups(items) {
			own := func(i ownership.Item) bool { return i.By != g.By || i.Standing != g.Standing }
			all = append(all, share{g, namespace, slices.DeleteFunc(slices.Clone(items), own)})
		}
	}
	slices.SortFunc(all, func(a, b share) int {
		return cmp.Or(b.Changed-a.Changed, ownership.CompareStandings(a.Standing, b.Standing), strings.Compare(a.namespace, b.namespace), strings.Compare(a.By, b.By))
	})
	return all
}

// summaryOf says how many objects the largest groups have, and what was changed.
func summaryOf(groups []ownership.Group) string {
	const most = 4
	var parts []string
	changed, rest := 0, 0
	for i, g := range groups {
		changed += g.Changed
		switch {
		case i >= most:
			rest += g.Objects
		case g.By == "":
			parts = append(parts, fmt.Sprintf("%d unknown", g.Objects))
		default:
			parts = append(parts, fmt.Sprintf("%s %d", g.By, g.Objects))
		}
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("others %d", rest))
	}
	if changed > 0 {
		parts = append([]string{fmt.Sprintf("%d changed by hand", changed)}, parts...)
	}
	return style.Clean(strings.Join(parts, ", "))
}

// Act moves the cursor or opens the objects of the share under it.
func (s *list) Act(id keymap.ID) tea.Cmd {
	if selected, ok := s.Selected(); ok && id == keymap.Open {
		return nav.Open(screen.WithFilter(nav.Address{Screen: "ownership", Target: selected.namespace}, filterOf(selected)).String())
	}
	s.Handle(id)
	return nil
}

// filterOf lets the objects of a share through: those of which nobody knows who wrote them
// by their standing.
func filterOf(g share) string {
	if g.By == "" {
		return "standing=" + g.Standing.String()
	}
	return `by="` + g.By + `"`
}

// View draws the table, and what the selected share is.
func (s *list) View() []string {
	title := "Ownership"
	if text := s.Filtered(); text != "" {
		title += ": " + text
	} else if s.summary != "" {
		title += ": " + s.summary
	}
	s.Table().Empty = s.Empty("looking for who wrote what")
	return screen.Below{Table: s.Table(), Title: title, BoxTitle: "These objects", Lines: s.about}.Draw(s.frame)
}

// about says what becomes of a change, and names the objects, those that were changed first.
func (s *list) about(width, height int) []string {
	g, ok := s.Selected()
	if !ok {
		return nil
	}
	st := s.frame.Styles
	lines := st.Muted.Wrap(style.Clean(g.told()), width)
	for n, i := range g.items {
		if rest := len(g.items) - n; len(lines) >= height-1 && rest > 1 {
			return append(lines, st.Muted.Render(fmt.Sprintf("and %d more: enter shows them", rest)))
		}
		text, look := i.Ref.Kind+" "+i.Ref.Name, st.Text
		if len(i.Changes) > 0 {
			text, look = text+": "+toldOf(i.Changes[0]), st.Warn
		}
		lines = append(lines, look.Render(style.Cut(text, width, st.Glyphs.Ellipsis)))
	}
	return lines
}

// told says in a sentence what becomes of a change of the objects.
func (g *share) told() string {
	switch g.Standing {
	case ownership.Delivered:
		return g.By + " writes them again from what is in Git: change them there."
	case ownership.Managed:
		return g.By + " writes them again: change what it makes them from."
	case ownership.Program, ownership.Hand, ownership.Kubernetes, ownership.Unknown:
	}
	return told(g.Standing)
}

// toldOf says in a few words what somebody changed, and when.
func toldOf(c ownership.Change) string {
	text := c.Manager + " changed " + cmp.Or(strings.Join(c.Fields, ", "), "it")
	if !c.At.IsZero() {
		text += " at " + kube.Moment(c.At)
	}
	return text
}

// CursorLine returns the line of the cursor.
func (s *list) CursorLine() int { return s.Table().CursorBelow(0) }

type shares struct {
	styles *style.Styles
	all    []share
}

// Len returns the number of shares.
func (r shares) Len() int { return len(r.all) }

// Key returns the namespace of a share and who it belongs to.
func (r shares) Key(i int) string {
	return r.all[i].namespace + " " + r.all[i].By + " " + r.all[i].Standing.String()
}

// Cells appends the cells of a share.
func (r shares) Cells(i int, dst []widget.Cell) []widget.Cell {
	g, st := &r.all[i], r.styles
	return append(dst, widget.Cell{Text: g.namespace, Style: st.Text}, widget.Cell{Text: g.Standing.String(), Style: lookOf(g.Standing, st)},
		widget.Cell{Text: g.By, Style: st.Text}, widget.Cell{Text: fmt.Sprint(g.Objects), Style: st.Muted},
		widget.Cell{Text: amount(g.Changed), Style: st.Warn})
}
