package triage

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// paragraphs are lines in the making.
type paragraphs struct {
	width int
	lines []string
}

// add adds a text.
func (p *paragraphs) add(look style.Style, text string) {
	p.lines = append(p.lines, look.Wrap(text, p.width)...)
}

// labelled is how wide labels are, in cells.
const labelled = 9

// tell adds a text behind a label.
func (p *paragraphs) tell(label style.Style, name string, look style.Style, text string) {
	for _, line := range style.Wrap(text, max(8, p.width-labelled)) {
		p.lines = append(p.lines, label.Render(style.PadRight(name, labelled))+look.Render(line))
		name = ""
	}
}

func (p *paragraphs) blank() { p.lines = append(p.lines, "") }

// evidence adds what speaks for a cause, against it, and what is not known, at most so
// many lines of each; what is left out is counted.
func (p *paragraphs) evidence(st *style.Styles, c *cause.Cause, most int) {
	for _, side := range []struct {
		name  string
		look  style.Style
		lines []string
	}{{"for", st.Text, c.For}, {"against", st.Warn, c.Against}, {"unknown", st.Muted, c.Unknown}} {
		name := side.name
		for k, line := range side.lines {
			if k == most {
				p.tell(st.Muted, "", st.Muted, fmt.Sprintf("and %d more", len(side.lines)-k))
				break
			}
			p.tell(st.Muted, name, side.look, said(st, line))
			name = ""
		}
	}
}

// fullFrom is from how many lines on a cause is told in full.
const fullFrom = 10

// causeLines tell the likely cause in a box: all of it where there is room, else what
// matters most first.
func causeLines(st *style.Styles, a *answer, width, height int) []string {
	if a == nil {
		return []string{st.Muted.Render(style.Cut("weighing what changed and what is wrong", width, st.Glyphs.Ellipsis))}
	}
	if len(a.diagnosis.Causes) == 0 {
		return st.Muted.Wrap("no cause can be told", width)
	}
	p := paragraphs{width: width}
	first := &a.diagnosis.Causes[0]
	if height < fullFrom {
		p.lines = []string{st.Title.Render(style.Cut(said(st, first.Title), width, st.Glyphs.Ellipsis))}
		p.short(st, a)
		return p.lines
	}
	p.add(st.Title, said(st, first.Title))
	p.evidence(st, first, 4)
	p.unchanged(st, a.diagnosis)
	if first.Fix != "" {
		p.tell(st.Muted, "fix", st.Accent, said(st, first.Fix))
	}
	p.commands(st, a)
	for k := range a.diagnosis.Causes[1:] {
		other := &a.diagnosis.Causes[k+1]
		p.blank()
		p.add(st.Text, "or: "+named(st, other))
	}
	return p.lines
}

// short adds the first command, or why there is none, and the best of each side.
func (p *paragraphs) short(st *style.Styles, a *answer) {
	c := &a.diagnosis.Causes[0]
	if left := a.leftOut(); len(a.next.Commands) > 0 {
		first := &a.next.Commands[0]
		p.lines = append(p.lines, st.Key.Render("y")+" "+st.Accent.Render(style.Cut(first.Text+a.known.Tags(first, " "), p.width-2, st.Glyphs.Ellipsis)))
	} else if left != "" {
		p.lines = append(p.lines, st.Muted.Render(style.Cut(said(st, left), p.width, st.Glyphs.Ellipsis)))
	}
	for _, side := range []struct {
		name  string
		look  style.Style
		lines []string
	}{{"for", st.Text, c.For}, {"against", st.Warn, c.Against}, {"unknown", st.Muted, c.Unknown}} {
		if len(side.lines) == 0 {
			continue
		}
		text := said(st, side.lines[0])
		if more := len(side.lines) - 1; more > 0 {
			text += fmt.Sprintf("; and %d more", more)
		}
		p.lines = append(p.lines, st.Muted.Render(style.PadRight(side.name, labelled))+side.look.Render(style.Cut(text, p.width-labelled, st.Glyphs.Ellipsis)))
	}
}

// unchanged adds that nothing is known to have changed.
func (p *paragraphs) unchanged(st *style.Styles, d *cause.Diagnosis) {
	if d.Unchanged != "" {
		p.tell(st.Muted, "changed", st.Muted, said(st, d.Unchanged))
	}
}

// commands adds commands, numbered, a line each as far as it goes, and says what is left
// out.
func (p *paragraphs) commands(st *style.Styles, a *answer) {
	left := a.leftOut()
	if len(a.next.Commands) == 0 && left == "" {
		return
	}
	p.blank()
	p.add(st.Title, "Next")
	for k, c := range a.next.Commands {
		look := st.Accent
		if c.Writes {
			look = st.Warn
		}
		for i, line := range style.Wrap(c.Text+a.known.Tags(&c, " "), max(8, p.width-2)) {
			number := " "
			if i == 0 {
				number = fmt.Sprint(k + 1)
			}
			p.lines = append(p.lines, st.Muted.Render(number)+" "+look.Render(line))
		}
	}
	if left != "" {
		p.add(st.Muted, said(st, left))
	}
}

// blastLines tell who else is hit, nearest first, a line each.
func blastLines(st *style.Styles, a *answer, width, height int) []string {
	if a == nil {
		return nil
	}
	lines := st.Text.Wrap(a.radius.String(), width)
	for k, d := range a.radius.Dependents {
		if len(lines) == height-1 && k < len(a.radius.Dependents)-1 {
			more := len(a.radius.Dependents) - k + a.radius.More
			return append(lines, st.Muted.Render(style.Cut(fmt.Sprintf("and %d more", more), width, st.Glyphs.Ellipsis)))
		}
		look := st.Text
		if d.Certainty == blast.Hint {
			look = st.Muted
		}
		lines = append(lines, look.Render(style.Cut(dependency(st, d), width, st.Glyphs.Ellipsis)))
	}
	return lines
}

// dependency says how an object depends on what is hit. What only a text or a policy
// tells is dotted, with a question mark.
func dependency(st *style.Styles, d blast.Dependent) string {
	way := st.Glyphs.Arrow
	if d.Certainty == blast.Hint {
		way = "..?"
	}
	text := strings.Repeat("  ", max(0, d.Distance-1)) + way + " " + place(d.Object) + " " + d.Relation.String() + " " + d.Through.Short()
	var more []string
	if d.Lost != "" {
		more = append(more, d.Lost)
	}
	if d.When == blast.NextStart {
		more = append(more, "when a pod starts next")
	}
	if d.Optional {
		more = append(more, "optional")
	}
	if len(more) > 0 {
		text += " (" + strings.Join(more, ", ") + ")"
	}
	return text
}

// place names an object with its namespace.
func place(ref kube.Ref) string {
	if ref.Namespace == "" {
		return ref.Short()
	}
	return ref.Namespace + "/" + ref.Short()
}

// noteLines tell of signals of no consequence, and of a suspect.
func (r row) lines(st *style.Styles, width int) []string {
	p := paragraphs{width: width}
	switch {
	case r.suspect != nil:
		s := r.suspect
		p.add(st.Title, s.Object.String())
		p.add(st.Text, said(st, s.Message))
		if s.Raw != "" {
			p.add(st.Muted, "in its own words: "+said(st, s.Raw))
		}
		if s.Observed {
			p.add(st.Muted, "nothing records since when: it was first seen at "+clock(s.Onset, r.now))
		}
		p.add(st.Muted, fmt.Sprintf("%s: it counts as soon as it has lasted long enough", s.Detector.ID))
	case r.notes != nil:
		for k := range r.notes.Lines {
			l := &r.notes.Lines[k]
			p.add(st.Muted, signs(st, who(l))+": "+said(st, l.Message))
		}
	}
	return p.lines
}
