package snapshots

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// drawDetail draws what changed: the finding, and below it what differs in its object.
func (s *Screen) drawDetail(st *style.Styles, r widget.Rect) widget.Block {
	box := widget.Box{Padding: 1, Title: "What changed", Focus: s.onChange}
	w, h := box.Inner(r.W, r.H)
	c := s.selected()
	if c == nil {
		return box.Render(st, r.W, r.H, widget.NewBlock(st, nil, w, h))
	}
	fresh := s.detailed != c
	if fresh {
		s.detailed, s.diff = c, s.differs(c)
		s.change.SetDiff(s.diff)
	}
	const most = 3 // parts in four for the finding
	s.change.In(r)
	lines := s.about(st, c, w)
	if room := h * most / (most + 1); len(lines) > room && s.change.Height(st, w) > 0 {
		lines = lines[:max(1, h/2)]
	}
	if rest := h - len(lines); rest > 0 {
		if fresh {
			s.seek(st, c.Finding().Path, w, rest)
		}
		lines = append(lines, s.change.Render(st, w, rest)...)
		box.Footer = s.change.Footer()
	}
	return box.Render(st, r.W, r.H, widget.NewBlock(st, lines, w, h))
}

// seek brings the line of a field into view, if it is one of those that differ.
func (s *Screen) seek(st *style.Styles, path string, width, height int) {
	key := path[strings.LastIndexByte(path, '.')+1:] + ":"
	for i, line := range strings.Split(s.diff, "\n") {
		if changed := strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-"); changed && strings.HasPrefix(strings.TrimLeft(line[1:], " -"), key) {
			s.change.Render(st, width, height)
			s.change.Scroll(-s.change.Height(st, width))
			s.change.Scroll(i - height/2)
			return
		}
	}
}

// about says what became of a finding.
func (s *Screen) about(st *style.Styles, c *compare.Change, width int) []string {
	f := c.Finding()
	var lines []string
	add := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	_, look := sign(st, c.Kind)
	add(look, c.Kind.String()+": "+means(c))
	add(st.Text, f.Subject.String()+": "+f.Message)
	for _, writer := range s.writers(c) {
		add(st.Accent, writer)
	}
	if s.frame.Width < besideFrom {
		return lines
	}
	severity := screen.Severity(f.Severity)
	lines = append(lines, "", st.Severity(severity).Render(st.SeverityMark(severity)+" "+f.Severity.String())+" "+st.Muted.Render(f.Rule.ID))
	add(st.Text, f.Detail)
	if f.Path != "" {
		for _, line := range style.WrapPath(f.Path, width) {
			lines = append(lines, st.Muted.Render(line))
		}
	}
	if a := f.Accepted; a != nil {
		add(st.Muted, "accepted: "+style.Clean(a.Reason)+", "+style.Clean(a.Owner+" "+a.Origin))
	}
	for i := range s.compared.Namespaces {
		n := &s.compared.Namespaces[i]
		if delta, ok := n.Delta(); ok && n.Name == home(c) {
			add(st.Text, fmt.Sprintf("namespace %s: %.1f to %.1f, %+.1f", n.Name, n.Before.Score, n.After.Score, delta))
		}
	}
	return append(lines, "")
}

// means says in words what a kind of change is.
func means(c *compare.Change) string {
	switch c.Kind {
	case compare.New:
		return "its object was there in A, and this was not found"
	case compare.Came:
		return "A has no " + c.Why
	case compare.Worse, compare.Better:
		return "it was " + c.Before.Severity.String() + " in A"
	case compare.Reopened:
		return "it was accepted in A, and counts again"
	case compare.Accepted:
		return "it is accepted in B"
	case compare.Revealed:
		return "in A this could not be seen: " + c.Why
	case compare.Unknown:
		return "in B this cannot be seen, so it is not fixed: " + c.Why
	case compare.Moved:
		return "it was found at " + c.Before.Subject.String()
	case compare.Gone:
		return "B has no " + c.Why
	default:
		return "it was judged again, and is not found any more"
	}
}

// differs returns what differs in the object of a finding, as a unified diff; "" if
// nothing does or one of the views does not hold all of it.
func (s *Screen) differs(c *compare.Change) string {
	subject := c.Finding().Subject
	resource, known := kube.ResourceOf(subject.Group, subject.Kind)
	before, after := s.compared.Objects(c)
	if !known || before == nil || after == nil {
		return ""
	}
	was, err := fix.ToYAML(resource, before)
	if err != nil {
		return ""
	}
	is, err := fix.ToYAML(resource, after)
	if err != nil {
		return ""
	}
	return screen.WithoutFileNames(string(fix.Diff("object.yaml", was, is)))
}

// writers says who wrote the object since A, newest first.
func (s *Screen) writers(c *compare.Change) []string {
	const most = 3
	all := s.compared.Writers(c)
	var lines []string
	for _, w := range all[:min(most, len(all))] {
		lines = append(lines, fmt.Sprintf("object written by %s, %s", w.Manager, w.Time.UTC().Format("2006-01-02 15:04:05 UTC")))
	}
	return lines
}
