package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// sound finds out which incident the alarm tells of: the worst that hits users and that
// nobody has acknowledged, nil for none. One that recovers stays until it is over, so
// that the line does not come and go.
func (m *Model) sound() {
	m.alarm, m.alarms = nil, 0
	if m.news.Triage == nil {
		return
	}
	for _, b := range m.news.Triage.Briefings {
		if b.Severity != triage.S1 || b.State == incident.Resolved || m.seen.Has(b.Incident) {
			continue
		}
		if m.alarms++; m.alarm == nil || m.alarm.State != incident.Open && b.State == incident.Open {
			m.alarm = b.Incident
		}
	}
}

// alarmed reports whether a line tells of an incident: not where incidents are shown
// anyway.
func (m *Model) alarmed() bool {
	if m.alarm == nil {
		return false
	}
	_, shown := m.top().(screen.Responding)
	return !shown
}

// alarmText says what is wrong, and since when: in minutes, so that the line does not
// change each second.
func (m *Model) alarmText() (title, rest string) {
	i, now := m.alarm, m.news.Triage.Time
	lasts := "just now"
	if minutes := int(now.Sub(i.Since).Minutes()); minutes > 0 {
		lasts = screen.Age(now.Sub(i.Since))
		if minutes < 2 {
			lasts = "1m"
		}
	}
	if i.State == incident.Recovering {
		lasts += ", recovering"
	}
	if m.alarms > 1 {
		lasts += fmt.Sprintf(", and %d more", m.alarms-1)
	}
	return message.Scrub(i.Title), lasts
}

// alarmLine is the line about the worst incident.
func (m *Model) alarmLine() string {
	st := m.styles
	title, rest := m.alarmText()
	look := st.Severity(style.Critical)
	mark := strings.TrimSpace(st.Glyphs.Severity[style.Critical] + " S1")
	ways := m.keyOf(keymap.Triage) + " opens triage"
	room := m.width - style.Width(mark) - style.Width(rest) - style.Width(ways) - len("  ,     ")
	return widget.Status{
		Left:  []widget.Part{{Text: mark, Style: look, Priority: 9}, {Text: style.Cut(title, max(16, room), st.Glyphs.Ellipsis) + ", " + rest, Style: look, Priority: 8}},
		Right: []widget.Part{{Text: ways, Style: st.Muted, Priority: 7}},
	}.Render(st, m.width)
}

// recalledMsg are the acknowledgements that were kept for what is looked at.
type recalledMsg struct {
	of   *following
	kept []screen.Acknowledgement
	err  error
}

// store keeps acknowledgements, nil for nothing: what happened once, as a recording tells
// it, is looked at anew each time.
func (m *Model) store() screen.AcknowledgementStore {
	if !m.cluster().Clock.Ticks {
		return nil
	}
	return m.options.Acknowledgements
}

// recall asks once for what was acknowledged before.
func (m *Model) recall(of kube.Info) tea.Cmd {
	store, f := m.store(), m.following
	if store == nil || f.asked {
		return nil
	}
	f.asked = true
	return func() tea.Msg {
		kept, err := store.Load(f.ctx, of)
		return recalledMsg{f, kept, err}
	}
}

// recalled takes in what was acknowledged before.
func (m *Model) recalled(msg recalledMsg) {
	if msg.of != m.following {
		return
	}
	if msg.err != nil {
		m.notice = notice{msg.err.Error(), true}
	}
	m.seen.Take(msg.kept)
	m.sound()
	m.refresh()
}

// acknowledge acknowledges an incident, or takes that back, and has it kept in the
// background.
func (m *Model) acknowledge(msg screen.AcknowledgeMsg) tea.Cmd {
	text := "it is open again"
	if m.seen.Toggle(msg.Incident, msg.Time) {
		text = "acknowledged, here alone: the cluster is not told; it comes back if it gets worse"
	}
	m.sound()
	m.refresh()
	store, of, all, ctx := m.store(), m.cluster().Info, m.seen.List(), m.following.ctx
	if store == nil {
		return nav.Notice(text + "; it is forgotten when the program ends")
	}
	return func() tea.Msg {
		if err := store.Save(ctx, of, all); err != nil {
			return nav.FailMsg{Err: err}
		}
		return nav.NoticeMsg{Text: text}
	}
}
