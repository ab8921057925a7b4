package widget

import (
	"math"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Pin marks a place on a [Track].
type Pin struct {
	// At is where it is, from 0 to 1.
	At float64
	// Glyph is one cell wide.
	Glyph string
	Style style.Style
}

// Track is a line from a beginning to an end, with a place where somebody is.
type Track struct {
	// At is that place, from 0 to 1.
	At float64
	// Pins are marks on it. Of two in a cell the later one is drawn.
	Pins []Pin
}

// Cell returns the cell of a place from 0 to 1 on a line of a width.
func (Track) Cell(at float64, width int) int {
	return int(math.Round(max(0, min(at, 1)) * float64(max(0, width-1))))
}

// Place returns the place, from 0 to 1, of a cell on a line of a width.
func (Track) Place(cell, width int) float64 {
	if width < 2 {
		return 0
	}
	return max(0, min(float64(cell)/float64(width-1), 1))
}

// Render draws the line: what is done, where one is, what is left, and the pins. One at
// the very place is reversed, so that both are seen.
func (t Track) Render(s *style.Styles, width int) string {
	if width <= 0 {
		return ""
	}
	here := t.Cell(t.At, width)
	pins := make([]*Pin, width)
	for i := range t.Pins {
		pins[t.Cell(t.Pins[i].At, width)] = &t.Pins[i]
	}
	var line strings.Builder
	for i, pin := range pins {
		switch {
		case pin != nil && i == here:
			s.Selection.Append(&line, pin.Glyph)
		case pin != nil:
			pin.Style.Append(&line, pin.Glyph)
		case i == here:
			s.Accent.Append(&line, s.Glyphs.Live)
		case i < here:
			s.Accent.Append(&line, s.Glyphs.GaugeFull)
		default:
			s.Track.Append(&line, s.Glyphs.GaugeTrack)
		}
	}
	return line.String()
}
