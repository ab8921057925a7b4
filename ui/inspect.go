package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/object"
)

// act has the shown screen do what a key means, but for the keys of the object that is
// selected on it.
func (m *Model) act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Object, keymap.Events, keymap.Logs:
		return m.inspect(id)
	default:
		return m.top().Act(id)
	}
}

// inspect opens the object that is selected: its YAML at the field that is at fault, its
// events or its logs. On the screen of an object it shows that tab.
func (m *Model) inspect(id keymap.ID) tea.Cmd {
	if shown, ok := m.top().(*object.Screen); ok {
		return shown.Act(id)
	}
	pointing, ok := m.top().(screen.Pointing)
	if !ok {
		return nav.Notice("no object is selected on this screen")
	}
	ref, selected := pointing.Object()
	if !selected {
		return nav.Notice("no object is selected")
	}
	address := screen.ObjectAddress(ref)
	if _, err := screen.ParseObject(address.Target); err != nil {
		return nav.Notice("there is no object to show: " + err.Error())
	}
	address.Query = map[string]string{}
	switch id {
	case keymap.Events:
		address.Query["tab"] = "events"
	case keymap.Logs:
		address.Query["tab"] = "logs"
	default:
		if faulting, ok := m.top().(screen.Faulting); ok {
			address.Query["field"] = faulting.Fault()
		}
	}
	m.open(address.String())
	return nil
}
