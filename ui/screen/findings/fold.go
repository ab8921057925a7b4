package findings

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// actOnGroups does what a key means for groups.
func (s *Screen) actOnGroups(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.FoldGroup:
		return s.fold()
	case keymap.FoldGroups:
		return s.foldAll()
	default:
		s.groupNext()
		return nil
	}
}

// groupNext groups by the next of what findings have in common.
func (s *Screen) groupNext() {
	all := groupings(s.ofNamespace())
	s.by = all[(slices.Index(all, s.by)+1)%len(all)]
	s.listing.Restart(s.count)
}

// arrange shows the list with its groups as they are folded.
func (s *Screen) arrange() {
	s.rows = newRows(s.list, s.frame.Styles, !s.ofNamespace(), s.unfolded)
	s.table.SetRows(s.rows)
}

// regroup begins with groups that are all folded but the one with the finding that the
// user has the cursor on.
func (s *Screen) regroup() {
	s.unfolded = map[string]bool{}
	key, _, ok := s.table.Selected()
	if !ok || !s.table.Moved() || s.list.groups == nil {
		return
	}
	at := s.list.foundAt
	if key != s.list.lookedFor {
		at = s.list.find(key)
	}
	if at >= 0 {
		s.unfolded[s.list.groups.all[s.list.groups.of(at)].key()] = true
	}
}

// fold folds the group under the cursor, or unfolds it.
func (s *Screen) fold() tea.Cmd {
	g := s.group()
	if g == nil {
		return nav.Notice("nothing is grouped here")
	}
	key := g.key()
	s.table.Select(key)
	if s.unfolded[key] {
		delete(s.unfolded, key)
	} else {
		s.unfolded[key] = true
	}
	s.arrange()
	return nil
}

// foldAll folds all groups or, if they are, unfolds them.
func (s *Screen) foldAll() tea.Cmd {
	g := s.group()
	if g == nil {
		return nav.Notice("nothing is grouped here")
	}
	if len(s.unfolded) > 0 {
		s.table.Select(g.key())
		s.unfolded = map[string]bool{}
	} else {
		for i := range s.list.groups.all {
			s.unfolded[s.list.groups.all[i].key()] = true
		}
	}
	s.arrange()
	return nil
}

// group returns the group of the row under the cursor, nil where nothing is grouped.
func (s *Screen) group() *group {
	_, i, ok := s.table.Selected()
	if !ok || s.list == nil || i >= s.rows.Len() {
		return nil
	}
	g, _ := s.rows.place(i)
	return g
}

// markGroup marks the findings of a group or, if all are marked, takes the marks off.
func (s *Screen) markGroup(g *group) tea.Cmd {
	members := s.list.groups.ordered[g.from:g.to]
	keys, unmarked := make([]string, len(members)), 0
	for i, f := range members[:min(len(members), screen.MostMarked)] {
		keys[i] = screen.FindingKey(f, s.list.twins[f.Home()][f])
		if !s.marks.Has(keys[i]) {
			unmarked++
		}
	}
	for _, key := range keys[:min(len(keys), screen.MostMarked)] {
		switch {
		case unmarked == 0:
			s.marks.Toggle(key)
		case !s.marks.Add(key):
			return tooMany()
		}
	}
	if len(members) > screen.MostMarked {
		return tooMany()
	}
	return nil
}
