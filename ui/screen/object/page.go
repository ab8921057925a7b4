package object

import (
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// page is a text taken apart. It never changes.
type page struct {
	text     kube.Text
	lines    []string
	root     *yaml.Node // nil for a text that does not parse
	path     document.Path
	sections []section    // by where they begin, the outer before the inner
	plain    map[int]bool // lines within a text of several lines: no YAML
}

// section is a part of a text that can be folded: a key or an element of a list with all
// below it. Lines count from 0.
type section struct {
	from, to int // the first line, which stays in sight, and the last
	routine  bool
}

// leastFolded is how many lines a section must hide to be folded by itself.
const leastFolded = 3

// newPage takes a text apart.
func newPage(text kube.Text) *page {
	p := &page{text: text, lines: document.Lines(text.YAML), plain: map[int]bool{}}
	p.root, _ = document.Parse(text.YAML) // what does not parse is shown as it is
	p.path, _ = document.ParsePath(text.Path)
	if p.root != nil {
		p.collect(p.root, len(p.lines)-1)
		sort.SliceStable(p.sections, func(i, j int) bool { return p.sections[i].from < p.sections[j].from })
	}
	return p
}

// collect finds the sections below a node whose last line is known.
func (p *page) collect(n *yaml.Node, last int) {
	switch n.Kind {
	case yaml.DocumentNode:
		for _, child := range n.Content {
			p.collect(child, last)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			end := last
			if i+2 < len(n.Content) {
				end = n.Content[i+2].Line - 2
			}
			p.part(n.Content[i], n.Content[i+1], end)
		}
	case yaml.SequenceNode:
		for i, child := range n.Content {
			end := last
			if i+1 < len(n.Content) {
				end = n.Content[i+1].Line - 2
			}
			p.part(child, child, end)
		}
	case yaml.ScalarNode, yaml.AliasNode:
	}
}

// part adds what begins with one node and has the value of another.
func (p *page) part(first, value *yaml.Node, end int) {
	from := first.Line - 1
	end = min(end, len(p.lines)-1)
	for end > from && isAside(p.lines[end]) { // a comment belongs to what follows it
		end--
	}
	if end > from {
		p.sections = append(p.sections, section{from: from, to: end, routine: first != value && first.Value == "managedFields"})
	}
	if value.Kind == yaml.ScalarNode {
		if value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			for i := from + 1; i <= end; i++ {
				p.plain[i] = true
			}
		}
		return
	}
	p.collect(value, end)
}

// isAside reports whether a line is blank, a comment or the end of a document.
func isAside(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#' || line == "---" || line == "..."
}

// lineOf returns the line of a field, or of the nearest part of the way to it that is
// there.
func (p *page) lineOf(field string) int {
	if p.root == nil {
		return 0
	}
	if field == "" {
		field = "kind"
	}
	path, err := document.ParsePath(field)
	if err != nil {
		path = nil
	}
	whole := append(append(document.Path{}, p.path...), path...)
	return max(0, min(document.LineOf(p.root, whole)-1, len(p.lines)-1))
}

// sectionAt returns the section that a line begins, or else the smallest one around it;
// false if there is none.
func (p *page) sectionAt(line int) (section, bool) {
	best, found := section{}, false
	for _, s := range p.sections {
		switch {
		case s.from > line:
			return best, found
		case s.from == line:
			return s, true // the outer comes first
		case s.to >= line:
			best, found = s, true
		}
	}
	return best, found
}

// folded has the last line of what is folded away behind a line. Several sections may begin
// on one: an element of a list and its first key.
type folded map[int]int

// folds returns what is folded at first, so that the marked lines stand in sight with what
// is around them. Without marks only what nobody reads is folded.
func (p *page) folds(marks []mark) folded {
	away := folded{}
	at := make([]int, len(marks))
	for i, m := range marks {
		at[i] = m.line
	}
	sort.Ints(at)
	for n, s := range p.sections {
		first := s.from
		if n > 0 && p.sections[n-1].from == s.from {
			first++ // what is on that line is said of the element, not of its first key
		}
		i := sort.SearchInts(at, first)
		holds := i < len(at) && at[i] <= s.to
		_, outer := away[s.from]
		if !outer && (s.to-s.from >= leastFolded && !holds && len(at) > 0 || s.routine) {
			away[s.from] = s.to
		}
	}
	return away
}

// row is a line in sight; hidden is how many are folded away behind it.
type row struct{ line, hidden int }

// rows returns the lines that are not folded away.
func (p *page) rows(away folded) []row {
	rows := make([]row, 0, len(p.lines))
	for line := 0; line < len(p.lines); line++ {
		hidden := 0
		if to, ok := away[line]; ok {
			hidden = to - line
		}
		rows = append(rows, row{line, hidden})
		line += hidden
	}
	return rows
}
