package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/palette"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// mostRecent is how many things that were chosen are remembered.
const mostRecent = 50

// finder is the palette: a line being typed over a screen, and what it finds. Both the
// index and each search are made in the background; what was found last is shown until
// then.
type finder struct {
	shown  bool
	line   widget.Prompt
	cursor int
	top    int // the first hit that is seen
	page   int // how many hits are seen, as last drawn

	index    *palette.Index
	result   *palette.Result
	accepted bool // the best hit is to be taken as soon as it is known
	building *screen.Work
	search   *screen.Work
	recent   []palette.Chosen // the last one at the end
}

// newFinder returns the palette of a program.
func newFinder(m *Model) *finder {
	f := &finder{}
	f.building, f.search = screen.NewWork(m.gather), screen.NewWork(f.seek)
	return f
}

// begin begins what the palette has asked for.
func (f *finder) begin(crew *screen.Crew) tea.Cmd { return crew.Do(f.building, f.search) }

// startPalette opens the palette. Commands and screens can be found at once, the rest
// as soon as it is gathered.
func (m *Model) startPalette() {
	f := m.finder
	f.line.Reset()
	f.shown, f.cursor, f.top, f.result, f.accepted = true, 0, 0, nil, false
	in := m.findable()
	f.index = palette.NewIndex(m.ctx, slices.Concat(commandItems(m.ctx, in), screenItems(m.ctx, in)), f.recent)
	if f.index == nil {
		return // the program is about to end
	}
	f.search.Restart(f.index.Len())
	f.building.Restart(screen.Many)
}

// findable is what there is to find now.
func (m *Model) findable() findable {
	in := findable{categories: m.options.Categories, assessed: m.news.Assessment, contexts: m.options.Contexts}
	for _, b := range m.keys.Bindings(m.scopes()...) {
		if b.ID != keymap.Palette {
			in.bindings = append(in.bindings, b)
		}
	}
	return in
}

// gather returns the job that makes the index of everything.
func (m *Model) gather() screen.Job {
	f, in := m.finder, m.findable()
	recent := slices.Clone(f.recent)
	return func(ctx context.Context) func() {
		var items []palette.Item
		for _, s := range sources() {
			items = append(items, s.items(ctx, in)...)
		}
		index := palette.NewIndex(ctx, items, recent)
		if index == nil {
			return nil
		}
		return func() {
			f.index = index
			f.search.Restart(index.Len())
		}
	}
}

// seek returns the job that searches for what is typed now.
func (f *finder) seek() screen.Job {
	index, before, q := f.index, f.result, palette.ParseQuery(f.line.Value())
	return func(ctx context.Context) func() {
		found := index.Search(ctx, q, before)
		if found == nil {
			return nil
		}
		return func() {
			f.result = found
			f.moveTo(f.cursor)
		}
	}
}

// paletteKey passes a key to the palette.
func (m *Model) paletteKey(key tea.KeyPressMsg) tea.Cmd {
	f := m.finder
	switch id := m.keys.Lookup(key.String(), keymap.Prompt); id {
	case keymap.OlderInput:
		f.moveTo(f.cursor - 1)
	case keymap.NewerInput, keymap.Complete:
		f.moveTo(f.cursor + 1)
	case keymap.Cancel:
		f.close()
	case keymap.Accept:
		f.accepted = true // Update takes it
	case "":
		f.pageKey(key, m.keys)
	default:
		f.edit(key, m.keys)
	}
	return nil
}

// pageKey moves by pages, or types a letter: while a line is typed, letters are text.
func (f *finder) pageKey(key tea.KeyPressMsg, keys *keymap.Map) {
	id := keys.Lookup(key.String(), keymap.Table)
	switch {
	case key.Text != "":
		f.edit(key, keys)
	case id == keymap.PageUp:
		f.moveTo(f.cursor - max(f.page, 1))
	case id == keymap.PageDown:
		f.moveTo(f.cursor + max(f.page, 1))
	}
}

// edit passes a key to the line.
func (f *finder) edit(key tea.KeyPressMsg, keys *keymap.Map) {
	if f.line.Handle(key, keys) == widget.PromptEdited {
		f.typed()
	}
}

// typed searches for another text, and begins at its best hit.
func (f *finder) typed() {
	f.cursor, f.top, f.accepted = 0, 0, false
	if f.index != nil {
		f.search.Restart(f.index.Len())
	}
}

// moveTo puts the cursor on a hit, as far as there are any.
func (f *finder) moveTo(to int) {
	hits := 0
	if f.result != nil {
		hits = len(f.result.Hits)
	}
	f.cursor = max(0, min(to, hits-1))
	f.top = max(0, max(f.cursor-max(f.page, 1)+1, min(f.top, f.cursor)))
}

// close leaves the palette. What it was made of is let go.
func (f *finder) close() {
	f.shown, f.index, f.result = false, nil, nil
	f.building.Stop()
	f.search.Stop()
}

// ready reports whether a hit is to be taken, and known: those of an earlier text are
// not what the user has typed.
func (f *finder) ready() bool {
	return f.shown && f.accepted && !f.search.Pending() && !f.building.Pending() && f.result != nil
}

// choose does what the hit under the cursor means.
func (m *Model) choose() tea.Cmd {
	f := m.finder
	f.accepted = false
	if f.cursor >= len(f.result.Hits) {
		return nil
	}
	item := f.result.Hits[f.cursor].Item
	chosen := palette.Chosen{Kind: item.Kind, Text: item.Text}
	f.recent = append(slices.DeleteFunc(f.recent, func(old palette.Chosen) bool { return old == chosen }), chosen)
	f.recent = f.recent[max(0, len(f.recent)-mostRecent):]
	f.close()
	for _, s := range sources() {
		if s.kind == item.Kind {
			return s.choose(m, item)
		}
	}
	return nil
}
