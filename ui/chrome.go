package ui

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// above is how many lines of the frame stand above a screen: header and path.
const above = 2

// chrome is how many lines the frame takes around a screen: those above, the footer, and
// the alarm and the time line if there are any.
func (m *Model) chrome() int {
	lines := above + 1
	if m.alarmed() {
		lines++
	}
	if m.lined {
		lines++
	}
	return lines
}

// titleMost is how much of a name the title of the window has, in cells.
const titleMost = 80

// View draws the frame and the shown screen.
func (m *Model) View() tea.View {
	view := tea.View{AltScreen: true, WindowTitle: "seaworthy"}
	if m.width <= 0 || m.height <= 0 {
		return view
	}
	lines := m.lines()
	switch {
	case m.news.Assessment == nil || m.tooSmall():
	case m.finder.shown:
		lines = m.finder.over(m.styles, lines, m.width, m.height)
	case m.chooser != nil:
		lines = m.chooser.over(m.styles, lines, m.width, m.height)
	}
	view.Content = strings.Join(lines[:min(len(lines), m.height)], "\n")
	view.Cursor = m.cursor()
	view.MouseMode = m.mouse.mode()
	m.painted(&view)
	if m.news.Assessment != nil {
		name := style.Clean(style.Bound(m.news.Assessment.Cluster.Info.Name, titleMost))
		view.WindowTitle = "seaworthy " + style.Truncate(name, titleMost, m.styles.Glyphs.Ellipsis)
	}
	return view
}

func (m *Model) lines() []string {
	switch {
	case m.tooSmall():
		return m.compact()
	case m.unread():
		return m.withFooter(m.waiting())
	}
	body := m.instead()
	if body == nil {
		body = m.top().View()
	}
	lines := append([]string{m.header(), m.path()}, body...)
	if m.alarmed() {
		lines = append(lines, m.alarmLine())
	}
	if m.lined {
		lines = append(lines, m.timeLine())
	}
	return append(lines, m.footer())
}

// instead is what is drawn in the place of the shown screen, nil if that is to be
// seen.
func (m *Model) instead() []string {
	if needsNothing(m.top()) {
		return nil
	}
	if lines := m.reading(); lines != nil {
		return lines
	}
	return m.refused()
}

// cursor puts the terminal's own cursor where the user is: in the line being
// typed, or at the selected row, for those who have the screen read to them.
func (m *Model) cursor() *tea.Cursor {
	switch {
	case m.tooSmall():
		return nil
	case m.finder.shown:
		return m.finder.caret(m.styles, m.width, m.height)
	case m.chooser != nil:
		return m.chooser.caret(m.width, m.height)
	case m.prompt != nil:
		return tea.NewCursor(m.prompt.line.CursorColumn(m.styles, m.width), m.height-1)
	case m.unread():
		return nil
	}
	if line := m.top().CursorLine(); m.instead() == nil && line >= 0 && line < m.height-m.chrome() {
		return tea.NewCursor(1, above+line)
	}
	return nil
}

// header says what is looked at and how fresh it is.
func (m *Model) header() string {
	if m.clusters != nil && m.fleetShown() {
		return m.fleetHeader()
	}
	st, c := m.styles, m.cluster()
	scope := "all namespaces"
	if len(c.Info.Scope) > 0 {
		scope = strings.Join(c.Info.Scope, ", ")
	}
	line := widget.Status{
		Left: []widget.Part{
			m.labelPart(),
			{Text: "seaworthy", Style: st.Title, Priority: 6},
			{Text: c.Info.Name + " " + st.Glyphs.Separator + " " + scope, Style: st.Header, Priority: 9},
		},
		Right: []widget.Part{
			{Text: c.Info.Version, Style: st.Muted, Priority: 4},
			{Text: some(c.Nodes.Len(), "node"), Style: st.Muted, Priority: 3},
			{Text: some(c.Pods.Len(), "pod"), Style: st.Muted, Priority: 5},
			{Text: "read-only", Style: st.Muted, Priority: 2},
			m.logPart(),
			m.freshness(),
		},
	}
	return line.Render(st, m.width)
}

// freshness says whether the data is live.
func (m *Model) freshness() widget.Part {
	st, c := m.styles, m.cluster()
	since, stale, all := c.Outage()
	blind := unseen(c)
	part := widget.Part{Priority: 10}
	switch {
	case m.options.Login != nil && m.options.Login.Needed():
		part.Text, part.Style = fmt.Sprintf("%s needs you: press %s to log in", st.Glyphs.Still, m.keyOf(keymap.Login)), st.Error
	case m.news.Cluster == nil:
		part.Text, part.Style = st.Glyphs.Still+" not connected", st.Warn
	case m.news.Err != nil:
		part.Text, part.Style = st.Glyphs.Still+" ended", st.Error
	case m.lined && m.replay.Position().Playing:
		part.Text, part.Style = st.Glyphs.Live+" replay", st.OK
	case m.lined:
		part.Text, part.Style = st.Glyphs.Still+" paused", st.Muted
	case m.news.Ended:
		part.Text, part.Style = st.Glyphs.Still+" still", st.Muted
	case all:
		part.Text, part.Style = st.Glyphs.Still+" offline since "+since.Format("15:04:05"), st.Error
	case stale > 0:
		part.Text, part.Style = st.Glyphs.Still+" stale since "+since.Format("15:04:05"), st.Warn
	case !c.Settled():
		part.Text, part.Style = st.Glyphs.Still+" reading", st.Warn
	case blind > 0:
		part.Text, part.Style = fmt.Sprintf("%s live, %d blind (:coverage)", st.Glyphs.Live, blind), st.Warn
	default:
		part.Text, part.Style = st.Glyphs.Live+" live", st.OK
	}
	part.Text = strings.TrimLeft(part.Text, " ")
	return part
}

// unseen counts the kinds that could not be read though they are there.
func unseen(c *kube.Cluster) int {
	blind := 0
	for _, s := range c.States() {
		if s.Settled() && s.Blind() && s.Phase != kube.Absent && s.Phase != kube.Skipped {
			blind++
		}
	}
	return blind
}

// titles are what the screens of the stack are called.
func (m *Model) titles() []string {
	var titles []string
	for _, s := range m.stack {
		titles = append(titles, s.Title())
	}
	return titles
}

// separator stands between two titles.
func (m *Model) separator() string { return " " + m.styles.Glyphs.Separator + " " }

// path says how the user came here.
func (m *Model) path() string {
	st := m.styles
	note := widget.Part{Style: st.Muted}
	if n, ok := m.top().(screen.Noter); ok && m.instead() == nil {
		note.Text = n.Note()
	}
	if text := m.asOf(); text != "" && !m.fleetShown() {
		note = widget.Part{Text: text, Style: st.Warn}
	}
	return widget.Status{
		Left:  []widget.Part{{Text: strings.Join(m.titles(), m.separator()), Style: st.Accent, Priority: 1}},
		Right: append(m.openingParts(), note),
	}.Render(st, m.width)
}

// footer is the line being typed, what was to be said, or the keys.
func (m *Model) footer() string {
	st := m.styles
	switch {
	case m.prompt != nil:
		return m.prompt.line.Render(st, m.width)
	case m.notice.text != "":
		look := st.Notice
		if m.notice.wrong {
			look = st.Error
		}
		return widget.Status{Left: []widget.Part{{Text: m.notice.text, Style: look, Priority: 1 << 11}}, Right: m.markParts()}.Render(st, m.width)
	}
	return m.hintLine().Render(st, m.width)
}

// hintLine says what keys do here.
func (m *Model) hintLine() widget.Status {
	return widget.Status{Left: widget.Hints(m.styles, m.keys.Hints(m.hints()...)), Right: m.markParts()}
}

// hints are the bindings that the last line names.
func (m *Model) hints() []keymap.ID {
	if m.instead() != nil {
		return []keymap.ID{keymap.Command, keymap.Help, keymap.Quit}
	}
	return m.top().Hints()
}

// some names a number of things, nothing for none.
func some(n int, what string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}

// thousands writes a number with commas, as in 146,203.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
