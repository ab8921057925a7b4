package screen

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Told is a way as people read it: each hop in one sentence, which ends with its
// evidence. It keeps nothing of the graph, and is cleaned.
type Told struct {
	Start string // what the way begins with
	Hops  []ToldHop
	// Steps is how many hops take doing: the others only say that one thing is a part
	// of another.
	Steps int
	// Cost is that of all hops, Confidence that of the weakest.
	Cost       int
	Confidence string
}

// ToldHop is one hop of a way.
type ToldHop struct {
	Story, Family, Confidence string
	Cost                      int
	Part                      bool // nothing is done: one thing is a part of the other
}

// Tell words a way of a map.
func Tell(m *paths.Map, way paths.Way) Told {
	t := Told{Start: printable.Text(m.Vertex(way.Start).String()), Steps: Steps(way), Cost: way.Cost, Confidence: way.Confidence().String()}
	for _, h := range way.Hops {
		t.Hops = append(t.Hops, ToldHop{
			Story: printable.Text(m.Describe(h.Edge)), Family: h.Family.ID, Confidence: h.Confidence.String(),
			Cost: int(h.Cost), Part: h.Family.Structural(),
		})
	}
	return t
}

// Steps returns how many hops of a way take doing.
func Steps(way paths.Way) int {
	n := 0
	for _, h := range way.Hops {
		if !h.Family.Structural() {
			n++
		}
	}
	return n
}

// Measure says how hard a way is.
func (t Told) Measure() string {
	steps := fmt.Sprintf("%d steps", t.Steps)
	switch {
	case t.Steps == 1:
		steps = "1 step"
	case len(t.Hops) == 0:
		return "it is already there"
	}
	return fmt.Sprintf("%s, cost %d, %s", steps, t.Cost, t.Confidence)
}

// measure says how hard a hop is, and how the way is known.
func (h ToldHop) measure() string {
	return fmt.Sprintf("cost %d, %s, %s", h.Cost, h.Confidence, h.Family)
}

// Text writes the hops, one a line: those that take doing are numbered.
func (t Told) Text() string {
	var b strings.Builder
	step := 0
	for _, h := range t.Hops {
		if h.Part {
			fmt.Fprintf(&b, "     (%s)\n", h.Story)
			continue
		}
		step++
		fmt.Fprintf(&b, "%3d. %s [%s]\n", step, h.Story, h.measure())
	}
	return b.String()
}

// hanging is by how much a sentence stands behind its number, in cells.
const hanging = 4

// Lines draws the hops for a width: the sentence, then how hard it is.
func (t Told) Lines(st *style.Styles, width int) []string {
	var lines []string
	step := 0
	for _, h := range t.Hops {
		look, number, story := st.Muted, style.Blanks(hanging), "("+h.Story+")"
		if !h.Part {
			step++
			look, story = st.Text, h.Story
			number = st.Title.Render(style.Fit(fmt.Sprintf("%2d.", step), hanging, style.Left, st.Glyphs.Ellipsis))
		}
		for _, line := range style.Wrap(story, max(1, width-hanging)) {
			lines = append(lines, number+look.Render(line))
			number = style.Blanks(hanging)
		}
		if !h.Part {
			lines = append(lines, number+st.Muted.Render(style.Truncate(h.measure(), width-hanging, st.Glyphs.Ellipsis)))
		}
	}
	return lines
}

// Leading says what leads to a vertex, easiest first, one sentence a line and the
// last for those that are not named.
func Leading(m *paths.Map, v int32, most int) []string {
	hops, found := m.Into(v, most)
	var lines []string
	for _, h := range hops {
		lines = append(lines, fmt.Sprintf("%s [cost %d, %s]", printable.Text(m.Describe(h.Edge)), h.Cost, h.Confidence))
	}
	if rest := found - len(hops); rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", rest))
	}
	return lines
}

// Changes says what would close ways, what closes most first: open is how many ways
// there are.
func Changes(changes []paths.Change, open int) []string {
	lines := make([]string, len(changes))
	for i, change := range changes {
		then := ""
		if i > 0 {
			then = ", with those above"
		}
		lines[i] = fmt.Sprintf("%d of %d closed%s: %s", change.Closed, open, then, printable.Text(change.Evidence.String()))
	}
	return lines
}

// Falls says what falls with something, in sentences.
func Falls(b paths.Blast) []string {
	if b.Cluster {
		return []string{"Everything in the cluster."}
	}
	var lines []string
	add := func(format, everywhere string, namespaces []string) {
		switch {
		case len(namespaces) == 0:
		case namespaces[0] == "":
			lines = append(lines, everywhere)
		default:
			lines = append(lines, printable.Text(fmt.Sprintf(format, named(namespaces))))
		}
	}
	if b.Pools > 0 {
		lines = append(lines, "Root on nodes: "+Plural(b.Pools, "pool")+" of nodes that are alike.")
	}
	add("Everything in %s.", "Everything in every namespace.", b.Admin)
	add("The Secrets of %s.", "The Secrets of every namespace.", b.Secrets)
	if b.Accounts > 0 {
		lines = append(lines, "The identity of "+Plural(b.Accounts, "other ServiceAccount")+".")
	}
	if len(lines) == 0 {
		return []string{"Nothing beside itself: no node, no namespace, no Secrets, no other ServiceAccount."}
	}
	return lines
}

// Point draws one sentence of several, which stand below each other.
func Point(st *style.Styles, text string, width int) []string {
	var lines []string
	mark := "- "
	for _, line := range style.Wrap(text, max(1, width-len(mark))) {
		lines = append(lines, st.Muted.Render(mark)+st.Text.Render(line))
		mark = style.Blanks(len(mark))
	}
	return lines
}

// Plural names a number of things whose name takes an s for several.
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// named names some namespaces and counts the others.
func named(namespaces []string) string {
	const most = 6
	if rest := len(namespaces) - most; rest > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(namespaces[:most], ", "), rest)
	}
	return strings.Join(namespaces, ", ")
}
