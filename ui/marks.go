package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// marked are the marks of all screens, and what clearing them would bring together. That
// is scored again in the background whenever they or the cluster change.
type marked struct {
	*screen.Marks
	weighing *screen.Work
	seen     int // their changes, when last weighed
	weighed  *score.Assessment
	joint    string // "" while it is not known
}

func newMarked(newest func() *score.Assessment) *marked {
	k := &marked{Marks: screen.NewMarks()}
	k.weighing = screen.NewWork(func() screen.Job { return k.weigh(newest()) })
	return k
}

// look has the marks weighed if they or the assessment are others than before, and
// returns what begins it.
func (k *marked) look(crew *screen.Crew, newest *score.Assessment) tea.Cmd {
	switch {
	case k.seen != k.Changes():
		k.seen, k.weighed, k.joint = k.Changes(), newest, ""
		k.weighing.Restart(screen.Many)
	case k.weighed != newest && k.Len() > 0:
		k.weighed = newest
		k.weighing.Renew(screen.Many)
	}
	return crew.Do(k.weighing)
}

// weigh returns the job that scores without what is marked.
func (k *marked) weigh(a *score.Assessment) screen.Job {
	if a == nil || k.Len() == 0 {
		return nil
	}
	keys := k.Keys()
	return func(context.Context) func() {
		found := screen.FindFindings(a, keys)
		text := joint(a, found)
		if gone := len(keys) - len(found); gone > 0 {
			text = fmt.Sprintf("(%d gone)  %s", gone, text)
		}
		return func() { k.joint = text }
	}
}

// joint says what a namespace gains if findings of it are gone, or the cluster if they
// are of several.
func joint(a *score.Assessment, found []*score.Finding) string {
	outlook := a.Without(found)
	switch {
	case len(outlook.Namespaces) == 1:
		n := outlook.Namespaces[0]
		return fmt.Sprintf("%+.1f %s", n.After-n.Score, n.Name)
	case len(outlook.Namespaces) > 1:
		return fmt.Sprintf("%+.1f cluster", outlook.Score-a.Score)
	}
	return ""
}

// markParts are what the footer says of the marks.
func (m *Model) markParts() []widget.Part {
	if m.marks.Len() == 0 {
		return nil
	}
	text := fmt.Sprintf("%s %d marked", m.styles.Glyphs.Mark, m.marks.Len())
	if m.marks.joint != "" {
		text += "  " + m.marks.joint
	}
	return []widget.Part{{Text: text, Style: m.styles.Mark, Priority: 1 << 10}}
}

// useMarks does what a key means for the marks.
func (m *Model) useMarks(id keymap.ID) {
	switch {
	case id == keymap.Unmark:
		m.marks.Clear()
		m.refresh()
	case m.instead() == nil:
		m.plan()
	}
}

// plan opens the plan of what is marked or, with nothing marked, of all that the shown
// screen is about.
func (m *Model) plan() {
	address := nav.Address{Screen: "plan"}
	if scoped, ok := m.top().(screen.Scoped); ok {
		address.Target = scoped.Scope()
	}
	if m.marks.Len() > 0 {
		address = nav.Address{Screen: "plan", Query: map[string]string{"of": "marked"}}
	}
	m.open(address.String())
}
