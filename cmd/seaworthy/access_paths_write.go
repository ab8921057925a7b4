package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

func writePathsText(s *streams, a *attack) error {
	var text strings.Builder
	line := func(indent, hanging, sentence string) {
		for i, part := range style.Wrap(sentence, page-len(hanging)) {
			if i > 0 {
				indent = hanging
			}
			text.WriteString(indent + part + "\n")
		}
	}
	if a.gone != nil {
		line("", "", a.gone.sentence(a))
	}
	line("", "", a.heading())
	for _, ways := range a.told {
		for i, way := range ways {
			title := fmt.Sprintf("%s  (cost %d, %s)", a.name(way.Start), way.Cost, way.Confidence())
			if i > 0 {
				title = fmt.Sprintf("without all that, %s  (cost %d, %s)", a.name(way.Start), way.Cost, way.Confidence())
			}
			text.WriteString("\n")
			line("", "  ", title)
			for n, h := range way.Hops {
				line(fmt.Sprintf("%3d. ", n+1), "     ", fmt.Sprintf("%s [%s, %s]", a.story(h), h.Family.ID, h.Confidence))
			}
		}
	}
	if rest := a.open - len(a.told); rest > 0 {
		text.WriteString("\n")
		writeRest(&text, "", rest)
	}
	a.writePlan(&text, line)
	a.writeCut(&text, line)
	text.WriteString("\n")
	if _, err := fmt.Fprint(s.out, text.String()); err != nil {
		return err
	}
	return a.limits.tell(s, a.view)
}

// writeRest says how many more there are than are told of, if there are.
func writeRest(text *strings.Builder, indent string, rest int) {
	switch rest {
	case 0:
	case 1:
		text.WriteString(indent + "and 1 more: --limit tells of it\n")
	default:
		fmt.Fprintf(text, "%sand %d more: --limit tells of them\n", indent, rest)
	}
}

// writePlan tells of the few changes that close most.
func (a *attack) writePlan(text *strings.Builder, line func(indent, hanging, sentence string)) {
	if len(a.plan) == 0 {
		return
	}
	them := "them"
	if a.open == 1 {
		them = "it"
	}
	text.WriteString("\nWhat would close " + them + ":\n")
	for i, change := range a.plan {
		line(fmt.Sprintf("%3d. ", i+1), "     ", fmt.Sprintf("%s: %d of %d closed then, cost %d (%s)",
			printable.Text(change.Evidence.String()), change.Closed, a.open, change.Effort.Cost, change.Effort.Change))
	}
}

// writeCut tells of the cheapest changes that close all.
func (a *attack) writeCut(text *strings.Builder, line func(indent, hanging, sentence string)) {
	if a.open == 0 {
		return
	}
	text.WriteString("\n")
	proof := "proved cheapest"
	if !a.cut.Proved() {
		proof = fmt.Sprintf("not proved cheapest, at least %d", a.cut.Bound)
	}
	what := fmt.Sprintf("all %d", a.open)
	switch {
	case a.cut.Closed == 0:
		what = ""
	case a.cut.Closed < a.open:
		what = fmt.Sprintf("the %d of %d that can be closed", a.cut.Closed, a.open)
	case a.open == 1:
		what = "it"
	}
	switch {
	case what == "":
	case slices.EqualFunc(a.cut.Changes, a.plan, func(x, y paths.Change) bool { return x.Evidence == y.Evidence }):
		line("", "  ", fmt.Sprintf("To close %s: that, cost %d, %s.", what, a.cut.Cost, proof))
	default:
		line("", "  ", fmt.Sprintf("To close %s: cost %d, %s:", what, a.cut.Cost, proof))
		told := a.cut.Changes[:min(len(a.cut.Changes), a.most)]
		for i, change := range told {
			line(fmt.Sprintf("%3d. ", i+1), "     ", fmt.Sprintf("%s: cost %d (%s)",
				printable.Text(change.Evidence.String()), change.Effort.Cost, change.Effort.Change))
		}
		writeRest(text, "     ", len(a.cut.Changes)-len(told))
	}
	if len(a.cut.Open) > 0 {
		names := make([]string, len(a.cut.Open))
		for i, v := range a.cut.Open {
			names[i] = a.name(v)
		}
		line("", "  ", "Open whatever is taken away of what can be: "+strings.ReplaceAll(answer.Some(names, 5), ",", ", ")+".")
	}
}

// pathsAnswer is the ways as -o json has them.
type pathsAnswer struct {
	Schema  string      `json:"schema"`
	Cluster string      `json:"cluster"`
	To      string      `json:"to"`
	Starts  int         `json:"starts"`
	Open    int         `json:"open"`
	Paths   []pathRow   `json:"paths"`
	Changes []changeRow `json:"changes"`
	Cut     cutRow      `json:"cut"`
	// Without is there where --without is.
	Without *withoutRow `json:"without,omitempty"`
	limits
}

// cutRow is the cheapest changes that close all starts that can be closed. Nothing
// that costs less than Bound does.
type cutRow struct {
	Changes []changeRow `json:"changes"`
	Cost    int         `json:"cost"`
	Bound   int         `json:"bound"`
	Proved  bool        `json:"proved"`
	Closed  int         `json:"closed"`
	Open    []string    `json:"open"` // the starts that cannot be closed
}

// withoutRow is what taking bindings away closes; all else is told as it is then.
type withoutRow struct {
	Bindings []subjectRow `json:"bindings"`
	Before   int          `json:"before"` // starts that reached the target with them
	Closed   []string     `json:"closed"` // of these
}

type pathRow struct {
	Start      string   `json:"start"`
	Rank       int      `json:"rank"` // 1 for the best way of the start
	Cost       int      `json:"cost"`
	Confidence string   `json:"confidence"`
	Hops       []hopRow `json:"hops"`
}

type hopRow struct {
	From       string `json:"from"`
	To         string `json:"to"`
	Family     string `json:"family"`
	Story      string `json:"story"`
	Cost       int    `json:"cost"`
	Confidence string `json:"confidence"`
	Evidence   string `json:"evidence"` // "" where nothing can be taken away
}

type changeRow struct {
	Evidence string `json:"evidence"`
	// Closed is how many starts are cut off by it and those before it.
	Closed int    `json:"closed"`
	Change string `json:"change"` // its kind
	Cost   int    `json:"cost"`
}

func rowOfChange(c paths.Change) changeRow {
	return changeRow{c.Evidence.String(), c.Closed, c.Effort.Change, c.Effort.Cost}
}

func writePathsJSON(s *streams, a *attack) error {
	answer := pathsAnswer{
		Schema: "seaworthy/paths/v1", Cluster: a.view.Info.Name, To: a.to, Starts: len(a.starts), Open: a.open,
		Paths: []pathRow{}, Changes: []changeRow{}, limits: a.limits,
	}
	for _, ways := range a.told {
		for i, way := range ways {
			row := pathRow{a.paths.Vertex(way.Start).String(), i + 1, way.Cost, way.Confidence().String(), []hopRow{}}
			for _, h := range way.Hops {
				evidence := ""
				if h.Label != graph.None {
					evidence = h.Evidence.String()
				}
				row.Hops = append(row.Hops, hopRow{
					a.paths.Vertex(h.From).String(), a.paths.Vertex(h.To).String(), h.Family.ID, a.paths.Describe(h.Edge),
					int(h.Cost), h.Confidence.String(), evidence,
				})
			}
			answer.Paths = append(answer.Paths, row)
		}
	}
	for _, change := range a.plan {
		answer.Changes = append(answer.Changes, rowOfChange(change))
	}
	answer.Cut = a.rowOfCut()
	if a.gone != nil {
		answer.Without = &withoutRow{Before: a.gone.before, Closed: a.names(a.gone.closed)}
		for _, b := range a.gone.bindings {
			answer.Without.Bindings = append(answer.Without.Bindings, rowOfRef(b))
		}
	}
	return writeJSON(s, answer)
}

func (a *attack) rowOfCut() cutRow {
	row := cutRow{
		Changes: []changeRow{}, Cost: a.cut.Cost, Bound: a.cut.Bound, Proved: a.cut.Proved(), Closed: a.cut.Closed, Open: a.names(a.cut.Open),
	}
	for _, c := range a.cut.Changes {
		row.Changes = append(row.Changes, rowOfChange(c))
	}
	return row
}

// names is what vertices are called, as programs read it.
func (a *attack) names(list []int32) []string {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = a.paths.Vertex(v).String()
	}
	return names
}

// writePathsDot writes what Graphviz draws.
func writePathsDot(s *streams, a *attack) error {
	quoted := func(text string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	var text strings.Builder
	text.WriteString("digraph paths {\n  rankdir=LR;\n  node [shape=box];\n")
	named := map[int32]bool{}
	for _, e := range a.hops() {
		for _, v := range []int32{e.From, e.To} {
			if !named[v] {
				named[v] = true
				fmt.Fprintf(&text, "  v%d [label=%s];\n", v, quoted(a.name(v)))
			}
		}
		look := ""
		if e.Confidence != graph.Proven {
			look = ", style=dashed"
		}
		fmt.Fprintf(&text, "  v%d -> v%d [label=%s%s];\n", e.From, e.To, quoted(e.Family.Title), look)
	}
	text.WriteString("}\n")
	_, err := fmt.Fprint(s.out, text.String())
	return err
}

// writePathsMermaid writes a flowchart that forges draw in Markdown.
func writePathsMermaid(s *streams, a *attack) error {
	quoted := func(text string) string {
		return `"` + strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;").Replace(text) + `"`
	}
	var text strings.Builder
	text.WriteString("flowchart LR\n")
	named := map[int32]bool{}
	for _, e := range a.hops() {
		for _, v := range []int32{e.From, e.To} {
			if !named[v] {
				named[v] = true
				fmt.Fprintf(&text, "  v%d[%s]\n", v, quoted(a.name(v)))
			}
		}
		arrow := "-->"
		if e.Confidence != graph.Proven {
			arrow = "-.->"
		}
		fmt.Fprintf(&text, "  v%d %s|%s| v%d\n", e.From, arrow, quoted(e.Family.Title), e.To)
	}
	_, err := fmt.Fprint(s.out, text.String())
	return err
}
