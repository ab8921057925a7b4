package findings

import (
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Object returns the object of what is under the cursor.
func (s *Screen) Object() (kube.Ref, bool) {
	if s.tab == workloadsTab {
		if w := s.workloads.selected(); w != nil {
			return w.Ref, true
		}
		return kube.Ref{}, false
	}
	if f := s.selected(); f != nil {
		return f.Subject, true
	}
	return kube.Ref{}, false
}

// Touch turns to the list whose name lies at a cell.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	to, there := s.tabs.At(x, y)
	if there && to != s.tab {
		s.turn(to)
		s.look()
	}
	return "", there
}

// Fault returns the field that the finding under the cursor is about.
func (s *Screen) Fault() string {
	if f := s.selected(); f != nil && s.tab != workloadsTab {
		s.table.Move(0) // what was opened is what the user comes back to
		return f.Path
	}
	return ""
}

// Table returns the table of findings.
func (s *Screen) Table() *widget.Table {
	if s.tab == workloadsTab {
		return s.workloads.table
	}
	return s.table
}

// Arrange sorts the findings, or the workloads, anew.
func (s *Screen) Arrange() {
	if s.tab == workloadsTab {
		s.workloads.making.Restart(s.effort())
		return
	}
	s.listing.Restart(s.count)
}
