package widget

import (
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Gauge is a line that shows a share of a whole. It is a thin line, so that
// gauges below each other do not fuse.
type Gauge struct {
	// Value is the share, 0 to 1. Anything outside is taken as the nearest
	// end; NaN means that it is not known, and draws the track alone.
	Value float64
	// Style is the look of the filled part.
	Style style.Style
}

// Render draws the gauge in one line of width cells. A value that is not 0
// shows at least a half cell, and one that is not 1 never a full line.
func (g Gauge) Render(s *style.Styles, width int) string {
	if width <= 0 {
		return ""
	}
	halves := 0
	if !math.IsNaN(g.Value) {
		value := max(0, min(g.Value, 1))
		halves = int(math.Round(value * float64(2*width)))
		if value > 0 {
			halves = max(halves, 1)
		}
		if value < 1 {
			halves = min(halves, 2*width-1)
		}
	}
	filled := strings.Repeat(s.Glyphs.GaugeFull, halves/2) + strings.Repeat(s.Glyphs.GaugeHalf, halves%2)
	return g.Style.Render(filled) + s.Track.Render(strings.Repeat(s.Glyphs.GaugeTrack, width-halves/2-halves%2))
}

// Spark is a small trend: one cell a value, the newest at the right.
type Spark struct {
	// Values are the values, oldest first. NaN leaves a blank.
	Values []float64
	// Low and High are the values of the lowest and the highest step. If they
	// are equal, those of Values are taken.
	Low, High float64
}

// Render draws the newest values in one line of width cells, blank at the left
// where there are fewer.
func (k Spark) Render(s *style.Styles, width int) string {
	if width <= 0 {
		return ""
	}
	values := k.Values[max(0, len(k.Values)-width):]
	return style.Blanks(width-len(values)) + s.Spark.Render(Spark{values, k.Low, k.High}.Text(s))
}

// Text returns the trend as plain text, a cell for each value, for a cell of a table.
func (k Spark) Text(s *style.Styles) string {
	low, high := k.Low, k.High
	if low == high {
		low, high = bounds(k.Values)
	}
	var b strings.Builder
	b.Grow(3 * len(k.Values))
	for _, value := range k.Values {
		b.WriteString(step(s.Glyphs.Spark, value, low, high))
	}
	return b.String()
}

// Flat reports whether the trend has no way at all: nothing changed.
func (k Spark) Flat() bool {
	low, high := bounds(k.Values)
	return high-low < 0.05
}

// scoreRange is how many points a trend of scores shows at least: what is less than
// that is no more than a ripple.
const scoreRange = 10

// ScoreSpark returns the trend of a score: its own range, so that its way is seen,
// but no smaller one than shows whether it matters.
func ScoreSpark(values []float64) Spark {
	low, high := bounds(values)
	if missing := scoreRange - (high - low); missing > 0 {
		low, high = low-missing/2, high+missing/2
	}
	if low < 0 {
		low, high = 0, max(high, scoreRange)
	}
	if high > 100 {
		low, high = min(low, 100-scoreRange), 100
	}
	return Spark{Values: values, Low: low, High: high}
}

// bounds returns the least and the greatest of the values.
func bounds(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, value := range values {
		if !math.IsNaN(value) {
			low, high = min(low, value), max(high, value)
		}
	}
	return low, high
}

// ScoreTrend returns the way of a score as plain text, and its look: in the colour of
// the score it came to; where nothing changed, a thin line that does not ask to be
// looked at.
func ScoreTrend(s *style.Styles, values []float64) (string, style.Style) {
	spark := ScoreSpark(values)
	switch {
	case s.Glyphs.Spoken, !slices.ContainsFunc(values, func(v float64) bool { return !math.IsNaN(v) }):
		return "", s.Muted
	case spark.Flat():
		return strings.Repeat(s.Glyphs.GaugeTrack, len(values)), s.Track
	}
	return spark.Text(s), s.Score(values[len(values)-1])
}

// Level returns the step of a score of 0 to 100, as a glyph; nothing where glyphs would be
// read aloud.
func Level(s *style.Styles, score float64) string {
	if s.Glyphs.Spoken {
		return ""
	}
	return step(s.Glyphs.Spark, score, 0, 100)
}

// step returns the glyph of a value between low and high. Where nothing
// changes the middle one stands.
func step(glyphs []string, value, low, high float64) string {
	if math.IsNaN(value) {
		return " "
	}
	if high <= low {
		return glyphs[len(glyphs)/2]
	}
	share := max(0, min((value-low)/(high-low), 1))
	return glyphs[int(math.Round(share*float64(len(glyphs)-1)))]
}
