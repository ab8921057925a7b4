package ownership

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// about tells who the selected object belongs to, what was changed of it, and who wrote it,
// in at most height lines.
func (s *Screen) about(width, height int) []string {
	selected, ok := s.Selected()
	if !ok {
		return nil
	}
	st := s.frame.Styles
	var lines []string
	add := func(look style.Style, text string) { lines = append(lines, look.Wrap(style.Clean(text), width)...) }
	add(st.Title, selected.Ref.String())
	add(st.Muted, belongs(s.shown.Cluster, &selected))
	for _, change := range selected.Changes {
		add(st.Warn, toldOf(change))
		if len(change.Unsure) > 0 {
			add(st.Muted, "which may be let: only who delivers it can evaluate "+strings.Join(change.Unsure, ", "))
		}
	}
	for _, w := range selected.Writers {
		text := fmt.Sprintf("written by %s as %s", w.Manager, w.APIVersion)
		if !w.At.IsZero() {
			text += " at " + kube.Moment(w.At)
		}
		add(st.Text, text)
	}
	return lines[:min(len(lines), height)]
}

// belongs says in a sentence what becomes of a change.
func belongs(c *kube.Cluster, i *ownership.Item) string {
	if owner := ownership.Of(c, i.Ref); !owner.IsZero() {
		return "It " + owner.String() + "."
	}
	return told(i.Standing)
}

// told says what becomes of what no tool owns.
func told(s ownership.Standing) string {
	switch s {
	case ownership.Program:
		return "Written by a program that is no tool known here: whether it would write it again nobody can tell."
	case ownership.Hand:
		return "Written by people: nothing brings it back if it is lost, and no review says why it is as it is."
	case ownership.Kubernetes:
		return "Written by the cluster itself."
	case ownership.Delivered, ownership.Managed, ownership.Unknown:
	}
	return "Nobody can tell who wrote it: neither what is written down nor the object says so."
}

type rows struct {
	styles *style.Styles
	items  []ownership.Item
}

// Len returns the number of objects.
func (r rows) Len() int { return len(r.items) }

// Key returns the name of an object with its kind and namespace.
func (r rows) Key(i int) string { return r.items[i].Ref.String() }

// Cells appends the cells of an object.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	item, st := &r.items[i], r.styles
	return append(dst, widget.Cell{Text: item.Standing.String(), Style: lookOf(item.Standing, st)},
		widget.Cell{Text: item.Ref.Kind, Style: st.Muted}, widget.Cell{Text: item.Ref.Name, Style: st.Text},
		widget.Cell{Text: item.By, Style: st.Text}, widget.Cell{Text: owner(item), Style: st.Muted},
		widget.Cell{Text: amount(len(item.Changes)), Style: st.Warn})
}

// lookOf is how a standing is drawn, beside its word.
func lookOf(s ownership.Standing, st *style.Styles) style.Style {
	switch s {
	case ownership.Delivered, ownership.Managed:
		return st.OK
	case ownership.Hand:
		return st.Warn
	case ownership.Program, ownership.Kubernetes, ownership.Unknown:
	}
	return st.Muted
}

// amount writes a number, and nothing for none.
func amount(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
