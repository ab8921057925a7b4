package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// proofText writes a proof for people, wrapped and safe to print.
type proofText struct {
	*proved
	text strings.Builder
}

func writeProofText(s *streams, p *proved) error {
	t := &proofText{proved: p}
	t.line("", "", p.title())
	t.changes()
	for _, target := range p.Targets {
		t.target(target)
	}
	t.rights("Lost", func(r proof.Rights) []proof.Right { return r.Lost })
	t.rights("Gained", func(r proof.Rights) []proof.Right { return r.Gained })
	t.score()
	if p.fix.Risk != "" {
		t.line("\nRisk: ", "  ", p.fix.Risk)
	}
	t.text.WriteString("\nTo take it back:\n")
	for _, step := range fix.Undo(p.fix) { // in one line each: they are commands
		t.text.WriteString("  " + printable.Text(step) + "\n")
	}
	t.text.WriteString("\n")
	if _, err := fmt.Fprint(s.out, t.text.String()); err != nil {
		return err
	}
	return p.limits.tell(s, p.view)
}

// line writes a sentence whose further lines begin with hanging.
func (t *proofText) line(indent, hanging, sentence string) {
	first := strings.TrimPrefix(indent, "\n")
	for i, part := range style.Wrap(first+printable.Text(sentence), page-len(hanging)) {
		if i > 0 {
			part = hanging + strings.TrimLeft(part, " ")
		} else {
			part = indent + strings.TrimPrefix(part, first)
		}
		t.text.WriteString(part + "\n")
	}
}

func (t *proofText) changes() {
	for _, c := range t.Changes {
		t.line("  ", "    ", c.Resource.Ref(c.Namespace, c.Name).String()+" is "+happens(c))
	}
	if t.Recreated > 0 {
		t.line("  ", "    ", plural(t.Recreated, "pod has", "pods have")+" to be made again")
	}
}

// happens says what becomes of an object.
func happens(c kube.Change) string {
	switch {
	case c.After == nil:
		return "deleted"
	case c.Before == nil:
		return "created"
	}
	return "changed"
}

func (t *proofText) target(target proof.Target) {
	said := fmt.Sprintf("%d of %d who reach it are cut off", len(target.Disconnected), target.Before)
	if left := target.After - len(target.Connected); left > 0 {
		said += ", " + plural(left, "still does", "still do")
	}
	switch {
	case target.Before+target.After == 0:
		said = "nobody reached it before"
	case len(target.Disconnected) == 0:
		said = fmt.Sprintf("nobody of %d is cut off", target.Before)
	}
	t.line("\nFrom "+target.Name+": ", "  ", said)
	t.vertices(target.Disconnected)
	if len(target.Connected) > 0 {
		t.line("To "+target.Name+", where they could not get before: ", "  ", plural(len(target.Connected), "subject", "subjects"))
		t.vertices(target.Connected)
	}
	if len(target.Survivors) == 0 {
		return
	}
	t.line("", "  ", fmt.Sprintf("By another way %s:", plural(len(target.Survivors), "still does", "still do")))
	for i, s := range target.Survivors[:min(len(target.Survivors), t.most)] {
		t.line("  ", "    ", fmt.Sprintf("%s  (cost %d, was %d, %s)", s.Start, s.Way.Cost, s.Before, s.Way.Confidence()))
		if i > 0 {
			continue // the easiest way of all is the one to look at
		}
		for n, h := range s.Way.Hops {
			t.line(fmt.Sprintf("%5d. ", n+1), "       ", fmt.Sprintf("%s [%s, %s]", t.Paths.Describe(h.Edge), h.Family.ID, h.Confidence))
		}
	}
	t.rest(len(target.Survivors))
}

func (t *proofText) vertices(all []graph.Vertex) {
	for _, v := range all[:min(len(all), t.most)] {
		t.line("  ", "    ", v.String())
	}
	t.rest(len(all))
}

// rest says how many of a list are not told of.
func (t *proofText) rest(n int) {
	if n > t.most {
		t.line("  ", "    ", fmt.Sprintf("and %d more: --limit tells of them", n-t.most))
	}
}

func (t *proofText) rights(what string, of func(proof.Rights) []proof.Right) {
	subjects, count := 0, 0
	for _, r := range t.Rights {
		if n := proof.Count(of(r)); n > 0 {
			subjects, count = subjects+1, count+n
		}
	}
	if count == 0 {
		t.line("\n"+what+": ", "  ", "no right")
		return
	}
	t.line("\n"+what+": ", "  ", fmt.Sprintf("%s of %s", plural(count, "right", "rights"), plural(subjects, "subject", "subjects")))
	told := 0
	for _, r := range t.Rights {
		rights := of(r)
		if len(rights) == 0 {
			continue
		}
		if told++; told > t.most {
			continue
		}
		t.line("  ", "    ", r.Subject.String())
		for _, right := range rights[:min(len(rights), t.most)] {
			t.line("    ", "      ", describeRight(right))
		}
		if more := len(rights) - t.most; more > 0 {
			t.line("    ", "      ", fmt.Sprintf("and to %d more resources: --limit tells of them", more))
		}
	}
	t.rest(told)
}

// describeRight writes a right as "get, list secrets everywhere but in shop".
func describeRight(r proof.Right) string {
	what := cmp.Or(r.Path, answer.Qualified(r.Group, r.Resource))
	switch {
	case r.Path == "*":
		what = "all paths"
	case r.Path == "" && r.Resource == "*" && r.Group == "*":
		what = "all resources"
	case r.Path == "" && r.Resource == "*":
		what = "all resources of " + cmp.Or(r.Group, "the core group")
	}
	text := strings.Join(r.Verbs, ", ") + " " + what
	if slices.Contains(r.Verbs, "*") {
		text = "all verbs on " + what
	}
	if r.Name != "" {
		text += " named " + r.Name
	}
	switch {
	case r.Namespace != "":
		text += " in " + r.Namespace
	case len(r.Except) > 0:
		text += " everywhere but in " + strings.Join(r.Except, ", ")
	case r.Path == "":
		text += " everywhere"
	}
	return text
}

func (t *proofText) score() {
	s := t.Score
	said := "nothing is scored"
	if s.Scored {
		said = fmt.Sprintf("the cluster's stays at %.1f", s.Before)
		if s.Before != s.After {
			said = fmt.Sprintf("the cluster's goes from %.1f to %.1f", s.Before, s.After)
		}
	}
	said += fmt.Sprintf("; %s cleared, %d new", plural(s.Cleared, "finding", "findings"), s.Raised)
	t.line("\nScore: ", "  ", said)
	for _, n := range s.Namespaces[:min(len(s.Namespaces), t.most)] {
		t.line("  ", "    ", fmt.Sprintf("%s from %.1f to %.1f (%+.1f)", n.Name, n.Before, n.After, n.After-n.Before))
	}
	t.rest(len(s.Namespaces))
}

// plural counts something.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// proofAnswer is a proof as -o json has it.
type proofAnswer struct {
	Schema  string      `json:"schema"`
	Cluster string      `json:"cluster"`
	Rule    string      `json:"rule"` // "" for deletions that were asked for
	Fix     proofFix    `json:"fix"`
	Changes []changedBy `json:"changes"`
	// Patch is what changes as a unified diff of manifests.
	Patch     string        `json:"patch"`
	Recreated int           `json:"recreatedPods"`
	Targets   []targetRow   `json:"targets"`
	Rights    []comparedRow `json:"rights"`
	Gains     bool          `json:"gains"` // somebody can do or reach more than before
	Score     proofScoreRow `json:"score"`
	Undo      []string      `json:"undo"` // for people, a step each
	limits
}

type proofFix struct {
	Title string `json:"title"`
	Risk  string `json:"risk"`
}

type changedBy struct {
	Change string     `json:"change"` // changed, created or deleted
	Object subjectRow `json:"object"`
}

type targetRow struct {
	Name         string        `json:"name"`
	Before       int           `json:"before"`
	After        int           `json:"after"`
	Disconnected []string      `json:"disconnected"`
	Connected    []string      `json:"connected"`
	Survivors    []survivorRow `json:"survivors"`
}

type survivorRow struct {
	Start      string   `json:"start"`
	Before     int      `json:"before"` // cost of the easiest way before
	Cost       int      `json:"cost"`
	Confidence string   `json:"confidence"`
	Hops       []hopRow `json:"hops"`
}

type comparedRow struct {
	Subject subjectRow `json:"subject"`
	Lost    []lostRow  `json:"lost"`
	Gained  []lostRow  `json:"gained"`
}

type lostRow struct {
	Namespace string   `json:"namespace"` // "" for everywhere
	Except    []string `json:"except"`    // where it is kept
	Verbs     []string `json:"verbs"`
	APIGroup  string   `json:"apiGroup"`
	Resource  string   `json:"resource"` // "" for a path
	Name      string   `json:"resourceName"`
	Path      string   `json:"path"`
}

type proofScoreRow struct {
	Before     float64                      `json:"before"`
	After      float64                      `json:"after"`
	Namespaces map[string]proofNamespaceRow `json:"namespaces"`
	Cleared    int                          `json:"cleared"`
	Raised     int                          `json:"raised"`
}

type proofNamespaceRow struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

func writeProofJSON(s *streams, p *proved) error {
	answer := proofAnswer{
		Schema: "seaworthy/proof/v1", Cluster: p.view.Info.Name, Fix: proofFix{cmp.Or(p.fix.Title, p.title()), p.fix.Risk},
		Changes: []changedBy{}, Patch: p.patch, Recreated: p.Recreated, Targets: []targetRow{}, Rights: []comparedRow{},
		Gains: p.Gains(), Undo: filled(fix.Undo(p.fix)), limits: p.limits,
		Score: proofScoreRow{p.Score.Before, p.Score.After, map[string]proofNamespaceRow{}, p.Score.Cleared, p.Score.Raised},
	}
	if p.finding != nil {
		answer.Rule = p.finding.Rule.ID
	}
	for _, c := range p.Changes {
		answer.Changes = append(answer.Changes, changedBy{happens(c), rowOfRef(c.Resource.Ref(c.Namespace, c.Name))})
	}
	for _, target := range p.Targets {
		row := targetRow{target.Name, target.Before, target.After, named(target.Disconnected), named(target.Connected), []survivorRow{}}
		for _, s := range target.Survivors {
			row.Survivors = append(row.Survivors, survivorRow{
				s.Start.String(), s.Before, s.Way.Cost, s.Way.Confidence().String(), hopRows(p.Paths, s.Way),
			})
		}
		answer.Targets = append(answer.Targets, row)
	}
	for _, r := range p.Rights {
		answer.Rights = append(answer.Rights, comparedRow{rowOfSubject(r.Subject), lostRows(r.Lost), lostRows(r.Gained)})
	}
	for _, n := range p.Score.Namespaces {
		answer.Score.Namespaces[n.Name] = proofNamespaceRow{n.Before, n.After}
	}
	return writeJSON(s, answer)
}

func named(vertices []graph.Vertex) []string {
	names := []string{}
	for _, v := range vertices {
		names = append(names, v.String())
	}
	return names
}

func hopRows(m *paths.Map, way paths.Way) []hopRow {
	rows := []hopRow{}
	for _, h := range way.Hops {
		evidence := ""
		if h.Label != graph.None {
			evidence = h.Evidence.String()
		}
		rows = append(rows, hopRow{
			m.Vertex(h.From).String(), m.Vertex(h.To).String(), h.Family.ID, m.Describe(h.Edge), int(h.Cost), h.Confidence.String(), evidence,
		})
	}
	return rows
}

func lostRows(rights []proof.Right) []lostRow {
	rows := []lostRow{}
	for _, r := range rights {
		rows = append(rows, lostRow{r.Namespace, filled(r.Except), filled(r.Verbs), r.Group, r.Resource, r.Name, r.Path})
	}
	return rows
}
