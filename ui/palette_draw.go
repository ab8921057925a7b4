package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/palette"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The size of the palette where there is room, in cells and lines, and the room that
// the screen below keeps around it.
const (
	paletteWidth  = 72
	paletteHeight = 17
	aroundPalette = 4
)

// kindWidth is the width of the word for what a hit is.
const kindWidth = 10

// place is where the palette stands.
func (f *finder) place(width, height int) widget.Rect {
	w, h := min(paletteWidth, width-aroundPalette), min(paletteHeight, height-aroundPalette)
	return widget.Rect{X: (width - w) / 2, Y: (height - h) / 2, W: w, H: h}
}

// over draws the palette over the lines of the whole screen.
func (f *finder) over(st *style.Styles, lines []string, width, height int) []string {
	r := f.place(width, height)
	box := widget.Box{Title: "Find", Focus: true, Padding: 1}
	w, h := box.Inner(r.W, r.H)
	body := []string{f.line.Render(st, w), st.Muted.Render(style.Truncate(kindsHint(), w, st.Glyphs.Ellipsis))}
	f.page = max(h-len(body), 0)
	f.moveTo(f.cursor)
	if found := f.result; found != nil {
		box.Footer = fmt.Sprintf("%d of %d", found.Matched, found.Of)
		for i := f.top; i < min(len(found.Hits), f.top+f.page); i++ {
			body = append(body, f.row(st, found.Hits[i], w, i == f.cursor))
		}
		if len(found.Hits) == 0 && !f.building.Pending() {
			body = append(body, st.Muted.Render("nothing is called so"))
		}
	}
	if f.building.Late() {
		box.Footer = "gathering" + st.Glyphs.Ellipsis
	}
	return widget.Overlay(widget.NewBlock(st, lines, width, height), box.Render(st, r.W, r.H, widget.NewBlock(st, body, w, h)), r.X, r.Y)
}

// kindsHint says which prefix asks for which kind.
func kindsHint() string {
	parts := []string{"any words, or"}
	for _, s := range sources() {
		if prefix := s.kind.Prefix(); prefix != 0 {
			parts = append(parts, fmt.Sprintf("%c %ss", prefix, s.kind))
		}
	}
	return strings.Join(parts, "  ")
}

// row draws a hit: what it is, its text with what matched, and what stands aside. Hits
// of an earlier text are muted.
func (f *finder) row(st *style.Styles, hit palette.Hit, width int, selected bool) string {
	text, match, other, cursor := st.Text, st.Match, st.Muted, " "
	if f.search.Late() {
		text, match = st.Muted, st.Muted
	}
	if selected {
		text, other, cursor = st.Selection, st.Selection, st.Glyphs.Cursor
	}
	aside := style.Cut(hit.Item.Aside, width/3, st.Glyphs.Ellipsis)
	room := max(0, width-2-kindWidth-style.Width(aside)-1)
	var b strings.Builder
	other.Append(&b, cursor+" "+style.PadRight(hit.Item.Kind.String(), kindWidth))
	used := highlight(&b, hit, room, text, match, st.Glyphs.Ellipsis)
	other.Append(&b, style.Blanks(room-used+1)+aside)
	return b.String()
}

// highlight writes the text of a hit in at most so many cells, with what matched, and
// returns how many it took. Only the ASCII letters before a cut are taken apart: of
// other letters several may share a cell.
func highlight(b *strings.Builder, hit palette.Hit, width int, text, match style.Style, ellipsis string) int {
	shown := style.Cut(hit.Item.Text, width, ellipsis)
	same := 0
	for same < len(shown) && shown[same] < 0x80 && shown[same] == hit.Item.Text[same] {
		same++
	}
	matches := func(i int) bool {
		_, found := slices.BinarySearch(hit.At, i)
		return found && i < same
	}
	for start := 0; start < len(shown); {
		end := start + 1
		for end < len(shown) && matches(end) == matches(start) {
			end++
		}
		if matches(start) {
			match.Append(b, shown[start:end])
		} else {
			text.Append(b, shown[start:end])
		}
		start = end
	}
	return style.Width(shown)
}

// caret is where the terminal's own cursor belongs.
func (f *finder) caret(st *style.Styles, width, height int) *tea.Cursor {
	r := f.place(width, height)
	const frame = 2 // the edge and the padding
	return tea.NewCursor(r.X+frame+f.line.CursorColumn(st, r.W-2*frame), r.Y+1)
}
