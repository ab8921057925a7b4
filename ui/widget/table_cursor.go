package widget

// Cursor is where the cursor of a table stands, to come back to.
type Cursor struct {
	// Key is that of its row, "" if the user has not put it anywhere.
	Key string
	// Line is on which line of the rows it stands, from 0.
	Line int
}

// Cursor returns where the cursor stands, the zero value if the user has not put it
// anywhere.
func (t *Table) Cursor() Cursor {
	switch {
	case t.sought.Key != "":
		return t.sought
	case !t.moved:
		return Cursor{}
	}
	return Cursor{t.key, t.cursor - t.top}
}

// Return puts the cursor where it stood: at once if the row is there, else as soon as it
// comes, unless the user moves the cursor before.
func (t *Table) Return(to Cursor) {
	t.sought = to
	if to.Key == "" {
		t.moved = false
		t.moveTo(0)
		return
	}
	t.seek()
}

// seek looks for the row that the cursor is to return to, and reports whether it is
// there.
func (t *Table) seek() bool {
	if t.sought.Key == "" {
		return false
	}
	found := t.find(t.sought.Key)
	if found < 0 {
		return false
	}
	t.top = found - t.sought.Line
	t.sought, t.moved = Cursor{}, true
	t.moveTo(found)
	return true
}
