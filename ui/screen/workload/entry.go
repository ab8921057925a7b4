package workload

import (
	"fmt"
	"math"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// tone is how an entry is meant.
type tone int

const (
	plain tone = iota
	faint
	heading
	well
	doubtful
)

func (t tone) of(s *style.Styles) style.Style {
	return [...]style.Style{plain: s.Text, faint: s.Muted, heading: s.Title, well: s.OK, doubtful: s.Warn}[t]
}

// entry is something that is told: a text behind a label, a heading, or a share of a
// whole. Its texts are cleaned when they are drawn.
type entry struct {
	label string // "" for what goes on from the entry before
	text  string
	tone  tone
	// gauged says that a gauge of share stands before the text, and trend behind the
	// gauge.
	gauged bool
	share  float64
	// bounded says that the whole is a limit, which nothing exceeds unpunished.
	bounded bool
	trend   []float64
}

// blank is an empty line.
func blank() entry { return entry{} }

// labelled is how wide labels are, with the blank behind them, in cells.
const labelled = 11

// gaugeMost is the widest gauge, trendMost the widest trend, in cells.
const (
	gaugeMost = 24
	trendMost = 16
)

// draw draws entries for a width.
func draw(s *style.Styles, entries []entry, width int) []string {
	var lines []string
	for _, e := range entries {
		lines = append(lines, e.draw(s, width)...)
	}
	return lines
}

func (e entry) draw(s *style.Styles, width int) []string {
	switch {
	case e.label == "" && e.text == "":
		return []string{""}
	case e.tone == heading:
		return wrapped(e.text, width, "", 0, s.Title)
	}
	label := s.Muted.Render(style.FitText(e.label, labelled, style.Left, s.Glyphs.Ellipsis))
	if !e.gauged {
		return wrapped(e.text, width, label, labelled, e.tone.of(s))
	}
	gauge := min(gaugeMost, max(4, (width-labelled)/4))
	label += widget.Gauge{Value: e.share, Style: e.pressure(s)}.Render(s, gauge) + " "
	used := labelled + gauge + 1
	if trend := min(trendMost, len(e.trend)); len(e.trend) > 1 && width-used-trend-1 > labelled*3 {
		label += widget.Spark{Values: e.trend}.Render(s, trend) + " "
		used += trend + 1
	}
	return wrapped(e.text, width, label, used, e.tone.of(s))
}

// pressure returns the look of how much of its bound something uses: what comes near to
// a limit is throttled or killed.
func (e entry) pressure(s *style.Styles) style.Style {
	switch {
	case e.bounded && e.share >= 0.9:
		return s.Error
	case e.bounded && e.share >= 0.75, e.share > 1:
		return s.Warn
	}
	return s.OK
}

// wrapped returns the lines of a text behind a label of so many cells.
func wrapped(text string, width int, label string, used int, look style.Style) []string {
	var lines []string
	for _, line := range style.Wrap(text, max(8, width-used)) {
		lines = append(lines, label+look.Render(line))
		label = style.Blanks(used)
	}
	return lines
}

// words writes entries as plain text, for copying.
func words(entries []entry) string {
	var b strings.Builder
	for _, e := range entries {
		switch {
		case e.label == "":
			fmt.Fprintln(&b, printable.Text(e.text))
		case e.gauged && !math.IsNaN(e.share):
			fmt.Fprintf(&b, "%-*s%.0f%%  %s\n", labelled, e.label, 100*e.share, printable.Text(e.text))
		default:
			fmt.Fprintf(&b, "%-*s%s\n", labelled, e.label, printable.Text(e.text))
		}
	}
	return b.String()
}
