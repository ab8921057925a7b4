package overview

import (
	"context"
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// selected returns the namespace under the cursor, nil if there is none.
func (s *Screen) selected() *score.Namespace {
	_, i, ok := s.table.Selected()
	if !ok {
		return nil
	}
	return s.rows.namespaces[i]
}

// Object returns the namespace under the cursor.
func (s *Screen) Object() (kube.Ref, bool) {
	n := s.selected()
	if n == nil || n.Name == score.ClusterWide {
		return kube.Ref{}, false
	}
	return kube.Namespaces.Ref("", n.Name), true
}

func (s *Screen) selectedTitle() string {
	n := s.selected()
	switch {
	case n == nil:
		return "Namespace"
	case !n.Scored:
		return n.Name
	}
	return fmt.Sprintf("%s  %.1f %s", n.Name, n.Score, n.Grade)
}

// worstMost is how many of the worst findings are looked for: more than any screen
// shows.
const worstMost = 200

// rank returns the job that finds the worst findings of the namespace under the
// cursor.
func (s *Screen) rank() screen.Job {
	n := s.selected()
	if n == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		worst := worstFindings(ctx, n.Findings)
		twins := screen.Twins(n.Findings)
		keys := make([]string, len(worst))
		for i, f := range worst {
			keys[i] = screen.FindingKey(f, twins[f])
		}
		return func() { s.worstOf, s.worst, s.worstKeys = n, worst, keys }
	}
}

// worstFindings returns the worst findings, the worst first. Only those are
// sorted: the others fall out on the way.
func worstFindings(ctx context.Context, findings []*score.Finding) []*score.Finding {
	var worst []*score.Finding
	for part := range slices.Chunk(findings, screen.Few) {
		if ctx.Err() != nil {
			break
		}
		worst = append(worst, part...)
		slices.SortStableFunc(worst, screen.CompareFindings)
		worst = worst[:min(worstMost, len(worst))]
	}
	return worst
}

// selectedLines are the categories of the namespace under the cursor and its
// worst findings: what enter would show.
func (s *Screen) selectedLines(width, height int) []string {
	st, n := s.frame.Styles, s.selected()
	if n == nil {
		return nil
	}
	lines := append(screen.Gauges(st, screen.Hearts(n.Categories), width), "")
	if s.worstOf != n {
		return lines // they are on their way
	}
	worst := s.worst
	for i, f := range worst[:min(len(worst), max(0, height-len(lines)))] {
		severity := screen.Severity(f.Severity)
		mark, text := st.Severity(severity), st.Text
		if !f.Open() {
			mark, text = st.Muted, st.Muted
		}
		marked := " "
		if s.marks.Has(s.worstKeys[i]) {
			marked = st.Mark.Render(st.Glyphs.Mark)
		}
		object := min(28, width/2)
		lines = append(lines, mark.Render(st.SeverityMark(severity))+marked+
			st.Muted.Render(style.FitText(screen.Place(f), object, style.Left, st.Glyphs.Ellipsis))+" "+
			text.Render(screen.Wrong(f)))
	}
	if len(worst) == 0 {
		lines = append(lines, st.OK.Render(st.Glyphs.Tick)+st.Muted.Render(" nothing was found here"))
	}
	return lines
}
