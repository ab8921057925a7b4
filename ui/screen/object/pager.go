package object

import "github.com/seaworthy-dev/seaworthy/ui/keymap"

// pager is a cursor in a list of lines, and the part of it that is in sight. The cursor
// stays in sight.
type pager struct {
	cursor int // from 0
	top    int // the first line in sight
	page   int // lines in sight when it was last drawn
}

// handle moves the cursor in a list of count lines, if the key is one for that.
func (p *pager) handle(id keymap.ID, count int) {
	switch id {
	case keymap.Up:
		p.cursor--
	case keymap.Down:
		p.cursor++
	case keymap.PageUp:
		p.cursor, p.top = p.cursor-p.page, p.top-p.page
	case keymap.PageDown:
		p.cursor, p.top = p.cursor+p.page, p.top+p.page
	case keymap.HalfUp:
		p.cursor, p.top = p.cursor-max(1, p.page/2), p.top-max(1, p.page/2)
	case keymap.HalfDown:
		p.cursor, p.top = p.cursor+max(1, p.page/2), p.top+max(1, p.page/2)
	case keymap.Top:
		p.cursor = 0
	case keymap.Bottom:
		p.cursor = count - 1
	default: // another key moves nothing
	}
	p.clamp(count)
}

func (p *pager) clamp(count int) {
	p.cursor = max(0, min(p.cursor, count-1))
	p.top = max(0, min(p.top, count-1))
}

// window returns the lines that fit into some rows, the last not included, so that the
// cursor is among them. Height says how many rows a line takes, at least one.
func (p *pager) window(count, rows int, height func(i int) int) (from, to int) {
	p.clamp(count)
	if count == 0 || rows <= 0 {
		return 0, 0
	}
	p.top = min(p.top, p.cursor)
	for used, i := 0, p.cursor; i >= p.top; i-- {
		if used += height(i); used > rows && i < p.cursor {
			p.top = i + 1
			break
		}
	}
	used := 0
	for to = p.top; to < count && used+height(to) <= rows; to++ {
		used += height(to)
	}
	for to == count && p.top > 0 && used+height(p.top-1) <= rows { // no gap below the end
		p.top--
		used += height(p.top)
	}
	to = min(count, max(to, p.top+1)) // a line that is higher than the place is cut
	p.page = to - p.top
	return p.top, to
}

// reveal brings the cursor to a line, with some of what is around it in sight.
func (p *pager) reveal(line int) {
	p.cursor = line
	if p.page > 0 && (line < p.top || line >= p.top+p.page) {
		p.top = max(0, line-p.page/3)
	}
}

// one is the height of lines that are not wrapped.
func one(int) int { return 1 }
