package object

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// text is the tab with the YAML of the object.
type text struct {
	screen  *Screen
	reading *screen.Work // reads the text and takes it apart
	marking *screen.Work // finds what is to be marked in it

	page   *page // nil before the first
	err    error // why there is none
	asked  bool  // somebody was asked for the text: it is not the view's
	held   kube.Object
	marks  []mark
	placed *score.Assessment // what the marks are of, nil before the first
	goal   string            // the field to go to once it is there
	sought bool              // goal is wanted

	folded folded
	rows   []row
	pager  pager
	search string
}

func newText(s *Screen, goal string, sought bool) *text {
	t := &text{screen: s, goal: goal, sought: sought, folded: folded{}}
	t.reading, t.marking = screen.NewWork(t.read), screen.NewWork(t.place)
	return t
}

// show looks for what is new. What a server said is not asked for again by itself.
func (t *text) show() {
	held, _ := t.screen.shown.Cluster.Find(t.screen.ref)
	stale := t.page == nil && t.err == nil || !t.asked && held != t.held
	if stale && !t.reading.Pending() {
		t.reading.Renew(screen.Many)
	}
	if t.page != nil && t.placed != t.screen.shown {
		t.marking.Renew(screen.Many)
	}
}

// again reads the text anew.
func (t *text) again() { t.reading.Restart(screen.Many) }

// read returns the job that reads the text and takes it apart.
func (t *text) read() screen.Job {
	ref, c, objects := t.screen.ref, t.screen.shown.Cluster, t.screen.objects
	held, _ := c.Find(ref)
	return func(ctx context.Context) func() {
		written, err := kube.Text{}, error(nil)
		if objects != nil {
			written, err = objects.Object(ctx, ref)
		}
		withheld := written.Withheld
		if err == nil && len(written.YAML) == 0 {
			at := written
			written, err = ofView(c, ref)
			written.File, written.Line = at.File, max(1, at.Line)
		}
		if ctx.Err() != nil {
			return nil
		}
		if withheld != "" {
			written.Withheld = withheld
		}
		var made *page
		if err == nil {
			made = newPage(written)
		}
		return func() {
			t.err, t.held, t.asked = err, held, objects != nil
			if made != nil {
				t.take(made)
			}
		}
	}
}

// take shows a text. Where it is as before, the reader stays where they are.
func (t *text) take(made *page) {
	if t.page != nil && slices.Equal(t.page.lines, made.lines) {
		made, t.placed = t.page, nil
	}
	t.page, t.placed = made, nil
	t.marking.Restart(screen.Many)
	t.arrange()
}

// place returns the job that marks the findings in the text.
func (t *text) place() screen.Job {
	p, a, ref := t.page, t.screen.shown, t.screen.ref
	if p == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		marks := marksOn(ctx, p, a, ref)
		if ctx.Err() != nil {
			return nil
		}
		return func() { t.mark(p, a, marks) }
	}
}

// mark shows marks. The first ones decide what is folded, and where the cursor goes.
func (t *text) mark(p *page, a *score.Assessment, marks []mark) {
	first := t.marks == nil
	t.marks, t.placed = marks, a
	if t.marks == nil {
		t.marks = []mark{}
	}
	if !first || p != t.page {
		return
	}
	t.folded = p.folds(marks)
	t.arrange()
	switch {
	case t.sought:
		path, _ := bearerOf(a.Cluster, t.screen.ref).pathHere(t.goal)
		t.reveal(p.lineOf(path))
		t.sought = false
	case len(marks) > 0:
		t.reveal(slices.MinFunc(marks, func(x, y mark) int { return screen.CompareFindings(x.finding, y.finding) }).line)
	}
}

// arrange works out which lines are in sight, and keeps the cursor on its line.
func (t *text) arrange() {
	line := t.line()
	t.rows = t.page.rows(t.folded)
	t.pager.cursor = t.rowOf(line)
	t.pager.clamp(len(t.rows))
}

// line returns the line that the cursor is on.
func (t *text) line() int {
	if len(t.rows) == 0 {
		return 0
	}
	return t.rows[min(t.pager.cursor, len(t.rows)-1)].line
}

// rowOf returns the row that has a line, or that has it folded away.
func (t *text) rowOf(line int) int {
	i, found := slices.BinarySearchFunc(t.rows, line, func(r row, line int) int { return r.line - line })
	if !found {
		i--
	}
	return max(0, i)
}

// reveal unfolds what hides a line and goes there.
func (t *text) reveal(line int) {
	for from, to := range t.folded {
		if from < line && line <= to {
			delete(t.folded, from)
		}
	}
	t.arrange()
	t.pager.reveal(t.rowOf(line))
}

// act does what a key means.
func (t *text) act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Next:
		return t.step(1)
	case keymap.Previous:
		return t.step(-1)
	case keymap.Open:
		if here := t.here(); len(here) > 0 {
			return nav.Open(findingAddress(here[0].finding))
		}
		t.fold()
	case keymap.Fold:
		t.fold()
	case keymap.FoldAll:
		t.foldAll()
	case keymap.Copy:
		if t.page == nil {
			return nav.Notice("there is nothing to copy yet")
		}
		return nav.Copy(string(t.page.text.YAML), "the YAML")
	default:
		t.pager.handle(id, len(t.rows))
	}
	return nil
}

// findingAddress is where a finding is told at length.
func findingAddress(f *score.Finding) string {
	return nav.Address{Screen: "finding", Target: screen.FindingKey(f, screen.Twins(f.Home().Findings)[f])}.String()
}

// fold folds the section that the cursor is at, or unfolds it.
func (t *text) fold() {
	if t.page == nil {
		return
	}
	s, ok := t.page.sectionAt(t.line())
	if !ok {
		return
	}
	if _, away := t.folded[s.from]; away {
		delete(t.folded, s.from)
	} else {
		t.folded[s.from] = s.to
	}
	t.arrange()
	t.pager.cursor = t.rowOf(s.from)
}

// foldAll unfolds everything or, if nothing is folded, folds what was folded at first.
func (t *text) foldAll() {
	if t.page == nil {
		return
	}
	some := slices.ContainsFunc(t.rows, func(r row) bool { return r.hidden > 0 })
	t.folded = folded{}
	if !some {
		t.folded = t.page.folds(t.marks)
	}
	t.arrange()
}

// step goes to the next line that was searched for or, if nothing was, to the next that
// has a finding.
func (t *text) step(by int) tea.Cmd {
	if t.page == nil {
		return nil
	}
	what, line := "finding", t.line()
	next := -1
	if t.search != "" {
		what = "match"
		next = seek(len(t.page.lines), line+by, by, func(i int) bool { return holds(t.page.lines[i], t.search) })
	} else {
		for _, m := range t.marks {
			if m.line > line && by > 0 && next < 0 || m.line < line && by < 0 {
				next = m.line
			}
		}
	}
	if next < 0 {
		return nav.Notice("there is no other " + what + " in this direction")
	}
	t.reveal(next)
	return nil
}

// seek returns the first line from one on, in a direction, of which something holds; -1
// if there is none.
func seek(count, from, by int, is func(i int) bool) int {
	for i := from; i >= 0 && i < count; i += by {
		if is(i) {
			return i
		}
	}
	return -1
}

// holds reports whether a line has a text in it, whatever the case.
func holds(line, text string) bool {
	return strings.Contains(strings.ToLower(line), strings.ToLower(text))
}

// find goes to the first match at the cursor or below it, or else above.
func (t *text) find(search string) {
	t.search = search
	if search == "" || t.page == nil {
		return
	}
	is := func(i int) bool { return holds(t.page.lines[i], search) }
	at := seek(len(t.page.lines), t.line(), 1, is)
	if at < 0 {
		at = seek(len(t.page.lines), 0, 1, is)
	}
	if at >= 0 {
		t.reveal(at)
	}
}

// here are the findings on the cursor's line, and those in what is folded behind it.
func (t *text) here() []mark {
	if t.page == nil || len(t.rows) == 0 {
		return nil
	}
	r := t.rows[min(t.pager.cursor, len(t.rows)-1)]
	return marksBetween(t.marks, r.line, r.line+r.hidden)
}

func marksBetween(marks []mark, from, to int) []mark {
	i, _ := slices.BinarySearchFunc(marks, from, func(m mark, line int) int { return m.line - line })
	j := i
	for j < len(marks) && marks[j].line <= to {
		j++
	}
	return marks[i:j]
}

// source says where the text is from.
func (t *text) source() string {
	c := t.screen.shown.Cluster
	switch {
	case t.page == nil:
		return ""
	case t.page.text.File != "" && t.page.text.Withheld == "":
		return fmt.Sprintf("%s:%d, as it is written", t.page.text.File, t.page.text.Line)
	case t.page.text.File != "":
		return fmt.Sprintf("what is kept of %s:%d", t.page.text.File, t.page.text.Line)
	case !t.asked:
		return "what " + c.Info.Name + " holds of it: what was recorded, not all of the object"
	}
	text := "as the server had it when it was opened"
	if held, ok := c.Find(t.screen.ref); !ok {
		text += "; it is gone since"
	} else if held != t.held {
		text += "; it has changed since, o reads it again"
	}
	return text
}

// number is what stands in front of a line: its number in the file, or in the text.
func (t *text) number(line int) string {
	if t.page.text.Withheld != "" {
		return strconv.Itoa(line + 1)
	}
	return strconv.Itoa(max(1, t.page.text.Line) + line)
}
