package widget

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Overlay returns base with top laid over it, the upper left corner of top at
// column x and line y. What falls outside base is cut off. Neither is changed.
func Overlay(base, top Block, x, y int) Block {
	out := append(Block(nil), base...)
	for i, line := range top {
		at := y + i
		if at < 0 || at >= len(out) {
			continue
		}
		out[at] = overlayLine(out[at], line, x)
	}
	return out
}

// Center returns base with top laid over its middle.
func Center(base, top Block) Block {
	if len(base) == 0 || len(top) == 0 {
		return Overlay(base, top, 0, 0)
	}
	return Overlay(base, top, (style.Width(base[0])-style.Width(top[0]))/2, (len(base)-len(top))/2)
}

// overlayLine lays one line over another. A wide letter of which only a half
// would stay becomes a blank.
func overlayLine(base, top string, x int) string {
	width := style.Width(base)
	if x < 0 {
		top = ansi.TruncateLeft(top, -x, "")
		x = 0
	}
	top = ansi.Truncate(top, max(width-x, 0), "")
	end := x + style.Width(top)
	if top == "" {
		return base
	}
	left := style.PadRight(ansi.Cut(base, 0, x), x)
	right := style.PadLeft(ansi.Cut(base, end, width), width-end)
	if style.Width(right) > width-end {
		right = style.PadLeft(ansi.Cut(base, end+1, width), width-end)
	}
	return left + top + right
}
