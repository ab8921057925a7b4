package ui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/log"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Login is how the user logs in to the cluster again when the credentials have expired
// while the program runs.
type Login interface {
	// Needed reports whether the cluster could not be asked for want of credentials. It
	// is asked with every frame.
	Needed() bool
	// Login gets new ones. Meanwhile the terminal is as the user's shell has it, for a
	// credential plugin to ask its questions on.
	Login(ctx context.Context) error
}

// logRest is the least time between two looks at the log: whatever floods it must not
// keep the program busy.
const logRest = 500 * time.Millisecond

// calm is the least time between two changes of the screen that nobody has asked for,
// where it is read aloud.
const calm = 2 * time.Second

// logMsg says that something new is in the log.
type logMsg struct{}

// loggedInMsg says how logging in went.
type loggedInMsg struct{ err error }

// waitLog returns a command that waits for something new in the log, after a while.
func (m *Model) waitLog(rest time.Duration) tea.Cmd {
	book := m.options.Log
	if book == nil {
		return nil
	}
	return func() tea.Msg {
		if !screen.Pause(m.ctx, rest) || !book.Next(m.ctx) {
			return nil
		}
		return logMsg{}
	}
}

// onTerminal takes the messages about the terminal and the log.
func (m *Model) onTerminal(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	switch msg := msg.(type) {
	case logMsg:
		if _, shown := m.top().(*log.Screen); shown {
			m.refresh()
		}
		return m.waitLog(logRest), true
	case tea.ResumeMsg:
		m.takeNewest()
		return tea.ClearScreen, true
	case tea.PasteMsg:
		m.paste(msg.Content)
		return nil, true
	case loggedInMsg:
		m.notice = notice{"logged in: the cluster is asked again", false}
		if msg.err != nil {
			m.notice = notice{msg.err.Error(), true}
		}
		return nil, true
	}
	return nil, false
}

// takeNewest shows the newest there is without waiting for its turn.
// Before the first news there is nothing to show it on.
func (m *Model) takeNewest() {
	if newest := m.feed.Newest(); m.news.Cluster != nil && newest != m.news {
		m.take(newest) // nothing follows, for it is of the same cluster
		return
	}
	m.refresh()
}

// attend begins what a key leads to: what was told is done with, and who waits for the
// screen to change gets what is new.
func (m *Model) attend() {
	m.notice = notice{}
	if m.options.Accessible {
		m.takeNewest()
	}
}

// logPart says how much is new in the log, nothing if nothing is.
func (m *Model) logPart() widget.Part {
	unseen := m.options.Log.Unseen()
	if unseen == 0 {
		return widget.Part{}
	}
	return widget.Part{Text: fmt.Sprintf("%d new in :log", unseen), Style: m.styles.Warn, Priority: 8}
}

// suspend stops the program until the shell resumes it, where there is a shell that can.
func (m *Model) suspend() tea.Cmd {
	if m.options.Suspendable == nil || !m.options.Suspendable() {
		m.notice = notice{"there is no shell that could resume the program", true}
		return nil
	}
	return tea.Exec(released(m.options.Suspend), func(error) tea.Msg { return tea.ResumeMsg{} })
}

// login gets new credentials with the terminal as the user's shell has it.
func (m *Model) login() tea.Cmd {
	if m.options.Login == nil {
		m.notice = notice{"there is nothing to log in to: no credential plugin is used", false}
		return nil
	}
	logIn := func() error { return m.options.Login.Login(m.ctx) }
	return tea.Exec(released(logIn), func(err error) tea.Msg { return loggedInMsg{err} })
}
