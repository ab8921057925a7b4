// Package heatmap is the screen of all namespaces by all categories: a cell for each,
// the worse the darker. It answers where the trouble is at a glance, and opens the
// findings of a cell.
//
// It judges nothing itself and knows no other screen.
package heatmap

import (
	"cmp"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the heat map.
type Screen struct {
	frame      screen.Frame
	shown      *score.Assessment
	namespaces []*score.Namespace // in the order to show
	filter     screen.Filtering
	asked      string // the address's filter, until the fields are known
	refused    error  // what is wrong with it
	figures    *screen.Figures

	row, column int // of the cursor; column 0 is the score, then the categories
	top, left   int // the first visible row and category
	page        int // visible rows, as last drawn
	drawn       grid
	selected    string
	moved       bool // the user has put the cursor somewhere
	sorted      int  // the column that the rows are sorted by
	best        bool // first
}

// New returns the heat map; the address may carry a filter.
func New(address nav.Address) *Screen { return &Screen{asked: screen.FilterOf(address)} }

// Address returns "heatmap", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "heatmap"}, s.filter.Text())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Heat map" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Grid, keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Back, keymap.Filter, keymap.Sort, keymap.Help, keymap.Quit, keymap.CellRight, keymap.Reverse}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment. The cursor stays with its namespace.
func (s *Screen) Show(a *score.Assessment) {
	if s.shown == a {
		return
	}
	s.shown = a
	if s.asked != "" {
		s.refused = s.filter.Set(s.asked, screen.NamespaceFields(a))
		s.asked = ""
	}
	s.column = min(s.column, len(s.categories()))
	s.arrange()
}

// Filter shows only the namespaces that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filter.Set(text, screen.NamespaceFields(s.shown)); err != nil {
		return err
	}
	s.refused = nil
	s.arrange()
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filter.Text() }

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Open:
		return s.open()
	case keymap.Sort:
		s.best = s.best && s.sorted == s.column
		s.sorted = s.column
		s.arrange()
	case keymap.Reverse:
		s.best = !s.best
		s.arrange()
	case keymap.CellLeft, keymap.PrevFocus:
		s.column = max(s.column-1, 0)
	case keymap.CellRight, keymap.NextFocus:
		s.column = min(s.column+1, len(s.categories()))
	default:
		s.move(id)
	}
	return nil
}

// move puts the cursor on another row.
func (s *Screen) move(id keymap.ID) {
	to := s.row
	switch id {
	case keymap.Up:
		to--
	case keymap.Down:
		to++
	case keymap.PageUp:
		to -= max(s.page, 1)
	case keymap.PageDown:
		to += max(s.page, 1)
	case keymap.HalfUp:
		to -= max(s.page/2, 1)
	case keymap.HalfDown:
		to += max(s.page/2, 1)
	case keymap.Top:
		to = 0
	case keymap.Bottom:
		to = len(s.namespaces) - 1
	default:
		return
	}
	s.moved = true
	s.stand(to)
}

// stand puts the cursor on a row, or on the nearest one.
func (s *Screen) stand(row int) {
	s.row, s.selected = max(0, min(row, len(s.namespaces)-1)), ""
	if len(s.namespaces) > 0 {
		s.selected = s.namespaces[s.row].Name
	}
}

// open opens the findings of the cell under the cursor; those of the namespace in the
// column of scores.
func (s *Screen) open() tea.Cmd {
	if s.selected == "" {
		return nil
	}
	s.moved = true
	address := nav.Address{Screen: "ns", Target: s.selected}
	if s.column > 0 {
		address.Query = map[string]string{"category": s.categories()[s.column-1].ID}
	}
	return nav.Open(address.String())
}

// categories are those that have a column: the heart's, and others that apply
// somewhere.
func (s *Screen) categories() []audit.Category {
	var list []audit.Category
	for i, c := range s.shown.Result.Categories {
		if c.Heart || i < len(s.shown.Categories) && s.shown.Categories[i].Scored {
			list = append(list, c)
		}
	}
	return list
}

// arrange filters and sorts the rows; those without a value come last in any order.
func (s *Screen) arrange() {
	category := ""
	if s.sorted > 0 && s.sorted <= len(s.categories()) {
		category = s.categories()[s.sorted-1].ID
	}
	s.namespaces = nil
	for _, n := range s.shown.Namespaces {
		if s.filter.Match(screen.NamespaceRow{Of: n, In: s.shown.Cluster}) {
			s.namespaces = append(s.namespaces, n)
		}
	}
	value := func(n *score.Namespace) float64 {
		points, known := n.Score, n.Scored
		if category != "" {
			c := screen.CategoryOf(n, category)
			points, known = c.Score, c.Scored
		}
		switch {
		case !known:
			return math.Inf(1)
		case s.best:
			return -points
		}
		return points
	}
	values := make(map[*score.Namespace]float64, len(s.namespaces))
	for _, n := range s.namespaces {
		values[n] = value(n)
	}
	slices.SortStableFunc(s.namespaces, func(a, b *score.Namespace) int {
		return cmp.Or(cmp.Compare(values[a], values[b]), strings.Compare(a.Name, b.Name))
	})
	at := 0
	if s.moved {
		at = s.row
		if i := slices.IndexFunc(s.namespaces, func(n *score.Namespace) bool { return n.Name == s.selected }); i >= 0 {
			s.top += i - s.row
			at = i
		}
	}
	s.stand(at)
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int {
	if s.selected == "" {
		return -1
	}
	return 2 + (s.row-s.top)*s.step()
}

// step is how many lines a row takes: two where all find room so, that the cells of
// rows stay apart.
func (s *Screen) step() int {
	if _, height := (widget.Box{}).Inner(s.frame.Width, s.frame.Height); 2*len(s.namespaces)+2 <= height {
		return 2
	}
	return 1
}
