// Package help is the screen that says what the keys do and how filters and
// commands are written. It is made from the registry of keys: nothing here can
// be out of date.
package help

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the help.
type Screen struct {
	frame   screen.Frame
	address nav.Address
	lines   widget.Lines
}

// New returns the help. The commands are those that are typed behind a colon: how each
// is written, and what it does.
func New(address nav.Address, keys *keymap.Map, commands [][2]string) *Screen {
	s := &Screen{address: address}
	s.lines.SetContent(func(st *style.Styles, width int) []string { return content(st, keys, commands, width) })
	return s
}

// Address returns "help".
func (s *Screen) Address() nav.Address { return s.address }

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Help" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Back, keymap.Filter, keymap.Next, keymap.Quit, keymap.PageDown, keymap.PageUp}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show needs nothing of an assessment.
func (s *Screen) Show(*score.Assessment) {}

// Act scrolls, or goes to the next place of what is looked for.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	return screen.Scroll(&s.lines, id)
}

// Filter looks for a text.
func (s *Screen) Filter(text string) error { return screen.Search(&s.lines, text) }

// FilterText returns what is looked for.
func (s *Screen) FilterText() string { return s.lines.Sought() }

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	return widget.Box{Focus: true, Padding: 1, Title: "Help"}.RenderText(f.Styles, widget.Rect{W: f.Width, H: f.Height}, &s.lines)
}

// CursorLine returns the first line of the text.
func (s *Screen) CursorLine() int { return 1 }

// twoColumns is the width from which what is typed stands beside the keys.
const twoColumns = 130

// content are the lines of the help.
func content(st *style.Styles, keys *keymap.Map, commands [][2]string, width int) []string {
	if width < twoColumns {
		return append(append(keyLines(st, keys), ""), typedLines(st, commands)...)
	}
	left, right := keyLines(st, keys), typedLines(st, commands)
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		var before, after string
		if i < len(left) {
			before = left[i]
		}
		if i < len(right) {
			after = right[i]
		}
		lines[i] = style.Fit(before, width/2, style.Left, st.Glyphs.Ellipsis) + after
	}
	return lines
}

// keyLines say what the keys do.
func keyLines(st *style.Styles, keys *keymap.Map) []string {
	widest := 0
	for _, b := range keys.Bindings() {
		widest = max(widest, style.Width(b.Labels()))
	}
	var lines []string
	for i, group := range keys.Groups() {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, st.Title.Render(group.Title))
		for _, b := range group.Bindings {
			lines = append(lines, "  "+st.Key.Render(style.PadRight(b.Labels(), widest))+"  "+st.Text.Render(b.Help))
		}
	}
	return lines
}

// typedLines say how filters and addresses are written, and what signs mean.
func typedLines(st *style.Styles, commands [][2]string) []string {
	signs := [][2]string{{"n/a", "nothing there to score"}, {"C?", "less than 80 % of the checks could be made"}, {"implied", "follows from another finding, and costs nothing"}, {st.Glyphs.Mark, "marked"}}
	for _, severity := range slices.Backward(audit.Severities()) {
		signs = slices.Insert(signs, 0, [2]string{st.SeverityMark(screen.Severity(severity)), severity.String()})
	}
	var lines []string
	for i, section := range []struct {
		title string
		lines [][2]string
	}{
		{"Filters", [][2]string{
			{"word", "in any column, whatever the case"},
			{`"two words"`, "exactly this"},
			{"a|b", "one of the two"},
			{"!word", "not this"},
			{"one two", "both"},
			{"rule:probe", "the column has the word; rule=x: it is the word"},
			{"sev>=high", "at least that bad; also < <= > = !="},
			{"score<60", "numbers the same way"},
			{"~prbms", "these letters in this order"},
			{"-l app=x", "labels, as kubectl selects; blanks need quotes"},
			{"/ in texts", "searches; n and N go to the matches"},
		}},
		{"Addresses", [][2]string{
			{"overview", "the cluster and its namespaces"},
			{"ns/payments", "one namespace; a part of its name will do"},
			{"findings", "all findings; findings?filter=sev>=high"},
			{"workload/Deployment/payments/api", "one workload"},
			{"plan", "fixes; plan/payments?target=80, plan?of=marked"},
			{"frameworks", "controls of frameworks: pass, fail, not evaluated"},
			{"platform", "what production asks for, and how the cluster has it"},
			{"upgrade", "what stands in the way of the next release of Kubernetes"},
			{"ownership", "who the objects belong to, and what was changed by hand"},
			{"rbac", "who can do what; rbac/who-can?ask=get+secrets"},
			{"paths", "ways of an attacker; paths/sa:ci/runner?to=node"},
			{"object", "one object; object/deploy/shop/web?tab=logs"},
			{"coverage", "what could be read and what could not"},
			{"diagnostics", "what the program reads, takes and has judged"},
			{"themes", "how the program can look"},
			{"log", "what was said meanwhile: warnings, plugins, client-go"},
			{"help", "this text"},
			{"?sort=points", "how it is sorted; asc or desc behind a +"},
		}},
		{"Commands", commands},
		{"Signs", signs},
	} {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, st.Title.Render(section.title))
		widest := 12
		for _, line := range section.lines {
			widest = max(widest, style.Width(line[0]))
		}
		for _, line := range section.lines {
			lines = append(lines, "  "+st.Key.Render(style.PadRight(line[0], widest))+"  "+st.Text.Render(line[1]))
		}
	}
	return lines
}
