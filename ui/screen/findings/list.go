package findings

import (
	"context"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// inputs are what a list is made of.
type inputs struct {
	shown     *score.Assessment
	namespace string // "" for all
	order     order
	text      string // of the filter
	filter    *widget.Filter
	by        string // what they are grouped by, "" for nothing
}

// same reports whether two inputs make the same list.
func (in inputs) same(other inputs) bool {
	return in.shown == other.shown && in.order == other.order && in.text == other.text && in.by == other.by
}

// homes are the namespaces whose findings are listed, by name.
func (in inputs) homes() []*score.Namespace {
	homes := slices.Clone(in.shown.Namespaces)
	if in.namespace != "" {
		homes = slices.DeleteFunc(homes, func(n *score.Namespace) bool { return n.Name != in.namespace })
	}
	slices.SortFunc(homes, func(a, b *score.Namespace) int { return strings.Compare(a.Name, b.Name) })
	return homes
}

// list is the findings in the order to show. It never changes; a row costs two
// pointers, whatever it shows.
type list struct {
	in   inputs
	all  []*score.Finding // sorted
	kept []*score.Finding // those that the filter lets through
	// groups are the kept ones group by group, nil where they are not grouped.
	groups *groups
	// twins are those of each namespace that is listed.
	twins map[*score.Namespace]map[*score.Finding]int
	// lookedFor is the key that was selected when the list was begun, foundAt
	// where it stands among those that are shown.
	lookedFor string
	foundAt   int
}

// next makes a list out of the one before, nil for none, and returns nil if the
// context ended before. What did not change is neither sorted nor filtered again:
// it is left where it was, and what is new is put between.
func (l *list) next(ctx context.Context, in inputs, selected string) *list {
	made := &list{in: in, lookedFor: selected, twins: map[*score.Namespace]map[*score.Finding]int{}}
	if l == nil {
		l = &list{in: inputs{order: in.order, text: in.text}}
	}
	var fresh []*score.Finding
	homes := in.homes()
	for _, n := range homes {
		twins, known := l.twins[n]
		if !known {
			twins = screen.Twins(n.Findings)
			fresh = append(fresh, n.Findings...)
		}
		made.twins[n] = twins
	}
	fresh = in.order.sort(ctx, fresh)
	leftKept := made.still(l, l.kept)
	if in.order == l.in.order {
		made.all = in.order.merge(made.still(l, l.all), fresh)
	} else {
		made.all = in.order.sort(ctx, all(homes))
	}
	switch {
	case in.filter == nil:
		made.kept = made.all
	case in.text == l.in.text && in.order == l.in.order:
		made.kept = in.order.merge(leftKept, in.let(ctx, fresh))
	case in.text == l.in.text:
		made.kept = among(made.all, append(in.let(ctx, fresh), leftKept...))
	case in.filter.Narrows(l.in.filter) && in.order == l.in.order:
		made.kept = in.let(ctx, in.order.merge(leftKept, fresh))
	default:
		made.kept = in.let(ctx, made.all)
	}
	if made.group(ctx, l); ctx.Err() != nil {
		return nil
	}
	made.foundAt = made.find(selected)
	return made
}

// all returns the findings of namespaces, in their order.
func all(homes []*score.Namespace) []*score.Finding {
	var findings []*score.Finding
	for _, n := range homes {
		findings = append(findings, n.Findings...)
	}
	return findings
}

// among returns those findings that are in a set, in the order of the list.
func among(list, set []*score.Finding) []*score.Finding {
	members := make(map[*score.Finding]bool, len(set))
	for _, f := range set {
		members[f] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(f *score.Finding) bool { return !members[f] })
}

// still returns those findings of the list before that are there as they were.
func (l *list) still(before *list, findings []*score.Finding) []*score.Finding {
	for n := range before.twins {
		if _, there := l.twins[n]; !there {
			return slices.DeleteFunc(slices.Clone(findings), func(f *score.Finding) bool {
				_, there := l.twins[f.Home()]
				return !there
			})
		}
	}
	return findings
}

// find returns where the finding of a key stands, -1 if it does not.
func (l *list) find(key string) int {
	f := screen.FindFinding(l.in.shown, key)
	if f == nil {
		return -1
	}
	return slices.Index(l.ordered(), f)
}

// ordered are the findings in the order in which they are shown.
func (l *list) ordered() []*score.Finding {
	if l.groups != nil {
		return l.groups.ordered
	}
	return l.kept
}

// group puts the findings into groups, which are those of the list before if nothing
// has changed.
func (l *list) group(ctx context.Context, before *list) {
	same := len(l.kept) == len(before.kept) && (len(l.kept) == 0 || &l.kept[0] == &before.kept[0])
	if before.groups != nil && before.groups.by == l.in.by && same {
		l.groups = before.groups
		return
	}
	l.groups = groupsOf(ctx, l.kept, l.in.by)
}

// let returns the findings that the filter lets through.
func (in inputs) let(ctx context.Context, findings []*score.Finding) []*score.Finding {
	kept := []*score.Finding{}
	row := &filterRow{cluster: in.shown.Cluster} // one for all
	for i, f := range findings {
		if i%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		if row.f = f; in.filter.Match(row) {
			kept = append(kept, f)
		}
	}
	return kept
}
