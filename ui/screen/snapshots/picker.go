package snapshots

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// picker is the list of moments, from which one side is chosen.
type picker struct {
	screen  *Screen
	open    bool
	side    int // that is chosen for
	table   *widget.Table
	listing *screen.Work
	known   []screen.Snapshot
	failed  error
	listed  bool
	sought  bool // the cursor is to go to the moment that is chosen now
}

func (p *picker) init(s *Screen) {
	p.screen = s
	p.table = widget.NewTable([]widget.Column{
		{Title: "MOMENT", Min: 20, Ideal: 28, Max: 72, Priority: 10},
		{Title: "WRITTEN", Min: 20, Ideal: 20, Max: 20, Priority: 9},
		{Title: "BYTES", Min: 10, Ideal: 10, Max: 12, Priority: 7, Align: style.Right},
		{Title: "WHERE", Min: 12, Ideal: 30, Max: widget.Unlimited, Priority: 8},
	})
	p.listing = screen.NewWork(p.list)
}

// start opens the list for a side, on the moment that is chosen now.
func (p *picker) start(side int) {
	p.open, p.side, p.failed, p.sought = true, side, nil, true
	p.show()
	p.listing.Renew(screen.Many)
}

// list returns the job that asks which recordings there are.
func (p *picker) list() screen.Job {
	store := p.screen.store
	if store == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		known, err := store.List(ctx)
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			p.known, p.failed, p.listed = known, err, true
			p.show()
		}
	}
}

// show puts the moments into the table: the two that are no recordings first.
func (p *picker) show() {
	all := append([]screen.Snapshot{{Name: now, Folder: "the cluster as it is"}, {Name: start, Folder: "when this session had read it"}}, p.known...)
	p.table.SetRows(moments{all, p.screen.frame.Styles})
	if p.sought {
		p.table.Select(p.screen.sides[p.side].name)
	}
}

// act moves the cursor, or takes the moment under it.
func (p *picker) act(id keymap.ID) tea.Cmd {
	if key, _, ok := p.table.Selected(); ok && id == keymap.Open {
		p.open = false
		p.screen.set(p.side, key)
		return nil
	}
	p.sought = !p.table.Handle(id) && p.sought
	return nil
}

// draw draws the list.
func (p *picker) draw(st *style.Styles, r widget.Rect) widget.Block {
	title := fmt.Sprintf("Which moment is %s? enter takes it", [...]string{"A, the one before", "B, the one after"}[p.side])
	switch {
	case p.failed != nil:
		title += ": " + p.failed.Error()
	case p.listing.Pending() && !p.listed:
		title += st.Glyphs.Ellipsis
	}
	return p.table.In(r).RenderBox(st, title, r.W, r.H)
}

// moments are the moments to choose from.
type moments struct {
	all    []screen.Snapshot
	styles *style.Styles
}

// Len returns the number of moments.
func (m moments) Len() int { return len(m.all) }

// Key returns the name of a moment.
func (m moments) Key(i int) string { return m.all[i].Name }

// Cells appends the cells of a moment.
func (m moments) Cells(i int, dst []widget.Cell) []widget.Cell {
	o, s := m.all[i], m.styles
	written, size := "", ""
	if !o.Time.IsZero() {
		written, size = o.Time.UTC().Format("2006-01-02 15:04 UTC"), fmt.Sprint(o.Size)
	}
	return append(dst, widget.Cell{Text: o.Name, Style: s.Text}, widget.Cell{Text: written, Style: s.Text},
		widget.Cell{Text: size, Style: s.Muted}, widget.Cell{Text: o.Folder, Style: s.Muted})
}
