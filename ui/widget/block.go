// Package widget holds the parts that screens are built of: tables, boxes,
// gauges, input lines, and the arithmetic that lays them out. A widget is a
// plain struct that is told what to show and draws itself, when asked, into a
// Block of exactly the size asked for.
//
// Text given to a widget as text (titles, cells, labels) is cleaned by it. Lines
// given as styled lines must have been made by style.Style, which cleans.
//
// The package must know nothing of kube or audit, do no I/O and keep no clock.
// Rows are built by hand from ready-made styles, because a frame is built for
// every message. A new widget is one file here with goldens at several sizes,
// with and without colour.
package widget

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Block is a piece of the screen: lines, styled, all of the same width. What
// draws a Block of a width and a height returns exactly that many lines of
// exactly that many cells; a size under zero counts as zero.
type Block []string

// NewBlock makes a Block of that size from styled lines: what is too long is
// cut, what is missing is blank.
func NewBlock(s *style.Styles, lines []string, width, height int) Block {
	block := make(Block, max(height, 0))
	for i := range block {
		if i < len(lines) {
			block[i] = style.Fit(lines[i], width, style.Left, s.Glyphs.Ellipsis)
		} else {
			block[i] = style.Blanks(width)
		}
	}
	return block
}

// String returns the lines joined by line breaks, for tea.View.Content.
func (b Block) String() string {
	return strings.Join(b, "\n")
}

// beside returns the lines of two Blocks of the same height joined side by side.
func (b Block) beside(right Block) Block {
	joined := make(Block, len(b))
	for i := range b {
		joined[i] = b[i] + right[i]
	}
	return joined
}

// cutter builds a Block in one buffer and cuts it into lines at the end, so
// that a whole table costs a handful of allocations.
type cutter struct {
	strings.Builder
	ends []int
}

func newCutter(width, height int) *cutter {
	c := &cutter{ends: make([]int, 0, height)}
	c.Grow((width + 64) * height)
	return c
}

// endLine ends the current line.
func (c *cutter) endLine() {
	c.ends = append(c.ends, c.Len())
}

// block returns the lines built so far.
func (c *cutter) block() Block {
	all := c.String()
	block := make(Block, len(c.ends))
	start := 0
	for i, end := range c.ends {
		block[i] = all[start:end]
		start = end
	}
	return block
}
