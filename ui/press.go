package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
)

// press does what a key means where it is pressed.
func (m *Model) press(key tea.KeyPressMsg) tea.Cmd {
	m.mouse.last = pointMsg{}
	m.attend()
	switch {
	case m.tooSmall():
		return m.everywhere(m.keys.Lookup(key.String(), keymap.Global))
	case m.finder.shown:
		return m.paletteKey(key)
	case m.chooser != nil:
		if key.String() == "ctrl+c" {
			return tea.Quit
		}
		m.chooserKey(key)
		return nil
	case m.prompt != nil:
		return m.promptKey(key)
	}
	return m.do(m.keys.Lookup(key.String(), m.scopes()...))
}

// do does what a binding means on the shown screen.
func (m *Model) do(id keymap.ID) tea.Cmd {
	if m.turns(id) {
		return nil
	}
	switch id {
	case "":
		return nil
	case keymap.Back, keymap.Earlier, keymap.Later, keymap.Last:
		m.move(id)
	case keymap.Filter, keymap.Ask, keymap.Command, keymap.Palette, keymap.Columns:
		m.ask(id)
	case keymap.Wide:
		m.widen()
	case keymap.Themes, keymap.Workload, keymap.Mouse, keymap.Triage:
		return m.goTo(id)
	case keymap.Plan, keymap.Unmark:
		m.useMarks(id)
	case keymap.Help, keymap.Quit, keymap.Refresh, keymap.Suspend, keymap.Login:
		return m.everywhere(id)
	case keymap.Pause, keymap.StepBack, keymap.StepOn, keymap.MarkBefore, keymap.MarkAfter, keymap.FirstSymptom, keymap.Slower, keymap.Faster:
		return m.control(id)
	default:
		if m.instead() == nil {
			return m.act(id)
		}
		m.lookAnyway(id)
	}
	return nil
}

// ask opens what the user types in or chooses from.
func (m *Model) ask(id keymap.ID) {
	switch id {
	case keymap.Filter:
		if f, ok := m.top().(screen.Filterer); ok && m.instead() == nil {
			m.startFilter(f)
		}
	case keymap.Ask:
		if a, ok := m.top().(screen.Asker); ok && m.instead() == nil {
			a.Act(id) // it may ask on another view of it
			m.startQuestion(a)
		}
	case keymap.Command:
		m.startCommand()
	case keymap.Palette:
		m.startPalette()
	default:
		m.startChooser()
	}
}

// everywhere does what works on every screen, also on none.
func (m *Model) everywhere(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Quit:
		return tea.Quit
	case keymap.Help:
		m.help()
	case keymap.Refresh:
		m.again()
		m.refresh()
		return tea.ClearScreen
	case keymap.Suspend:
		return m.suspend()
	case keymap.Login:
		return m.login()
	default: // the rest needs a screen
	}
	return nil
}

// help shows the help, or leaves it.
func (m *Model) help() {
	switch _, shown := m.top().(*help.Screen); {
	case m.tooSmall():
	case shown:
		m.back()
	default:
		m.open("help")
	}
}

// move goes through the screens that the user has been to. A filter is left
// before its screen is.
func (m *Model) move(id keymap.ID) {
	if n, ok := m.top().(screen.Nested); ok && id == keymap.Back && n.Leave() {
		return
	}
	switch f, ok := m.top().(screen.Filterer); {
	case ok && id == keymap.Back && f.FilterText() != "":
		m.filter(f, "")
	case id == keymap.Later, id == keymap.Last && len(m.ahead) > 0:
		m.forward()
	default:
		m.back()
	}
}
