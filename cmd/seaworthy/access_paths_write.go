package main

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
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
	switch rest := a.open - len(a.told); rest {
	case 0:
	case 1:
		text.WriteString("\nand 1 more: --limit tells of it\n")
	default:
		fmt.Fprintf(&text, "\nand %d more: --limit tells of them\n", rest)
	}
	if len(a.plan) > 0 {
		them := "them"
		if a.open == 1 {
			them = "it"
		}
		text.WriteString("\nWhat would close " + them + ":\n")
		for i, change := range a.plan {
			line(fmt.Sprintf("%3d. ", i+1), "     ", fmt.Sprintf("%s: %d of %d closed then",
				printable.Text(change.Evidence.String()), change.Closed, a.open))
		}
	}
	text.WriteString("\n")
	if _, err := fmt.Fprint(s.out, text.String()); err != nil {
		return err
	}
	return a.limits.tell(s, a.view)
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
	limits
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
	Closed int `json:"closed"`
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
		answer.Changes = append(answer.Changes, changeRow{change.Evidence.String(), change.Closed})
	}
	return writeJSON(s, answer)
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
