package rbac

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// mark is how far a verb goes.
type mark uint8

const (
	not       mark = iota
	byName         // for single objects only
	somewhere      // in single namespaces
	everywhere
)

// letter is how a mark is drawn, legend what it means.
func (m mark) letter() string { return string(".nsE"[m]) }

const legend = "E everywhere   s in some namespaces   n only named objects   . not"

// matrix is what somebody can do: resources by verbs. The words are clean.
type matrix struct {
	verbs     []string // the columns
	resources []matrixRow
}

type matrixRow struct {
	name   string
	path   bool
	marks  map[string]mark // by verb
	others []string        // verbs that have no column
}

// matrixOf makes the matrix of rights, what goes furthest first.
func matrixOf(rights []access.Right) matrix {
	const columns = 7 // of the verbs that nearly every resource has; the others are rare
	m := matrix{verbs: access.Verbs()[:columns]}
	at := map[string]int{}
	for _, r := range answer.Together(rights) {
		if answer.Void(r.Right) != "" {
			continue
		}
		for _, what := range r.What {
			i, known := at[what]
			if !known {
				i = len(m.resources)
				at[what] = i
				m.resources = append(m.resources, matrixRow{name: printable.Text(what), path: r.Path != "", marks: map[string]mark{}})
			}
			m.resources[i].add(m.verbs, r.Right)
		}
	}
	slices.SortStableFunc(m.resources, func(a, b matrixRow) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), strings.Compare(a.name, b.name))
	})
	return m
}

// add marks what a right gives.
func (r *matrixRow) add(verbs []string, right access.Right) {
	reach := everywhere
	switch {
	case len(right.Names) > 0:
		reach = byName
	case right.Namespace != "":
		reach = somewhere
	}
	for _, verb := range right.Verbs {
		switch {
		case verb == "*":
			for _, v := range verbs {
				r.marks[v] = max(r.marks[v], reach)
			}
			r.other("all others")
		case slices.Contains(verbs, verb):
			r.marks[verb] = max(r.marks[verb], reach)
		default:
			r.other(printable.Text(verb))
		}
	}
}

func (r *matrixRow) other(verb string) {
	if !slices.Contains(r.others, verb) {
		r.others = append(r.others, verb)
	}
}

// weight orders rows: the sum of the marks; everything comes before all, and paths
// come last.
func (r *matrixRow) weight() int {
	sum := len(r.others)
	for _, m := range r.marks {
		sum += int(m) * int(m)
	}
	switch {
	case r.name == "*":
		sum += 1 << 16
	case r.path:
		sum -= 1 << 16
	}
	return sum
}

// lines draws the matrix in at most so many lines; the last one is the legend.
func (m matrix) lines(st *style.Styles, width, height int) []string {
	if len(m.resources) == 0 {
		return []string{st.Muted.Render("nothing is granted")}
	}
	const least, most, between = 16, 40, 2
	name := least
	for _, r := range m.resources {
		name = max(name, style.Width(r.name))
	}
	name = min(name, most, max(least, width/3))
	gap := style.Blanks(between)
	head := style.Blanks(name) + gap + strings.Join(m.verbs, gap) + gap + "others"
	lines := []string{st.Header.Render(style.Fit(head, width, style.Left, st.Glyphs.Ellipsis))}
	shown := len(m.resources)
	if room := max(1, height-2); shown > room {
		shown = max(1, room-1)
	}
	for _, r := range m.resources[:shown] {
		lines = append(lines, r.line(st, m.verbs, name, between, width))
	}
	if rest := len(m.resources) - shown; rest > 0 {
		lines = append(lines, st.Muted.Render(fmt.Sprintf("and %d more", rest)))
	}
	return append(lines, st.Muted.Render(legend))
}

func (r *matrixRow) line(st *style.Styles, verbs []string, name, between, width int) string {
	var line strings.Builder
	st.Text.AppendFit(&line, r.name, name, style.Left, st.Glyphs.Ellipsis)
	used := name
	for _, verb := range verbs {
		look := st.Muted
		switch r.marks[verb] {
		case everywhere:
			look = st.Warn
		case somewhere, byName:
			look = st.Text
		case not:
		}
		before := (style.Width(verb) - 1) / 2
		line.WriteString(style.Blanks(between + before))
		look.Append(&line, r.marks[verb].letter())
		line.WriteString(style.Blanks(style.Width(verb) - 1 - before))
		used += between + style.Width(verb)
	}
	line.WriteString("  ")
	st.Text.Append(&line, style.Truncate(strings.Join(r.others, ", "), width-used-2, st.Glyphs.Ellipsis))
	return line.String()
}
