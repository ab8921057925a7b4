package heatmap

import "github.com/seaworthy-dev/seaworthy/ui/keymap"

// Touch puts the cursor on the cell of the map that lies at a cell of the screen. A click
// on the one that has the cursor opens it; one on a title sorts by its column, or the
// other way round.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	const edge, titles = 1, 1
	column, line := s.columnAt(x-edge), y-edge-titles
	row := s.top + line/s.step()
	switch {
	case column < 0:
		return "", false
	case line == -1:
		s.column = column
		if s.sorted == column {
			return keymap.Reverse, true
		}
		return keymap.Sort, true
	case line < 0, line%s.step() > 0, line/s.step() >= s.page, row >= len(s.namespaces):
		return "", false
	case s.row == row && s.column == column:
		return keymap.Open, true
	}
	s.moved, s.column = true, column
	s.stand(row)
	return "", true
}

// columnAt returns the column that lies so many cells from the left, -1 for none. The
// names of the namespaces go with their scores.
func (s *Screen) columnAt(x int) int {
	const before, gap = 2, 1
	first := before + s.drawn.name + gap + scoreCell
	switch {
	case x < before || s.drawn.cell == 0 || x >= first+s.drawn.cell*len(s.drawn.visible):
		return -1
	case x < first:
		return 0
	}
	return s.left + 1 + (x-first)/s.drawn.cell
}
