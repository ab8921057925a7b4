package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// StackLimit is how deep the stack of screens may get.
const StackLimit = mostScreens

// Drawing is whether a program of this process draws.
var Drawing = drawing

// Addresses are where the screens of the stack are, the shown one last.
func (m *Model) Addresses() []string {
	var all []string
	for _, s := range m.stack {
		all = append(all, s.Address().String())
	}
	return all
}

// ShownTable is the table of the shown screen, nil where none is drawn.
func (m *Model) ShownTable() *widget.Table {
	if m.tooSmall() || m.unread() {
		return nil
	}
	_, table := m.table()
	return table
}

// RouteNames are the kinds of screens there are, each with an example of its address.
func RouteNames() map[string]string {
	all := map[string]string{}
	for _, r := range routes() {
		all[r.name] = r.name
		if r.target != "" {
			all[r.name] += "/" + r.target
		}
	}
	return all
}

// Pointed is what the root is told of a click or of a turn of the wheel at a moment; nil
// for what is dropped.
func Pointed(msg tea.Msg, at time.Time) tea.Msg {
	p, ok := newMouseFilter()(nil, msg).(pointMsg)
	if !ok {
		return nil
	}
	p.at = at
	return p
}
