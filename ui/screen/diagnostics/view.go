package diagnostics

import (
	"fmt"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// How high and wide the boxes around the table are, in lines and cells. The rules
// stand beside the table from a width on, below it otherwise.
const (
	programHeight = 6 // and a line more where the clocks differ
	rulesWidth    = 58
	rulesFrom     = 130
	rulesHeight   = 8
)

// View draws the screen: the program, the kinds, and what the rules took where
// that is known.
func (s *Screen) View() []string {
	f := s.frame
	kinds := widget.Pane{Name: "kinds", Min: 5, Priority: 3}
	rules := widget.Pane{Name: "rules"}
	lower := []widget.Pane{kinds}
	if len(s.figures.Rules) > 0 {
		if f.Width >= rulesFrom {
			rules.Fixed = rulesWidth
			lower = []widget.Pane{{Min: 5, Priority: 3, Direction: widget.Columns, Panes: []widget.Pane{kinds, rules}}}
		} else {
			rules.Fixed, rules.Priority = rulesHeight, 1
			lower = append(lower, rules)
		}
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: append([]widget.Pane{{Name: "program", Fixed: s.programHeight(), Priority: 2}}, lower...)}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	switch name {
	case "program":
		return widget.Box{Title: "The program", Padding: 1}.RenderLines(st, r.W, r.H, s.programLines)
	case "rules":
		return widget.Box{Title: "Rules, the dearest first", Padding: 1}.RenderLines(st, r.W, r.H, s.ruleLines)
	}
	title := fmt.Sprintf("What is read (%d)", s.Len())
	if text := s.Filtered(); text != "" {
		title = "What is read: " + text
	}
	s.Table().Empty = s.Empty("manifests are read as a whole: there is no kind to tell of")
	return s.Table().In(r).RenderBox(st, title, r.W, r.H)
}

// programLines are the figures of the feed and of the runtime.
func (s *Screen) programLines(int, int) []string {
	st, f := s.frame.Styles, s.figures
	line := func(label, text string) string {
		return st.Muted.Render(style.PadRight(label, 9)) + st.Text.Render(text)
	}
	lines := []string{
		line("views", fmt.Sprintf("%d received, %d judged", f.Views, f.Assessments)),
		line("judging", fmt.Sprintf("last %s, longest %s, lag %s", screen.Lasting(f.Last), screen.Lasting(f.Longest), screen.Lasting(f.Lag))),
		line("triage", fmt.Sprintf("last %s, longest %s, %d signals", screen.Lasting(f.Triage.Last), screen.Lasting(f.Triage.Longest), f.Triage.Signals)),
		line("memory", fmt.Sprintf("%s on the heap, %s from the system, %d goroutines", screen.Bytes(float64(f.Heap)), screen.Bytes(float64(f.Memory)), f.Goroutines)),
	}
	if text := beside(s.clock.Offset); text != "" {
		lines = append(lines, st.Muted.Render(style.PadRight("clock", 9))+st.Warn.Render(text))
	}
	return lines
}

// beside says how this computer's clock goes beside the server's, "" if it does as far as
// can be told.
func beside(offset time.Duration) string {
	side := "behind"
	if offset < 0 {
		side = "ahead of"
	}
	if offset = offset.Abs(); offset < time.Second {
		return ""
	}
	if offset >= time.Hour {
		offset = offset.Round(time.Minute)
	}
	text := offset.Round(time.Second).String()
	if offset < time.Minute {
		text = fmt.Sprintf("%.0f s", offset.Seconds())
	} else if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	return "this computer is " + text + " " + side + " the server; times are the server's"
}

// programHeight returns the height of the box of the program.
func (s *Screen) programHeight() int {
	if beside(s.clock.Offset) != "" {
		return programHeight + 1
	}
	return programHeight
}

// ruleLines are what the rules took, as many as there is room for.
func (s *Screen) ruleLines(width, height int) []string {
	st := s.frame.Styles
	const took, subjects = 9, 10
	name := max(0, width-took-subjects)
	lines := []string{st.Header.Render(style.PadRight("RULE", name) + style.PadLeft("TOOK", took) + style.PadLeft("SUBJECTS", subjects))}
	for _, rule := range s.figures.Rules[:min(len(s.figures.Rules), max(0, height-1))] {
		lines = append(lines, st.Text.Render(style.FitText(rule.Rule, name, style.Left, st.Glyphs.Ellipsis))+
			st.Text.Render(style.PadLeft(screen.Lasting(rule.Duration), took))+st.Muted.Render(style.PadLeft(fmt.Sprint(rule.Subjects), subjects)))
	}
	return lines
}
