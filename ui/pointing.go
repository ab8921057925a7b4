package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// goTo opens the screen that a key names, or lets the mouse do so.
func (m *Model) goTo(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Workload:
		return m.openWorkload()
	case keymap.Mouse:
		return m.toggleMouse()
	case keymap.Triage:
		m.open("triage")
		return nil
	default: // themes
	}
	m.open("themes")
	return nil
}

// openWorkload opens the workload that the selected object belongs to.
func (m *Model) openWorkload() tea.Cmd {
	pointing, ok := m.top().(screen.Pointing)
	if !ok || m.instead() != nil {
		return nav.Notice("nothing is selected here that belongs to a workload")
	}
	ref, ok := pointing.Object()
	if !ok {
		return nav.Notice("nothing is selected that belongs to a workload")
	}
	workload, ok := screen.WorkloadOf(m.news.Assessment.Cluster, ref)
	if !ok {
		return nav.Notice(ref.String() + " belongs to no workload, or to several")
	}
	address := screen.WorkloadAddress(workload)
	if here := m.top().Address(); here.Screen == address.Screen && here.Target == address.Target {
		return nav.Notice("this is its workload")
	}
	m.open(address.String())
	return nil
}
