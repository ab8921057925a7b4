package findings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// What findings can have in common, as the address names it; "" for no groups.
const (
	bySeverity  = "severity"
	byRule      = "rule"
	byNamespace = "namespace"
	byCategory  = "category"
	byObject    = "object"
)

// groupings are what there is to group by, in the order in which the key goes through
// them. In one namespace there are no others to tell apart.
func groupings(ofNamespace bool) []string {
	all := []string{"", bySeverity, byRule, byNamespace, byCategory, byObject}
	if ofNamespace {
		all = slices.DeleteFunc(all, func(by string) bool { return by == byNamespace })
	}
	return all
}

// group is some findings with something in common.
type group struct {
	title    string
	from, to int // of its findings among the ordered ones
	worst    audit.Severity
	counts   score.Counts // of those that are open
	points   float64
}

// key names a group in its table: no finding is called so.
func (g *group) key() string { return "group:" + g.title }

// groups are the findings of a list, group by group. They never change.
type groups struct {
	by      string
	ordered []*score.Finding // in each group in the order of the list
	all     []group
	at      map[string]int // by their keys
	widest  int            // of the titles, in cells
}

// groupsOf puts findings into groups; nil for none, and if the context ends.
func groupsOf(ctx context.Context, kept []*score.Finding, by string) *groups {
	switch by {
	case bySeverity:
		return collect(ctx, kept, by, severityOf, func(f *score.Finding) string {
			if !f.Open() {
				return "implied or accepted"
			}
			return f.Severity.String()
		})
	case byRule:
		return collect(ctx, kept, by, func(f *score.Finding) *audit.Rule { return f.Rule }, func(f *score.Finding) string { return f.Rule.ID })
	case byNamespace:
		return collect(ctx, kept, by, (*score.Finding).Home, home)
	case byCategory:
		return collect(ctx, kept, by, categoryOf, categoryOf)
	case byObject:
		return collect(ctx, kept, by, func(f *score.Finding) kube.Ref { return f.Subject }, func(f *score.Finding) string { return f.Subject.String() })
	}
	return nil
}

func categoryOf(f *score.Finding) string { return f.Category }

// severityOf is the severity by which findings are grouped: 0 for what does not count.
func severityOf(f *score.Finding) audit.Severity {
	if !f.Open() {
		return 0
	}
	return f.Severity
}

// collect puts findings with the same key into one group. Each is moved once, to its
// place: nothing is sorted but the groups.
func collect[K comparable](ctx context.Context, kept []*score.Finding, by string, key func(*score.Finding) K, title func(*score.Finding) string) *groups {
	index, of := map[K]int{}, make([]int, len(kept))
	var all []group
	for i, f := range kept {
		if i%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		k := key(f)
		g, known := index[k]
		if !known {
			g = len(all)
			index[k] = g
			all = append(all, group{title: title(f)})
		}
		of[i] = g
		all[g].add(f)
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareGroups(by, &all[a], &all[b]) })
	x := &groups{by: by, ordered: make([]*score.Finding, len(kept)), all: make([]group, len(all)), at: make(map[string]int, len(all))}
	next, start := make([]int, len(all)), 0
	for place, g := range order {
		size := all[g].to
		next[g] = start
		all[g].from, all[g].to = start, start+size
		start += size
		x.all[place] = all[g]
		x.at[all[g].key()] = place
		x.widest = max(x.widest, style.Width(style.Clean(all[g].title)))
	}
	for i, f := range kept {
		x.ordered[next[of[i]]] = f
		next[of[i]]++
	}
	return x
}

// add counts a finding in; while groups are collected, to is how many it has.
func (g *group) add(f *score.Finding) {
	g.to++
	g.points += f.Points
	if f.Open() {
		g.counts[f.Severity]++
		g.worst = max(g.worst, f.Severity)
	}
}

// compareGroups orders groups: severities from the worst on, others by what they cost.
func compareGroups(by string, a, b *group) int {
	if by == bySeverity {
		return cmp.Compare(b.worst, a.worst)
	}
	return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(b.worst, a.worst), strings.Compare(a.title, b.title))
}

// of returns the index of the group that has the finding at a place of the ordered ones.
func (x *groups) of(place int) int {
	return sort.Search(len(x.all), func(g int) bool { return x.all[g].to > place })
}

// rows are the findings of a list as they are shown: those of groups that are not
// folded, below a row for each group.
type rows struct {
	*list
	styles  *style.Styles
	several bool
	heads   []int // the row of each group
	total   int   // of rows
}

// newRows returns the rows of a list in which only some groups are not folded.
func newRows(l *list, s *style.Styles, several bool, unfolded map[string]bool) rows {
	r := rows{list: l, styles: s, several: several, total: len(l.kept)}
	if l.groups == nil {
		return r
	}
	r.heads, r.total = make([]int, len(l.groups.all)), 0
	for i := range l.groups.all {
		g := &l.groups.all[i]
		r.heads[i] = r.total
		r.total++
		if unfolded[g.key()] {
			r.total += g.to - g.from
		}
	}
	return r
}

// Len returns the number of rows.
func (r rows) Len() int { return r.total }

// place returns the group of a row and its finding: nil for the row of the group.
func (r rows) place(row int) (*group, *score.Finding) {
	if r.groups == nil {
		return nil, r.kept[row]
	}
	at := sort.SearchInts(r.heads, row+1) - 1
	g := &r.groups.all[at]
	if row == r.heads[at] {
		return g, nil
	}
	return g, r.groups.ordered[g.from+row-r.heads[at]-1]
}

// Key returns what names the finding for as long as it is there.
func (r rows) Key(row int) string {
	g, f := r.place(row)
	if f == nil {
		return g.key()
	}
	return screen.FindingKey(f, r.twins[f.Home()][f])
}

// Index returns the row of a key, -1 if there is none: a finding in a group that is
// folded has none.
func (r rows) Index(key string) int {
	if r.groups != nil {
		if at, ok := r.groups.at[key]; ok {
			return r.heads[at]
		}
	}
	at := r.foundAt
	if key != r.lookedFor {
		at = r.find(key)
	}
	if at < 0 || r.groups == nil {
		return at
	}
	g := r.groups.of(at)
	row := r.heads[g] + 1 + at - r.groups.all[g].from
	if end := r.total; g+1 < len(r.heads) && row >= r.heads[g+1] || row >= end {
		return -1
	}
	return row
}

// Heading tells of the group whose row it is, nil for a finding.
func (r rows) Heading(row int) []widget.Cell {
	if r.groups == nil {
		return nil
	}
	g, f := r.place(row)
	if f != nil {
		return nil
	}
	s := r.styles
	sign := "+"
	if r.unfoldedAt(row) {
		sign = "-"
	}
	mark := widget.Cell{Text: s.SeverityMark(screen.Severity(g.worst)), Style: s.Severity(screen.Severity(g.worst))}
	if g.worst == 0 {
		mark = widget.Cell{Text: "   "}
	}
	const titleMost = 48
	width := min(r.groups.widest, titleMost)
	cells := []widget.Cell{
		{Text: sign, Style: s.Accent},
		mark,
		{Text: style.FitText(g.title, width, style.Left, s.Glyphs.Ellipsis), Style: s.Title},
		{Text: fmt.Sprintf("%7d", g.to-g.from), Style: s.Text},
		{Text: fmt.Sprintf("%10s", pointsOf(g)), Style: s.Text},
	}
	for _, severity := range audit.Severities()[:4] {
		if n := g.counts[severity]; n > 0 && r.groups.by != bySeverity {
			look := screen.Severity(severity)
			cells = append(cells, widget.Cell{Text: fmt.Sprintf("%s%d", look.Letter(), n), Style: s.Severity(look)})
		}
	}
	return cells
}

func pointsOf(g *group) string {
	if g.points == 0 {
		return "0"
	}
	return fmt.Sprintf("-%.2f", g.points)
}

// unfoldedAt reports whether the findings of the group whose row it is are shown.
func (r rows) unfoldedAt(row int) bool {
	at := sort.SearchInts(r.heads, row)
	end := r.total
	if at+1 < len(r.heads) {
		end = r.heads[at+1]
	}
	return end > row+1
}
