package widget

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Rect is a place on the screen, in cells and lines from the upper left.
type Rect struct {
	// X and Y are the column and the line of the upper left corner, from 0.
	X, Y int
	// W and H are width and height; they are not negative.
	W, H int
}

// Contains reports whether a cell is in the Rect, for the mouse.
func (r Rect) Contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Direction is the way a Pane divides itself.
type Direction int

// The directions.
const (
	// Columns puts panes side by side.
	Columns Direction = iota
	// Stack puts panes one below the other.
	Stack
)

// Pane is a node of the tree by which a screen is laid out: a leaf with a
// name, or a division into further panes. Sizes are along the direction of the
// parent.
type Pane struct {
	// Name is the name of a leaf.
	Name string
	// Fixed is the size in cells or lines; 0 for a pane that grows.
	Fixed int
	// Min is the least size of a pane that grows.
	Min int
	// Weight is the share of the room that is left; 0 counts as 1.
	Weight int
	// Priority says what is left out where room is short: the panes of the
	// lowest Priority, among them the last.
	Priority int

	// Direction and Panes divide a pane that is no leaf.
	Direction Direction
	Panes     []Pane
}

// Solve divides a Rect and returns where each leaf is. Leaves that find no
// room are left out.
func (p Pane) Solve(r Rect) map[string]Rect {
	places := map[string]Rect{}
	p.solve(r, places)
	return places
}

func (p Pane) solve(r Rect, places map[string]Rect) {
	if len(p.Panes) == 0 {
		places[p.Name] = r
		return
	}
	for i, part := range p.divide(r) {
		if part.W > 0 && part.H > 0 {
			p.Panes[i].solve(part, places)
		}
	}
}

// Draw draws each leaf into its place and joins them. The function returns a
// Block of the size of the Rect; any other is cut or filled.
func (p Pane) Draw(s *style.Styles, r Rect, draw func(name string, r Rect) Block) Block {
	if len(p.Panes) == 0 {
		return fitted(s, draw(p.Name, r), r)
	}
	var out Block
	for i, part := range p.divide(r) {
		if part.W <= 0 || part.H <= 0 {
			continue
		}
		block := p.Panes[i].Draw(s, part, draw)
		switch {
		case out == nil:
			out = block
		case p.Direction == Stack:
			out = append(slices.Clip(out), block...)
		default:
			out = out.beside(block)
		}
	}
	return fitted(s, out, r)
}

// fitted returns the Block in the size of the Rect. The first line speaks for
// the width of all, as the contract of Block has it.
func fitted(s *style.Styles, block Block, r Rect) Block {
	if len(block) == r.H && (r.H == 0 || style.Width(block[0]) == r.W) {
		return block
	}
	return NewBlock(s, block, r.W, r.H)
}

// divide returns the Rect of each pane of p; one without room is empty.
func (p Pane) divide(r Rect) []Rect {
	total := r.W
	if p.Direction == Stack {
		total = r.H
	}
	parts := make([]Rect, len(p.Panes))
	at := 0
	for i, size := range p.sizes(total) {
		if p.Direction == Stack {
			parts[i] = Rect{X: r.X, Y: r.Y + at, W: r.W, H: size}
		} else {
			parts[i] = Rect{X: r.X + at, Y: r.Y, W: size, H: r.H}
		}
		at += size
	}
	return parts
}

// sizes divides a length among the panes.
func (p Pane) sizes(total int) []int {
	sizes := make([]int, len(p.Panes))
	kept := p.fitting(total)
	free, weights := total, 0
	for _, i := range kept {
		pane := p.Panes[i]
		sizes[i] = min(pane.least(), total)
		free -= sizes[i]
		if pane.Fixed == 0 {
			weights += max(pane.Weight, 1)
		}
	}
	for _, i := range kept {
		if p.Panes[i].Fixed != 0 {
			continue
		}
		weight := max(p.Panes[i].Weight, 1)
		grow := free * weight / weights
		sizes[i] += grow
		free -= grow
		weights -= weight
	}
	return sizes
}

// fitting returns the indexes, in order, of the panes that find room.
func (p Pane) fitting(total int) []int {
	kept := make([]int, len(p.Panes))
	need := 0
	for i, pane := range p.Panes {
		kept[i] = i
		need += pane.least()
	}
	for need > total && len(kept) > 1 {
		out := 0
		for k, i := range kept {
			if p.Panes[i].Priority <= p.Panes[kept[out]].Priority {
				out = k
			}
		}
		need -= p.Panes[kept[out]].least()
		kept = slices.Delete(kept, out, out+1)
	}
	return kept
}

// least is the size under which a pane finds no room.
func (p Pane) least() int {
	if p.Fixed > 0 {
		return p.Fixed
	}
	return max(p.Min, 1)
}
