package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// mostRemembered is how many places are remembered.
const mostRemembered = 200

// place is how a screen was left: whoever opens it again at the same address finds it so.
type place struct {
	filter     string
	question   string
	cursor     widget.Cursor
	sortID     string // "" for as it is at first
	descending bool
	wide       bool
}

// memory is what is remembered of screens for as long as the program runs.
type memory struct {
	places  map[string]place // by address
	oldest  []string         // their addresses, the oldest first
	layouts map[string]widget.Layout
	// opened are the addresses at which the screens were opened that are still there.
	opened map[screen.Screen]string
}

func newMemory() *memory {
	return &memory{places: map[string]place{}, layouts: map[string]widget.Layout{}, opened: map[screen.Screen]string{}}
}

// forget drops what is of one source: places, not the columns that the user wants.
func (k *memory) forget() {
	clear(k.places)
	clear(k.opened)
	k.oldest = nil
}

// remember keeps how a screen is left.
func (m *Model) remember(s screen.Screen) {
	var p place
	if f, ok := s.(screen.Filterer); ok {
		p.filter = f.FilterText()
	}
	if a, ok := s.(screen.Asker); ok {
		p.question = a.Question()
	}
	if t, ok := s.(screen.Tabled); ok && t.Table() != nil {
		p.cursor, p.wide = t.Table().Cursor(), t.Table().Wide()
		if t.Table().Reordered() {
			p.sortID, p.descending = t.Table().SortedBy()
		}
	}
	address, ok := m.memory.opened[s]
	if !ok {
		return
	}
	k := m.memory
	k.oldest = append(slices.DeleteFunc(k.oldest, func(old string) bool { return old == address }), address)
	k.places[address] = p
	if len(k.oldest) > mostRemembered {
		delete(k.places, k.oldest[0])
		k.oldest = k.oldest[1:]
	}
}

// restore shows a screen that was opened at an address as it was left there. What the
// address says itself, it says.
func (m *Model) restore(s screen.Screen, address string) {
	k := m.memory
	maps.DeleteFunc(k.opened, func(s screen.Screen, _ string) bool {
		return !slices.Contains(m.stack, s) && !slices.Contains(m.ahead, s)
	})
	k.opened[s] = address
	p, known := k.places[address]
	if !known || m.news.Assessment == nil || m.tooSmall() {
		return
	}
	if _, _, asked := strings.Cut(address, "?"); !asked {
		m.retype(s, p)
	}
	t, ok := s.(screen.Tabled)
	if !ok || t.Table() == nil {
		return
	}
	t.Table().SetWide(p.wide)
	if p.sortID != "" && !t.Table().Reordered() && t.Table().Order(p.sortID, p.descending) {
		t.Arrange()
	}
	t.Table().Return(p.cursor)
}

// retype filters and asks as was typed on a screen when it was left.
func (m *Model) retype(s screen.Screen, p place) {
	if f, ok := s.(screen.Filterer); ok && p.filter != "" && f.FilterText() == "" {
		m.filter(f, p.filter)
	}
	if a, ok := s.(screen.Asker); ok && p.question != "" && a.Question() == "" {
		m.complain(a.Ask(p.question))
	}
}

// layoutOf names the tables that have the same columns, whatever comes and goes among
// them: those of one kind of screen.
func layoutOf(table *widget.Table) string {
	var ids []string
	for _, c := range table.Columns() {
		if !c.Passing {
			ids = append(ids, c.ID)
		}
	}
	return strings.Join(ids, " ")
}

// layOut shows the columns of a table as the user wants them, nil for as at first, there
// and wherever the same columns are.
func (m *Model) layOut(table *widget.Table, layout widget.Layout) {
	m.memory.layouts[layoutOf(table)] = layout
	table.SetLayout(layout)
}

// dress shows the columns of the shown screen as they were chosen on another like it.
func (m *Model) dress() {
	if of, ok := m.top().(screen.Tabled); ok && of.Table() != nil {
		if err := of.Table().Refused(); err != nil {
			m.notice = notice{err.Error(), true}
		}
		if len(m.memory.layouts) == 0 || of.Table().Layout() != nil {
			return
		}
		if layout := m.memory.layouts[layoutOf(of.Table())]; layout != nil {
			of.Table().SetLayout(layout)
		}
	}
}

// address is where the shown screen is, with the order of its table where the user has
// changed that.
func (m *Model) address() nav.Address {
	a := m.top().Address()
	t, ok := m.top().(screen.Tabled)
	if !ok || t.Table() == nil || !t.Table().Reordered() {
		return a
	}
	id, descending := t.Table().SortedBy()
	a.Query = maps.Clone(a.Query)
	if a.Query == nil {
		a.Query = map[string]string{}
	}
	if c, _ := t.Table().Column(id); c.Falling != descending {
		id += " " + direction(descending)
	}
	a.Query["sort"] = id
	return a
}

func direction(descending bool) string {
	if descending {
		return "desc"
	}
	return "asc"
}

// order sorts the rows of a screen as a text says (widget.Table.OrderBy).
func order(t screen.Tabled, text string) error {
	err := t.Table().OrderBy(text)
	if err == nil {
		t.Arrange()
	}
	return err
}

// widen shows more columns or fewer, and says what has no room.
func (m *Model) widen() {
	of, table := m.table()
	if table == nil {
		return
	}
	_, before := table.Room()
	of.Act(keymap.Wide)
	switch fitting, all := table.Room(); {
	case fitting < all && (all == before || table.Wide()):
		m.notice = notice{fmt.Sprintf("%d of %d columns fit; a wider terminal shows more, %s chooses", fitting, all, m.keyOf(keymap.Columns)), false}
	case all == before:
		m.notice = notice{fmt.Sprintf("there are no more columns than these %d", all), false}
	}
}
