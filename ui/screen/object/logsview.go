package object

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// wrapped is how much of a line of a log is wrapped, in bytes: what is longer is no text
// for people.
const wrapped = 4096

// render draws the lines in sight.
func (l *logs) render(st *style.Styles, w, h int) (body widget.Block, title, footer string) {
	if why := l.instead(); why != "" {
		look := st.Muted
		if l.err != nil {
			look = st.Error
		}
		return widget.NewBlock(st, look.Wrap(why, w), w, h), l.title(), ""
	}
	var lines []string
	if l.err != nil { // lines came before
		lines = append(lines, st.Error.Render(style.Cut(l.err.Error(), w, st.Glyphs.Ellipsis)))
	}
	drawn := map[int][]string{}
	height := func(i int) int {
		if _, there := drawn[i]; !there {
			drawn[i] = l.draw(st, i, w)
		}
		return len(drawn[i])
	}
	from, to := l.pager.window(len(l.lines), h-len(lines), height)
	for i := from; i < to; i++ {
		height(i)
		lines = append(lines, drawn[i]...)
	}
	footer = fmt.Sprintf("line %d of %d", l.pager.cursor+1+l.gone, len(l.lines)+l.gone)
	if l.gone > 0 {
		footer += fmt.Sprintf(", the first %d dropped", l.gone)
	}
	if l.search != "" {
		footer = "/" + l.search + "  " + footer
	}
	return widget.NewBlock(st, lines, w, h), l.title(), footer
}

// title says whose log it is, and whether it is followed.
func (l *logs) title() string {
	if l.run.pod == "" {
		return "Logs"
	}
	title := fmt.Sprintf("pod %s, container %s", l.run.pod, l.run.container)
	if n := len(l.runs); n > 1 {
		title += fmt.Sprintf(" (%d containers in all)", n)
	}
	switch {
	case l.previous:
		title += ", the run before"
	case l.following.Pending() && l.pager.cursor >= len(l.lines)-1:
		title += ", following"
	case l.following.Pending():
		title += ", following below: G"
	case l.ended:
		title += ", ended"
	}
	return title
}

// instead is what is said where there is no line, "" if there are some.
func (l *logs) instead() string {
	switch c := l.screen.shown.Cluster; {
	case len(l.lines) > 0:
		return ""
	case c.Info.Offline:
		return "These are manifests: nothing runs, and there are no logs."
	case l.screen.objects == nil:
		return "There is no server to ask for logs: this is a recording."
	case l.run.pod == "":
		return "No pod of " + l.screen.ref.String() + " is known, so there is no log."
	case l.err != nil:
		return l.err.Error()
	case l.ended && l.previous:
		return "The container has not run before, or wrote nothing then."
	case l.ended:
		return "The container has written nothing."
	}
	return "reading the log"
}

// draw draws a line of the log, in several rows where it is wrapped. What looks like an
// error bears a mark as well as a colour.
func (l *logs) draw(st *style.Styles, i, w int) []string {
	line := l.lines[i]
	mark, look := "  ", st.Text
	if l.isError(i) {
		mark, look = "! ", st.Error
	}
	if l.search != "" && holds(line.Text, l.search) {
		look = st.Match
	}
	cursor := " "
	if i == l.pager.cursor {
		cursor, look = st.Glyphs.Cursor, st.Selection
	}
	stamp := ""
	if l.stamps {
		stamp = style.PadRight(stampOf(line), len("15:04:05.000")) + " "
	}
	room := max(10, w-3-len(stamp))
	text := strings.ReplaceAll(line.Text, "\t", "    ")
	if line.Cut {
		text += st.Glyphs.Ellipsis
	}
	first := st.Accent.Render(cursor) + st.Error.Render(mark) + st.Muted.Render(stamp)
	if !l.wrap {
		return []string{first + look.Render(style.Cut(clip(text, room), room, st.Glyphs.Ellipsis))}
	}
	var rows []string
	for _, part := range style.Wrap(clip(text, wrapped/mostDrawn), room) {
		if len(rows) > 0 {
			first = style.Blanks(3 + len(stamp))
		}
		rows = append(rows, first+look.Render(part))
	}
	return rows
}

func stampOf(line kube.LogLine) string {
	if line.Time.IsZero() {
		return ""
	}
	return line.Time.UTC().Format("15:04:05.000")
}
