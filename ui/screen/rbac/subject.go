package rbac

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Subject is one subject, with everything that it can do.
type Subject struct {
	frame     screen.Frame
	name      string // as the address has it
	subject   access.Subject
	wrong     error // what is wrong with the name
	shown     *score.Assessment
	list      *list
	measure   *measure
	making    *screen.Work
	detailing *screen.Work
	detail    *detail // nil before the first
	asked     string
	refused   error
}

func rightColumns() []column {
	return []column{
		text("where", "WHERE", 10, 18, 32, 8),
		text("verbs", "VERBS", 12, 22, 40, 10),
		text("what", "WHAT", 16, 34, widget.Unlimited, 9),
		text("binding", "BINDING", 12, 20, 40, 7),
		text("role", "ROLE", 10, 18, 40, 6),
		text("rule", "RULE", 4, 4, 10, 5),
	}
}

// NewSubject returns the screen at "rbac/subject/SUBJECT".
func NewSubject(address nav.Address) *Subject {
	s := &Subject{name: strings.TrimPrefix(address.Target, subjectTarget), asked: screen.FilterOf(address)}
	s.subject, s.wrong = access.ParseSubject(s.name)
	s.list = newList(rightColumns(), func() {})
	s.making, s.detailing = screen.NewWork(s.prepare), screen.NewWork(s.lookUp)
	s.measure = newMeasure(func() *kube.Cluster { return s.shown.Cluster }, func() { s.detailing.Restart(screen.Many) })
	return s
}

// Address returns where the screen is, with the filter if there is one.
func (s *Subject) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "rbac", Target: subjectTarget + s.name}, s.list.filter.Text())
}

// Title returns the screen's part of the path.
func (s *Subject) Title() string { return s.name }

// Keys returns the scopes of the screen.
func (s *Subject) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Subject) Hints() []keymap.ID {
	return []keymap.ID{keymap.Paths, keymap.Back, keymap.Filter, keymap.Sort, keymap.Copy, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Subject) Resize(f screen.Frame) { s.frame, s.list.styles = f, f.Styles }

// Show takes the newest assessment.
func (s *Subject) Show(a *score.Assessment) {
	if s.shown == a || s.wrong != nil {
		s.shown = a
		return
	}
	s.shown = a
	if s.asked != "" {
		s.refused = s.list.set(s.asked)
		s.asked = ""
	}
	s.measure.work.Renew(screen.Many)
	s.making.Renew(screen.Many)
	s.detailing.Renew(screen.Many)
}

// Work returns the reading of rights, the measuring of ways, and the order of rows.
func (s *Subject) Work() []*screen.Work {
	return []*screen.Work{s.making, s.measure.work, s.list.arranging, s.detailing}
}

// prepare returns the job that reads the rights of the subject.
func (s *Subject) prepare() screen.Job {
	in, before := inputs{view: s.shown.Cluster}, s.list.sheet
	if before != nil && before.in == in {
		return nil
	}
	who := s.subject
	return func(ctx context.Context) func() {
		if before != nil && !screen.Rest(ctx) {
			return nil
		}
		made := rightsOf(in, who)
		return func() { s.list.take(made) }
	}
}

// lookUp returns the job that looks up the way of the subject, and its matrix.
func (s *Subject) lookUp() screen.Job {
	a := asking{s.name, about{subject: s.subject, named: true}, s.measure.newest, s.shown.Cluster}
	news := s.detail != nil && s.detail.of.same(a)
	if news && s.detail.of.view == a.view {
		return nil
	}
	return func(ctx context.Context) func() {
		if news && !screen.Rest(ctx) {
			return nil
		}
		made := a.look(ctx)
		return func() { s.detail = made }
	}
}

// rightsOf are the rows of everything that a subject can do: its own rights first,
// then those of everybody.
func rightsOf(in inputs, who access.Subject) *sheet {
	id := access.IdentityOf(who)
	rights := access.Rights(in.view, id)
	l := answer.LimitsOf(in.view, answer.Reaching(in.view, id))
	made := &sheet{in: in, title: "Grants", facts: answer.Identity(in.view, id, rights, l), empty: "no binding grants it anything"}
	rules := answer.NewRules(in.view)
	var own, shared []row
	keys := unique{}
	for _, r := range answer.Together(rights) {
		at := row{key: keys.of(fmt.Sprint(r.Namespace, r.Names, r.Verbs, r.What)), paths: screen.PathsFrom(who)}
		look := plain
		if !r.Own(id) {
			look = muted
		}
		verbs := strings.Join(r.Verbs, ",")
		if answer.Void(r.Right) != "" {
			verbs, look = verbs+" (void)", muted
		}
		first := r.Grants[0]
		binding, place := answer.Ref(first.Binding.Ref), fmt.Sprint(first.Rule+1)
		if first.Subject != who {
			binding += " (" + printable.Text(answer.Subject(first.Subject)) + ")"
		}
		if more := len(r.Grants) - 1; more > 0 {
			binding += fmt.Sprintf(" and %d more", more)
		}
		at.cells = []cell{
			word(where(r.Namespace, r.Names), look), word(printable.Text(verbs), look),
			word(printable.Text(strings.Join(r.What, ", ")), look), word(binding, muted), word(answer.Ref(first.Binding.Role), muted), word(place, muted),
		}
		at.about.lines = grantLines(rules, r, id)
		if r.Own(id) {
			own = append(own, at)
		} else {
			shared = append(shared, at)
		}
	}
	made.rows = append(own, shared...)
	made.notes = append(answer.Dangles(answer.Dangling(in.view, id)), l.Lines()...)
	return made
}

// grantLines tell of rights in full.
func grantLines(rules *answer.Rules, r answer.Rights, id access.Identity) []string {
	lines := []string{printable.Text(strings.Join(r.Verbs, ",") + " " + strings.Join(r.What, ", ") + "; " + answer.Where(r.Namespace, r.Names))}
	if void := answer.Void(r.Right); void != "" {
		lines = append(lines, "Void: "+void+".")
	}
	for _, g := range r.Grants {
		by := ""
		if g.Subject != id.Subject {
			by = ", as a member of " + answer.Subject(g.Subject)
		}
		lines = append(lines, printable.Text(fmt.Sprintf("by %s, which gives %s, rule %d", g.Binding.Ref, g.Binding.Role, g.Rule+1)+by)+rules.From(g))
	}
	return lines
}

// Act does what a key means.
func (s *Subject) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Paths:
		return nav.Open(screen.PathsFrom(s.subject).String())
	case keymap.Open:
		return nav.Notice("this is all there is of the grant")
	case keymap.Copy:
		return s.copy()
	default:
		s.list.handle(id)
	}
	return nil
}

// copy copies everything that the subject can do.
func (s *Subject) copy() tea.Cmd {
	if s.list.sheet == nil {
		return nav.Notice("there is nothing to copy yet")
	}
	var b strings.Builder
	for _, fact := range s.list.sheet.facts {
		b.WriteString(fact + "\n")
	}
	for _, r := range s.list.sheet.rows {
		b.WriteString("\n" + strings.Join(r.about.lines, "\n  ") + "\n")
	}
	return nav.Copy(b.String(), "what it can do")
}

// Filter shows only the rights that a text lets through.
func (s *Subject) Filter(text string) error {
	s.refused = nil
	return s.list.set(text)
}

// Table returns the table of grants.
func (s *Subject) Table() *widget.Table { return s.list.table }

// Arrange sorts the grants anew.
func (s *Subject) Arrange() { s.list.restart() }

// FilterText returns the filter in force.
func (s *Subject) FilterText() string { return s.list.filter.Text() }

// The height of the box about the right under the cursor, and from which height of
// the screen the matrix stands below it, in lines.
const (
	grantHeight = 6
	grantFrom   = 18
)

// View draws the screen.
func (s *Subject) View() []string {
	f := s.frame
	if s.wrong != nil {
		box := widget.Box{Title: "Subject", Padding: 1}
		w, h := box.Inner(f.Width, f.Height)
		return box.Render(f.Styles, f.Width, f.Height, widget.NewBlock(f.Styles, []string{f.Styles.Error.Render(s.wrong.Error())}, w, h))
	}
	main := widget.Pane{Min: 5, Priority: 9, Direction: widget.Columns, Panes: []widget.Pane{{Name: "rows", Min: 40}}}
	if f.Width >= besideFrom {
		main.Panes = append(main.Panes, widget.Pane{Name: "beside", Fixed: min(f.Width*2/5, besideMost)})
	}
	panes := []widget.Pane{{Name: "facts", Fixed: max(1, len(s.facts())), Priority: 8}, main}
	if f.Height >= grantFrom {
		panes = append(panes, widget.Pane{Name: "grant", Fixed: grantHeight, Priority: 5})
	}
	if f.Height >= matrixFrom {
		panes = append(panes, widget.Pane{Name: "matrix", Fixed: min(matrixMost, f.Height/3), Priority: 4})
	}
	if notes := len(s.notes()); notes > 0 {
		panes = append(panes, widget.Pane{Name: "notes", Fixed: notes, Priority: 6})
	}
	return widget.Pane{Direction: widget.Stack, Panes: panes}.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *Subject) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	switch name {
	case "facts":
		return widget.NewBlock(st, s.facts(), r.W, r.H)
	case "beside":
		return s.detail.box(st, r)
	case "matrix":
		return s.detail.matrixBox(st, r)
	case "grant":
		return widget.Box{Padding: 1, Title: "This grant"}.RenderLines(st, r.W, r.H, s.grant)
	case "notes":
		return widget.NewBlock(st, s.notes(), r.W, r.H)
	}
	return s.list.render(st, r, "reading roles and bindings")
}

// grant are the lines about the selected row.
func (s *Subject) grant(width, _ int) []string {
	at := s.list.selected()
	if at == nil {
		return nil
	}
	var lines []string
	for _, text := range at.about.lines {
		lines = append(lines, s.frame.Styles.Text.Wrap(text, width)...)
	}
	return lines
}

// facts say who the subject is.
func (s *Subject) facts() []string {
	st := s.frame.Styles
	if s.list.sheet == nil {
		return []string{" " + st.Title.Render(s.name)}
	}
	return wrapped(st, s.list.sheet.facts, func(string) style.Style { return st.Title }, s.frame.Width, 3)
}

// notes are what keeps the rows from being the whole truth.
func (s *Subject) notes() []string {
	var texts []string
	if s.refused != nil {
		texts = append(texts, fmt.Sprintf("Not filtered: %v", s.refused))
	}
	if s.list.sheet != nil {
		texts = append(texts, s.list.sheet.notes...)
	}
	return wrapped(s.frame.Styles, texts, tints(s.frame.Styles), s.frame.Width, max(2, s.frame.Height/notesMost))
}

// wrapped wraps texts into at most so many lines, with a blank before each.
func wrapped(st *style.Styles, texts []string, look func(string) style.Style, width, most int) []string {
	var lines []string
	for _, text := range texts {
		if len(lines) > most {
			break // there may be a line for each namespace
		}
		for _, line := range style.Wrap(text, max(1, width-2)) {
			lines = append(lines, " "+look(text).Render(line))
		}
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = style.Truncate(lines[most-1], width-2, "") + st.Muted.Render(st.Glyphs.Ellipsis)
	}
	return lines
}

// tints draws what is not known so that it stands out, for it begins with a word
// that says so.
func tints(st *style.Styles) func(string) style.Style {
	return func(text string) style.Style {
		if strings.HasPrefix(text, "Not ") {
			return st.Warn
		}
		return st.Muted
	}
}

// CursorLine returns the line of the cursor.
func (s *Subject) CursorLine() int { return s.list.table.CursorBelow(len(s.facts())) }
