package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// mouse is whether the program has the mouse, and what it did last.
type mouse struct {
	on    bool
	last  pointMsg      // the click before, without anything between
	where screen.Screen // that it was on
}

// pointMsg is what the mouse did: a click, or some turns of the wheel.
type pointMsg struct {
	x, y  int
	lines int // of the wheel, towards the end if positive; 0 for a click
	at    time.Time
}

const (
	// doubleClick is how soon two clicks on the same row are one that opens it.
	doubleClick = 400 * time.Millisecond
	// wheelEvery is how often the wheel is listened to: more than once a frame is not seen.
	wheelEvery = time.Second / framesPerSecond
	// wheelLines is how far one turn of the wheel goes.
	wheelLines = 3
	// wheelMost bounds how far the turns of one frame go.
	wheelMost = 60
)

// newMouseFilter returns what stands between the terminal and the root: it says when a
// click was, takes the turns of the wheel together, and drops what nobody asked for.
func newMouseFilter() func(tea.Model, tea.Msg) tea.Msg {
	var last time.Time
	turned := 0
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		now := time.Now()
		switch msg := msg.(type) {
		case tea.MouseClickMsg:
			if msg.Button != tea.MouseLeft {
				return nil
			}
			return pointMsg{x: msg.X, y: msg.Y, at: now}
		case tea.MouseWheelMsg:
			by := map[tea.MouseButton]int{tea.MouseWheelUp: -wheelLines, tea.MouseWheelDown: wheelLines}[msg.Button]
			if by*turned < 0 {
				turned = 0 // the hand has turned round
			}
			turned = max(-wheelMost, min(turned+by, wheelMost))
			if turned == 0 || now.Sub(last) < wheelEvery {
				return nil
			}
			lines := turned
			last, turned = now, 0
			return pointMsg{x: msg.X, y: msg.Y, lines: lines, at: now}
		case tea.MouseMsg:
			return nil
		}
		return msg
	}
}

// mode is what the terminal is asked to tell of the mouse.
func (m mouse) mode() tea.MouseMode {
	if m.on {
		return tea.MouseModeCellMotion
	}
	return tea.MouseModeNone
}

// toggleMouse takes the mouse from the terminal, or gives it back.
func (m *Model) toggleMouse() tea.Cmd {
	m.mouse.on = !m.mouse.on
	if m.mouse.on {
		return nav.Notice("the mouse clicks and scrolls here; shift-drag selects text, M gives it back")
	}
	return nav.Notice("the mouse is the terminal's again")
}

// point does what the mouse means where it is.
func (m *Model) point(p pointMsg) tea.Cmd {
	if !m.mouse.on || m.tooSmall() || m.unread() {
		return nil
	}
	double, strayed := m.mouse.follows(p, m.top())
	m.notice = notice{}
	switch {
	case m.finder.shown:
		m.pointFinder(p)
	case m.chooser != nil:
		m.pointChooser(p)
	case p.y == m.height-1:
		return m.pointFooter(p)
	case p.lines != 0:
		return m.wheel(p)
	case m.lined && p.y == m.height-2:
		m.pointTimeLine(p.x)
	default:
		m.endTyping()
		if !strayed { // else the first of the two has opened what is shown now
			return m.click(p, double)
		}
	}
	return nil
}

// follows reports whether what the mouse does on a screen is the second of two clicks that
// count as one, and whether the first was on another screen.
func (m *mouse) follows(p pointMsg, on screen.Screen) (double, strayed bool) {
	double = p.lines == 0 && p.x == m.last.x && p.y == m.last.y && p.at.Sub(m.last.at) <= doubleClick
	strayed = double && m.where != on
	m.last, m.where = pointMsg{}, nil
	if p.lines == 0 && !double {
		m.last, m.where = p, on
	}
	return double, strayed
}

// endTyping leaves the line that is typed, since the user has turned elsewhere. A filter
// stays as it works already.
func (m *Model) endTyping() {
	if p := m.prompt; p != nil {
		p.line.Problem, m.prompt = "", nil
	}
}

// click does what a click in the path or on the screen means.
func (m *Model) click(p pointMsg, double bool) tea.Cmd {
	if p.y == 1 {
		m.clickPath(p.x)
	}
	y := p.y - above
	if y < 0 || m.instead() != nil {
		return nil
	}
	if t, ok := m.top().(screen.Touchable); ok {
		if means, there := t.Touch(p.x, y); there {
			return m.do(means)
		}
	}
	table := m.tableAt(p.x, y)
	if table == nil {
		return nil
	}
	hit := table.At(p.x, y)
	switch column, ok := table.Column(hit.Column); {
	case ok:
		return m.sortAs(table, column)
	case hit.Row >= 0 && double:
		return m.do(keymap.Open)
	case hit.Row >= 0:
		return m.selectRow(table, hit.Row)
	}
	return nil
}

// tableAt turns to the pane at a cell of the shown screen, and returns its table, nil for
// none.
func (m *Model) tableAt(x, y int) *widget.Table {
	if c, ok := m.top().(screen.Clicker); ok {
		return c.Click(x, y)
	}
	_, table := m.table()
	return table
}

// sortAs sorts by a column; the other way round if it is sorted by already. The screen
// sorts as it does when its key is pressed, which reverses what is said here.
func (m *Model) sortAs(table *widget.Table, column widget.Column) tea.Cmd {
	descending := column.Falling
	if id, now := table.SortedBy(); id == column.ID {
		descending = !now
	}
	if !table.Order(column.ID, !descending) {
		return nil
	}
	return m.top().Act(keymap.Reverse)
}

// selectRow puts the cursor on a row. The last step is the screen's own, so that it does
// what it does when the cursor has moved.
func (m *Model) selectRow(table *widget.Table, row int) tea.Cmd {
	_, at, _ := table.Selected()
	if row > 0 {
		table.Move(row - 1 - at)
		return m.top().Act(keymap.Down)
	}
	table.Move(1 - at)
	return m.top().Act(keymap.Up)
}

// wheel scrolls what lies under the pointer.
func (m *Model) wheel(p pointMsg) tea.Cmd {
	y := p.y - above
	if y < 0 || m.instead() != nil {
		return nil
	}
	if w, ok := m.top().(screen.Wheeler); ok && w.Wheel(p.x, y, p.lines) {
		return nil
	}
	table := m.tableAt(p.x, y)
	switch {
	case table == nil:
		return m.scroll(p.lines)
	case !table.Place().Contains(p.x, y):
		return nil
	}
	_, at, ok := table.Selected()
	if !ok {
		return nil
	}
	return m.selectRow(table, max(0, min(at+p.lines, table.Len()-1)))
}

// scroll scrolls a screen that has no table as its keys do.
func (m *Model) scroll(lines int) tea.Cmd {
	id := keymap.Down
	if lines < 0 {
		id, lines = keymap.Up, -lines
	}
	var all []tea.Cmd
	for range lines {
		all = append(all, m.top().Act(id))
	}
	return tea.Batch(all...)
}

// clickPath goes back to the screen whose title lies at a column of the path.
func (m *Model) clickPath(x int) {
	left := 1
	for i, title := range m.titles() {
		width := style.Width(style.Clean(title))
		if x >= left && x < left+width {
			for len(m.stack) > i+1 {
				m.back()
			}
			return
		}
		left += width + style.Width(m.separator())
	}
}

// pointFooter does what a hint in the last line says. While a line is typed or
// something is told there, there is none.
func (m *Model) pointFooter(p pointMsg) tea.Cmd {
	if p.lines != 0 || m.prompt != nil {
		return nil
	}
	at := m.hintLine().At(m.width, p.x)
	for _, id := range m.hints() {
		if _, ok := m.keys.Binding(id); !ok {
			continue // it has no hint
		}
		if at == 0 {
			return m.do(id)
		}
		at--
	}
	return nil
}

// pointFinder chooses what lies under the pointer, or leaves the palette.
func (m *Model) pointFinder(p pointMsg) {
	const above = 3 // the edge, the line and what it says of kinds
	f := m.finder
	place := f.place(m.width, m.height)
	row := f.top + p.y - place.Y - above
	switch inside := place.Contains(p.x, p.y); {
	case p.lines != 0:
		f.moveTo(f.cursor + p.lines/wheelLines)
	case !inside:
		f.close()
	case f.result != nil && p.y >= place.Y+above && row < min(f.top+f.page, len(f.result.Hits)):
		f.moveTo(row)
		f.accepted = true // Update takes it
	}
}

// pointChooser shows or hides the column under the pointer, or leaves the columns.
func (m *Model) pointChooser(p pointMsg) {
	c := m.chooser
	place := c.place(m.width, m.height)
	row := c.top + p.y - place.Y - 1
	switch inside := place.Contains(p.x, p.y); {
	case p.lines != 0:
		c.cursor = max(0, min(c.cursor+p.lines/wheelLines, len(c.columns)-1))
	case !inside:
		m.chooser = nil
	case p.y > place.Y && row < min(c.top+c.page, len(c.columns)):
		c.cursor, c.first = row, false
		c.columns[row].Shown = !c.columns[row].Shown
	}
}
