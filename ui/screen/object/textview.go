package object

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// besidesFrom is the width from which the findings stand beside the text, in cells, and
// besidesWidth how wide they are then.
// Below lowest lines there is room for one line of them.
const (
	besidesFrom  = 120
	besidesWidth = 50
	lowest       = 18
)

// panes are the text and its findings: beside it where there is room, else below.
func (t *text) panes(width int) widget.Pane {
	if len(t.marks) == 0 {
		return widget.Pane{Name: "text"}
	}
	if width >= besidesFrom {
		return widget.Pane{Direction: widget.Columns, Panes: []widget.Pane{{Name: "text", Min: 60}, {Name: "findings", Fixed: min(90, max(besidesWidth, width/3))}}}
	}
	below := 5
	if t.screen.frame.Height < lowest {
		below = 3
	}
	return widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{
		{Name: "text", Min: 6, Priority: 2},
		{Name: "findings", Fixed: below, Priority: 1},
	}}
}

func (t *text) draw(name string, r widget.Rect) widget.Block {
	st := t.screen.frame.Styles
	box := widget.Box{Title: t.source(), Focus: name == "text", Padding: 1}
	w, h := box.Inner(r.W, r.H)
	if name == "findings" {
		box.Title = fmt.Sprintf("%d findings in it", len(t.marks))
		if len(t.marks) == 1 {
			box.Title = "1 finding in it"
		}
		return box.Render(st, r.W, r.H, widget.NewBlock(st, t.told(st, w, h), w, h))
	}
	lines := t.notes(st, w, h)
	lines = append(lines, t.visible(st, w, h-len(lines))...)
	if t.page != nil && len(t.rows) > 0 {
		box.Footer = fmt.Sprintf("line %s of %d", t.number(t.line()), len(t.page.lines))
		if t.search != "" {
			box.Footer = "/" + t.search + "  " + box.Footer
		}
	}
	return box.Render(st, r.W, r.H, widget.NewBlock(st, lines, w, h))
}

// notes say what is to be known before the text is read, or why there is none.
func (t *text) notes(st *style.Styles, w, h int) []string {
	var lines []string
	say := func(look style.Style, what string) {
		lines = append(lines, look.Wrap(what, w)...)
	}
	if t.err != nil {
		say(st.Error, t.err.Error())
		if t.page != nil {
			say(st.Muted, "Below is what was read before.")
		}
	}
	if t.page == nil && t.err == nil {
		say(st.Muted, "reading the object")
	}
	if t.page != nil && t.page.text.Withheld != "" {
		say(st.Notice, t.page.text.Withheld)
	}
	return lines[:min(len(lines), max(0, h-1))]
}

// visible are the lines of the text that are in sight.
func (t *text) visible(st *style.Styles, w, h int) []string {
	if t.page == nil || h <= 0 {
		return nil
	}
	digits := len(t.number(len(t.page.lines) - 1))
	from, to := t.pager.window(len(t.rows), h, one)
	lines := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		lines = append(lines, t.drawRow(st, t.rows[i], i == t.pager.cursor, w, digits))
	}
	return lines
}

// drawRow draws a line: cursor, severity by letter and shape, number, and the text.
func (t *text) drawRow(st *style.Styles, r row, selected bool, w, digits int) string {
	var b strings.Builder
	marks := marksBetween(t.marks, r.line, r.line+r.hidden)
	gutter, look := "   ", st.Muted
	if len(marks) > 0 {
		worst := marks[0].finding
		for _, m := range marks[1:] {
			if screen.CompareSeverity(worst, m.finding) < 0 {
				worst = m.finding
			}
		}
		severity := screen.Severity(worst.Severity)
		gutter = st.SeverityMark(severity)
		if worst.Open() {
			look = st.Severity(severity)
		}
	}
	raw := t.page.lines[r.line]
	number := style.PadLeft(t.number(r.line), digits)
	fold := " "
	if r.hidden > 0 {
		fold = st.Glyphs.Folded
	}
	if selected {
		whole := st.Glyphs.Cursor + gutter + " " + number + " " + fold + " " + strings.ReplaceAll(clip(raw, w), "\t", "  ") + hidden(r)
		st.Selection.AppendFit(&b, style.FitText(whole, w, style.Left, st.Glyphs.Ellipsis), w, style.Left, st.Glyphs.Ellipsis)
		return b.String()
	}
	b.WriteByte(' ')
	look.Append(&b, gutter)
	b.WriteByte(' ')
	st.Muted.Append(&b, number)
	b.WriteByte(' ')
	st.Accent.Append(&b, fold)
	b.WriteByte(' ')
	switch {
	case len(marks) > 0 && r.hidden == 0:
		look.Append(&b, strings.ReplaceAll(clip(raw, w), "\t", "  "))
	case t.search != "" && holds(clip(raw, w), t.search):
		st.Match.Append(&b, strings.ReplaceAll(clip(raw, w), "\t", "  "))
	default:
		appendYAML(&b, st, clip(raw, w), t.page.plain[r.line])
	}
	st.Muted.Append(&b, hidden(r))
	return b.String()
}

// hidden says how many lines are folded away.
func hidden(r row) string {
	switch r.hidden {
	case 0:
		return ""
	case 1:
		return " (1 line)"
	}
	return fmt.Sprintf(" (%d lines)", r.hidden)
}

// told are the findings on the cursor's line; where there is room, all of them and more of
// those.
func (t *text) told(st *style.Styles, w, h int) []string {
	here := t.here()
	var lines []string
	if h > 5 {
		lines = t.listed(st, here, w, h/2)
		lines = append(lines, "")
	}
	if len(here) == 0 {
		return append(lines, st.Muted.Render("none on this line: n and p go from one to the next"))
	}
	for _, m := range here {
		f := m.finding
		severity := screen.Severity(f.Severity)
		mark, text := st.Severity(severity), st.Text
		state := ""
		switch {
		case f.Accepted != nil:
			state, mark = "accepted: ", st.Muted
		case f.Implied != "":
			state, mark = "follows from "+f.Implied+": ", st.Muted
		}
		for i, line := range style.Wrap(state+f.Message+" ("+f.Rule.ID+")", max(10, w-4)) {
			label := style.Blanks(4)
			if i == 0 {
				label = mark.Render(st.SeverityMark(severity)) + " "
			}
			lines = append(lines, label+text.Render(line))
		}
		if h > 5 {
			for _, line := range style.Wrap(f.Detail, max(10, w-4)) {
				lines = append(lines, style.Blanks(4)+st.Muted.Render(line))
			}
		}
	}
	return lines
}

// listed are the findings by their lines, as many as fit, those on the cursor's line
// among them.
func (t *text) listed(st *style.Styles, here []mark, w, most int) []string {
	at := 0
	for i, m := range t.marks {
		if m.line <= t.line() {
			at = i
		}
	}
	from := max(0, min(at-most/2, len(t.marks)-most))
	var lines []string
	for i := from; i < min(len(t.marks), from+most); i++ {
		m := t.marks[i]
		severity := screen.Severity(m.finding.Severity)
		look := st.Severity(severity)
		if !m.finding.Open() {
			look = st.Muted
		}
		number := style.PadLeft(t.number(m.line), 5)
		cursor, name := " ", st.Muted
		if len(here) > 0 && m.line >= here[0].line && m.line <= here[len(here)-1].line {
			cursor, name = st.Glyphs.Cursor, st.Title
		}
		lines = append(lines, name.Render(cursor+number)+" "+look.Render(st.SeverityMark(severity))+" "+name.Render(style.Truncate(m.finding.Rule.ID, max(0, w-11), st.Glyphs.Ellipsis)))
	}
	return lines
}
