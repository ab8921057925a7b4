package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/patch"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// toldOf is how many of a kind the summary tells of one by one; -o json has all.
const toldOf = 10

// summary is what standard error says of a plan.
type summary struct{ s *streams }

func (m summary) line(format string, args ...any) {
	_, _ = fmt.Fprintln(m.s.err, printable.Text(fmt.Sprintf(format, args...)))
}

// list tells of the first of several, and how many more there are.
func (m summary) list(n int, say func(i int) string) {
	for i := range min(n, toldOf) {
		m.line("%s", say(i))
	}
	if n > toldOf {
		m.line("  and %d more: -o json has them", n-toldOf)
	}
}

func nameOf(f *score.Finding) string {
	name := f.Rule.ID + " of " + f.Subject.String()
	if f.Container != "" {
		name += ", container " + f.Container
	}
	return name
}

func (p *planned) summarize(s *streams, wrote bool, files int) {
	m := summary{s}
	p.summarizeWay(m)
	counts := map[plan.Action]int{}
	for _, o := range p.Objects {
		counts[o.Action]++
	}
	if p.Empty() {
		m.line("nothing to fix")
	} else {
		m.line("%s fixed: %s changed, %d created, %d deleted; %s made again",
			plural(len(p.Applied), "finding", "findings"), plural(counts[plan.Change], "object is", "objects are"),
			counts[plan.Create], counts[plan.Delete], p.remade())
		if p.Before.Scored && p.After.Scored {
			m.line("the score goes from %.1f to %.1f; %s cleared, %d new",
				p.Before.Score, p.After.Score, plural(len(p.Cleared), "finding is", "findings are"), len(p.Raised))
		}
	}
	m.list(len(p.Raised), func(i int) string { return "  new: " + nameOf(p.Raised[i]) + ", " + p.Raised[i].Message })
	var owned []plan.Object
	for _, o := range p.Objects {
		if !o.Owner.IsZero() {
			owned = append(owned, o)
		}
	}
	m.list(len(owned), func(i int) string { return fmt.Sprintf("%s %s", owned[i].Ref, owned[i].Belongs()) })
	again := 0
	for _, o := range p.Objects {
		if p.files == nil && o.Action == plan.Change && o.Immutable() != "" {
			again++
		}
	}
	if again > 0 {
		m.line("%s to be deleted and created again, since no server changes them in place", plural(again, "object has", "objects have"))
	}
	p.summarizeWays(m)
	p.summarizeBreaks(m)
	p.summarizeTrial(m)
	p.summarizeUndo(m, wrote)
	p.summarizeLeft(m)
	if wrote {
		m.line("%s written", plural(files, "file is", "files are"))
	}
}

// remade says which pods have to be made again: of manifests nobody knows how many
// there are.
func (p *planned) remade() string {
	if !p.Before.Cluster.Info.Offline {
		return plural(p.Restarts, "running pod has to be", "running pods have to be")
	}
	count := 0
	for _, o := range p.Objects {
		if o.Remade {
			count++
		}
	}
	return "the pods of " + plural(count, "workload", "workloads") + " have to be"
}

// summarizeBreaks tells what changes mean for what runs, each once.
func (p *planned) summarizeBreaks(m summary) {
	var clauses []string
	of := map[string][]string{}
	for _, o := range p.Objects {
		for _, clause := range o.Breaks {
			if of[clause] == nil {
				clauses = append(clauses, clause)
			}
			of[clause] = append(of[clause], o.Ref.String())
		}
	}
	const few = 3
	m.list(len(clauses), func(i int) string {
		names := of[clauses[i]]
		return strings.Join(names[:min(len(names), few)], ", ") + andMore(len(names)-few) + ": " + clauses[i]
	})
}

// summarizeUndo says how changes of files are taken back, and where a patch of files
// that are elsewhere is to be applied.
func (p *planned) summarizeUndo(m summary, wrote bool) {
	if p.files == nil || len(p.files.texts) == 0 {
		return
	}
	base, err := baseOf(p.files.changed(), false)
	if err != nil {
		return // who writes the patch says so
	}
	command := "git apply"
	if folder := base.elsewhere(); folder != "" {
		command = "git -C " + word(folder) + " apply"
		m.line("a patch names the files from %s: %s", folder, command)
	}
	when := "applied"
	if wrote {
		when = "written"
	}
	m.line("what is %s is taken back by %s -R, or patch -R -p1, of the same diff", when, command)
}

// summarizeLeft tells of what is not fixed.
func (p *planned) summarizeLeft(m summary) {
	m.list(len(p.Conflicts), func(i int) string {
		c := p.Conflicts[i]
		return "not fixed: " + nameOf(c.Finding) + ", since its fix would bring back " + nameOf(c.With)
	})
	m.list(len(p.Skipped), func(i int) string {
		return "not fixed: " + nameOf(p.Skipped[i].Finding) + ": " + p.Skipped[i].Why
	})
	platform, deleting, tentative := 0, 0, 0
	for _, l := range p.Held {
		switch {
		case l.Why == plan.Restrained(l.Finding, audit.Fix{}):
			platform++
		case len(l.Fix.Delete) > 0:
			deleting++
		case l.Fix.Tentative != "":
			tentative++
		}
	}
	if platform > 0 {
		m.line("%s held back, of what the cluster itself runs on: -n NAMESPACE or an object takes them", plural(platform, "fix is", "fixes are"))
	}
	if deleting > 0 {
		m.line("%s held back, deleting objects: --with-deletions takes them", plural(deleting, "fix is", "fixes are"))
	}
	if tentative > 0 {
		m.line("%s held back, resting on little: --rule or --category takes them", plural(tentative, "fix is", "fixes are"))
	}
	if cutting := len(p.Held) - platform - deleting - tentative; cutting > 0 {
		m.line("%s held back, cutting connections: --rule or --category takes them", plural(cutting, "fix is", "fixes are"))
	}
	if n := len(p.Undecided); n > 0 {
		m.line("%s for a person to decide", plural(n, "finding is", "findings are"))
	}
}

// fixAnswer is a plan as -o json has it.
type fixAnswer struct {
	Schema  string        `json:"schema"`
	Cluster string        `json:"cluster"`
	Score   fixScoreRow   `json:"score"`
	Objects []fixedObject `json:"objects"`
	Fixes   []appliedRow  `json:"fixes"` // in the order in which they are made
	// RestartedPods is how many running pods have to be made again.
	RestartedPods int       `json:"restartedPods"`
	Cleared       []string  `json:"cleared"` // IDs of findings that are gone
	Raised        []string  `json:"raised"`  // and of those that come
	Conflicts     []leftRow `json:"conflicts"`
	Skipped       []leftRow `json:"skipped"`
	Held          []leftRow `json:"held"`      // what deletes, cuts, is tentative or of the platform, and nobody asked for
	Undecided     []string  `json:"undecided"` // IDs of findings without a fix
	Way           *wayRow   `json:"way"`       // to the score of --target, null without one
}

type fixScoreRow struct {
	Scored     bool                         `json:"scored"`
	Before     float64                      `json:"before"`
	After      float64                      `json:"after"`
	Namespaces map[string]proofNamespaceRow `json:"namespaces"` // of which it changes
}

type fixedObject struct {
	Action    string `json:"action"` // change, create or delete
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	File      string `json:"file"` // "" for objects of a cluster, and for new ones
	// Strategic is the change as a strategic merge patch, null where it cannot be
	// said as one; JSONPatch is the same by RFC 6902.
	Strategic audit.Object      `json:"strategicPatch"`
	JSONPatch []patch.Operation `json:"jsonPatch"`
	New       audit.Object      `json:"new"`       // of what is created, else null
	Findings  []string          `json:"findings"`  // IDs of what is fixed by it
	Owner     string            `json:"owner"`     // what would undo a patch; "" if nothing is known
	Fixed     string            `json:"immutable"` // the field that no server changes in place, ""
	Restarts  int               `json:"restartedPods"`
	Remade    bool              `json:"podsMadeAgain"` // its template changes, whether or not its pods are known
	Breaks    []string          `json:"breaks"`        // what else the change means for what runs
	Undo      []string          `json:"undo"`          // how it is taken back, a step each
	DryRun    *verdictRow       `json:"dryRun"`        // what the server says of it alone; null where it was not asked
}

type appliedRow struct {
	ID       string  `json:"id"`
	Rule     string  `json:"rule"`
	Category string  `json:"category"`
	Severity string  `json:"severity"`
	Title    string  `json:"title"`
	Risk     string  `json:"risk"` // what it may break, "" if nothing is known
	Points   float64 `json:"points"`
	Gain     float64 `json:"gain"` // of it alone
	// Alternatives are all fixes of the finding, as --choose counts them from 1; none
	// where there is this one alone.
	Alternatives []alternativeRow `json:"alternatives"`
}

type leftRow struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Why   string `json:"why"`
	With  string `json:"with,omitempty"` // the ID of what would be back
}

func writeFixJSON(w io.Writer, p *planned) error {
	answer := fixAnswer{
		Schema: "seaworthy/fix/v1", Cluster: p.Before.Cluster.Info.Name, Score: p.scoreRow(),
		Objects: []fixedObject{}, Fixes: []appliedRow{}, RestartedPods: p.Restarts,
		Cleared: idsOf(p.Cleared), Raised: idsOf(p.Raised), Undecided: idsOf(p.Undecided),
		Way: wayRowOf(p.way), Conflicts: []leftRow{}, Skipped: leftRows(p.Skipped), Held: leftRows(p.Held),
	}
	for _, o := range p.Objects {
		row, err := p.objectRow(o)
		if err != nil {
			return err
		}
		answer.Objects = append(answer.Objects, row)
	}
	for _, a := range p.Applied {
		answer.Fixes = append(answer.Fixes, appliedRow{
			a.Finding.ID(), a.Finding.Rule.ID, a.Finding.Category, a.Finding.Severity.String(), a.Fix.Title, a.Fix.Risk,
			a.Finding.Points, a.Finding.Gain(), alternatives(a),
		})
	}
	for _, c := range p.Conflicts {
		answer.Conflicts = append(answer.Conflicts, leftRow{c.Finding.ID(), c.Fix.Title, "another finding would be back", c.With.ID()})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

func (p *planned) scoreRow() fixScoreRow {
	row := fixScoreRow{p.Before.Scored && p.After.Scored, p.Before.Score, p.After.Score, map[string]proofNamespaceRow{}}
	was := map[string]*score.Namespace{}
	for _, n := range p.Before.Namespaces {
		was[n.Name] = n
	}
	for _, n := range p.After.Namespaces {
		if before := was[n.Name]; before != nil && before.Scored && n.Scored && before.Score != n.Score {
			row.Namespaces[n.Name] = proofNamespaceRow{before.Score, n.Score}
		}
	}
	return row
}

func (p *planned) objectRow(o plan.Object) (fixedObject, error) {
	row := fixedObject{
		Action: o.Action.String(), Group: o.Ref.Group, Kind: o.Ref.Kind, Namespace: o.Ref.Namespace, Name: o.Ref.Name,
		JSONPatch: []patch.Operation{}, New: o.New, Findings: []string{}, Owner: o.Belongs(), Fixed: o.Immutable(), Restarts: o.Restarts,
		Remade: o.Remade, Breaks: append([]string{}, o.Breaks...), Undo: []string{},
		DryRun: p.verdictRow(o.Ref),
	}
	if origin, ok := p.Before.Cluster.Origin(o.Ref); ok {
		row.File = origin.File
	}
	for _, a := range o.Fixes {
		row.Findings = append(row.Findings, a.Finding.ID())
	}
	undo, err := p.undoOf(o)
	if err != nil {
		return row, err
	}
	row.Undo = append(row.Undo, undo...)
	if o.Action != plan.Change {
		return row, nil
	}
	change, err := plan.PatchOf(p.Before.Cluster, p.After.Cluster, o.Ref)
	if err != nil {
		return row, err
	}
	row.Strategic = change.Strategic
	row.JSONPatch = append(row.JSONPatch, change.JSON...)
	return row, nil
}

func idsOf(findings []*score.Finding) []string {
	ids := []string{}
	for _, f := range findings {
		ids = append(ids, f.ID())
	}
	return ids
}

func leftRows(all []plan.Left) []leftRow {
	rows := []leftRow{}
	for _, l := range all {
		rows = append(rows, leftRow{ID: l.Finding.ID(), Title: l.Fix.Title, Why: l.Why})
	}
	return rows
}
