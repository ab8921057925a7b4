package report

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Schema names the form of a [Document]. Its keys never change their meaning;
// new ones may come.
const Schema = "seaworthy/report/v1"

// Document is what every report says.
type Document struct {
	Schema    string    `json:"schema"`
	Generated time.Time `json:"generated"` // the moment the cluster was seen
	RuleSet   string    `json:"ruleset"`
	Cluster   Cluster   `json:"cluster"`
	// Policy says what was judged under; null if nothing was chosen.
	Policy *Policy `json:"policy"`
	// Baseline is there if only what got worse is listed.
	Baseline *Baseline `json:"baseline,omitempty"`
	Coverage Coverage  `json:"coverage"`
	// Score is the cluster's, 0 to 100; null if nothing could be scored.
	Score *float64 `json:"score"`
	Grade string   `json:"grade"`
	// RawScore is what Score would be if nothing were accepted.
	RawScore *float64 `json:"rawScore"`
	Accepted int      `json:"accepted"` // findings that are accepted and cost nothing
	// Platform is the mean of the platform namespaces, which Score leaves out;
	// null if there are none.
	Platform *float64 `json:"platform"`
	// Categories are the cluster's means by category ID.
	Categories map[string]Category `json:"categories"`
	Counts     Counts              `json:"counts"`
	Namespaces []Namespace         `json:"namespaces"`
	// Frameworks are those that were asked for.
	Frameworks []Compliance `json:"frameworks,omitempty"`
	// Readiness is how far the cluster has what production asks for, if that was asked.
	Readiness *Readiness `json:"readiness,omitempty"`
	// Upgrade is what stands in the way of the next minor release, if that was asked.
	Upgrade *Upgrade `json:"upgrade,omitempty"`
	// Ownership is who the objects belong to, if that was asked.
	Ownership *Ownership `json:"ownership,omitempty"`
	// Findings are ordered by namespace, then worst first.
	Findings []Finding `json:"findings"`

	// What formats say of rules beside their findings; nil in a document that was read.
	titles  []audit.Category          // in their order, for headings
	tallies map[string][]*audit.Tally // what rules said of a namespace, by the name of its row
}

// Cluster says what was looked at, and as whom.
type Cluster struct {
	Name    string `json:"name"`
	Server  string `json:"server,omitempty"`
	Version string `json:"version,omitempty"`
	User    string `json:"user,omitempty"`
	Offline bool   `json:"offline"` // read from manifests
	// Redacted says that values were taken out when it was recorded.
	Redacted bool `json:"redacted,omitempty"`
	// Namespaces is the scope that was asked for; absent means all.
	Namespaces []string `json:"namespaces,omitempty"`
}

// Policy says which rules were judged.
type Policy struct {
	Profile string `json:"profile"`
	File    string `json:"file,omitempty"` // where it is written
	On      int    `json:"on"`             // rules that are on
	Rules   int    `json:"rules"`          // all there are
}

// Coverage says how much could be judged.
type Coverage struct {
	Percent float64 `json:"percent"` // of the checks, 0 to 100
	Blind   []Blind `json:"blind"`
}

// Blind is a resource that could not be read.
type Blind struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace,omitempty"` // absent means everywhere
	Verb      string `json:"verb"`                // the permission that is missing, "" if it is none
	Reason    string `json:"reason"`
}

// Counts are numbers of findings that stand for themselves, by severity.
type Counts struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Info     int `json:"info"`
}

// Category is the score of a category: null where it applies to nothing.
type Category struct {
	Score  *float64 `json:"score"`
	Points float64  `json:"points"` // lost here
}

// Namespace is the score of a namespace: null if it has no subjects.
type Namespace struct {
	Name       string              `json:"name"`
	Score      *float64            `json:"score"`
	Grade      string              `json:"grade"`
	RawScore   *float64            `json:"rawScore"` // what Score would be if nothing were accepted
	Accepted   int                 `json:"accepted"` // findings that are accepted and cost nothing
	Group      string              `json:"group"`
	Coverage   float64             `json:"coverage"`
	Capped     string              `json:"capped,omitempty"` // the open severity that holds the score down
	Subjects   int                 `json:"subjects"`
	Categories map[string]Category `json:"categories"`
	Counts     Counts              `json:"counts"`
}

// Finding is one finding with its price.
type Finding struct {
	ID        string  `json:"id"`
	Rule      string  `json:"rule"`
	Category  string  `json:"category"`
	Severity  string  `json:"severity"`
	Namespace string  `json:"namespace"`
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	Container string  `json:"container"`
	Path      string  `json:"path"`
	Message   string  `json:"message"`
	Detail    string  `json:"detail"`
	Implied   string  `json:"implied,omitempty"` // the rule whose finding makes this one a consequence
	Points    float64 `json:"points"`            // lost by it; all of a namespace's add up to 100 - score
	Gain      float64 `json:"gain"`              // points its namespace gains if it alone is gone
	Fix       *Fix    `json:"fix"`               // the least change that clears it; null if a person must decide
	// Accepted says by whom and why the finding was accepted; null if it was not.
	Accepted *Acceptance `json:"accepted"`
	Controls []string    `json:"controls"`
	Source   *Source     `json:"source"` // null for objects of a live cluster

	rule  *audit.Rule  // nil in a document that was read
	place *audit.Place // the same
}

// open is [audit.Placed.Open].
func (f *Finding) open() bool { return f.Implied == "" && f.Accepted == nil }

// statement is [audit.Placed.Statement].
func (f *Finding) statement() string { return f.ID + "\x00" + f.Message }

// Acceptance says why a finding is lived with.
type Acceptance struct {
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`   // "" if nobody is named
	Expires string `json:"expires"` // the last day, as 2027-01-31; "" if there is none
	Origin  string `json:"origin"`  // where it is written
}

// Fix is a way to clear a finding.
type Fix struct {
	Title string         `json:"title"`
	Risk  string         `json:"risk,omitempty"`
	Edits []Edit         `json:"edits,omitempty"`
	New   []audit.Object `json:"new,omitempty"` // objects to create
	// Delete are objects to delete, after the rest.
	Delete []Object `json:"delete,omitempty"`
}

// Object names an object.
type Object struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"` // "" for what is in none
	Name      string `json:"name"`
}

// Edit is one change of one field.
type Edit struct {
	Op    string `json:"op"` // "set", "remove" or "append"
	Kind  string `json:"kind,omitempty"`
	Name  string `json:"name,omitempty"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// Source is where the object of a finding was written.
type Source struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// draft is a document that is being written. There may be hundreds of thousands
// of findings: they are not in the Document, but made one by one. That of a cluster of a
// fleet has them in the Document, and no view ([newMemberDraft]).
type draft struct {
	*Document
	scored  []*score.Namespace // those of Namespaces
	found   []*score.Finding
	worse   map[*score.Finding]bool // those that are listed, nil for all
	since   *compare.Comparison     // of formats that say what became of each finding, nil without a baseline
	cluster *kube.Cluster
	fixer   *audit.Fixer
	kept    [][]Finding // of a cluster of a fleet, those of each of Namespaces
}

// newDraft returns what there is to say of an assessment, with sections that are asked for.
func newDraft(a *score.Assessment, sections []Section) *draft {
	c := a.Cluster
	d := &draft{cluster: c, fixer: audit.NewFixer(c), scored: a.Namespaces, Document: &Document{
		Schema: Schema, Generated: c.Time.UTC(), RuleSet: score.RuleSet,
		titles: a.Result.Categories, tallies: map[string][]*audit.Tally{},
		Cluster: Cluster{
			Name: c.Info.Name, Server: c.Info.Server, Version: c.Info.Version,
			User: c.Info.User, Offline: c.Info.Offline, Redacted: c.Info.Redacted, Namespaces: c.Info.Scope,
		},
		Coverage:   Coverage{Percent: a.Coverage, Blind: blind(c)},
		Grade:      a.Grade,
		Accepted:   a.Accepted,
		Platform:   a.Platform,
		Categories: categoriesOf(a.Categories),
		Namespaces: []Namespace{},
		Findings:   []Finding{},
	}}
	if t := a.Terms; t != nil {
		d.Policy = &Policy{Profile: t.Profile, File: t.File, On: t.On, Rules: t.Rules}
	}
	if a.Scored {
		d.Score, d.RawScore = &a.Score, &a.Raw
	}
	for _, n := range a.Namespaces {
		row := Namespace{
			Name: n.Name, Grade: n.Grade, Accepted: n.Accepted, Group: string(n.Group), Coverage: n.Coverage, Capped: n.Capped.String(),
			Subjects: n.Subjects, Categories: categoriesOf(n.Categories), Counts: countsOf(n.Counts),
		}
		if n.Scored {
			row.Score, row.RawScore = &n.Score, &n.Raw
		}
		d.Counts.add(row.Counts)
		d.Namespaces = append(d.Namespaces, row)
		d.found = append(d.found, n.Findings...)
	}
	for _, n := range a.Result.Namespaces {
		d.tallies[cmp.Or(n.Name, score.ClusterWide)] = n.Tallies
	}
	for _, s := range sections {
		s.fill(d.Document, a)
	}
	return d
}

func blind(c *kube.Cluster) []Blind {
	list := []Blind{}
	for _, s := range c.States() {
		if !s.Blind() || s.Phase == kube.Skipped && s.Resource != kube.Namespaces {
			continue // what the user left out is said once, not of each resource
		}
		reason := s.Reason
		if reason == "" {
			reason = s.Phase.String()
		}
		list = append(list, Blind{Resource: s.Resource.String(), Namespace: s.Namespace, Verb: s.Verb, Reason: reason})
	}
	return list
}

func categoriesOf(scores []score.CategoryScore) map[string]Category {
	categories := map[string]Category{}
	for _, s := range scores {
		category := Category{Points: s.Points}
		if s.Scored {
			category.Score = new(s.Score)
		}
		categories[s.ID] = category
	}
	return categories
}

func countsOf(counts score.Counts) Counts {
	return Counts{
		Critical: counts[audit.Critical], High: counts[audit.High], Medium: counts[audit.Medium],
		Low: counts[audit.Low], Info: counts[audit.Info],
	}
}

func (c *Counts) add(other Counts) {
	c.Critical += other.Critical
	c.High += other.High
	c.Medium += other.Medium
	c.Low += other.Low
	c.Info += other.Info
}

// row returns a finding as the document has it.
func (d *draft) row(f *score.Finding) Finding {
	row := sketch(f)
	row.Points, row.Gain, row.Controls = f.Points, f.Gain(), append([]string{}, f.Rule.Controls...)
	if fixes := d.fixer.Fixes(f.Placed); len(fixes) > 0 {
		row.Fix = fixOf(fixes[0])
	}
	row.Source = d.source(f)
	return row
}

// sketch is what a finding says, without what it costs, where it is written and how to fix
// it, which takes long to find out.
func sketch(f *score.Finding) Finding {
	row := Finding{
		ID: f.ID(), Rule: f.Rule.ID, Category: f.Category, Severity: f.Severity.String(),
		Namespace: f.Namespace, Kind: f.Subject.Kind, Name: f.Subject.Name, Container: f.Container,
		Path: f.Path, Message: f.Message, Detail: f.Detail, Implied: f.Implied,
		rule: f.Rule, place: f.Place,
	}
	if f.Accepted != nil {
		row.Accepted = acceptanceOf(f.Accepted)
	}
	return row
}

// sketchesOf yields the findings of one of Namespaces, with where they are written.
func (d *draft) sketchesOf(namespace int) iter.Seq[Finding] {
	if d.cluster == nil {
		return slices.Values(d.kept[namespace])
	}
	return func(yield func(Finding) bool) {
		for _, f := range d.scored[namespace].Findings {
			row := sketch(f)
			row.Source = d.source(f)
			if !yield(row) {
				return
			}
		}
	}
}

// source says where the object of a finding was written, nil if nowhere.
func (d *draft) source(f *score.Finding) *Source {
	origin, ok := d.cluster.Origin(f.Subject)
	if !ok {
		return nil
	}
	return &Source{File: origin.File, Line: origin.LineOf(f.Path)}
}

// sketches yields every finding, in order, with at least what its [sketch] has.
func (d *draft) sketches() iter.Seq2[int, Finding] {
	if d.cluster == nil {
		return slices.All(d.Findings)
	}
	return func(yield func(int, Finding) bool) {
		for i, f := range d.found {
			if !yield(i, sketch(f)) {
				return
			}
		}
	}
}

func acceptanceOf(a *audit.Acceptance) *Acceptance {
	acceptance := &Acceptance{Reason: a.Reason, Owner: a.Owner, Origin: a.Origin}
	if !a.Expires.IsZero() {
		acceptance.Expires = a.Expires.Format(time.DateOnly)
	}
	return acceptance
}

func fixOf(f audit.Fix) *Fix {
	fix := &Fix{Title: f.Title, Risk: f.Risk, New: f.New}
	for _, e := range f.Edits {
		fix.Edits = append(fix.Edits, Edit{
			Op:   [...]string{audit.Set: "set", audit.Remove: "remove", audit.Append: "append"}[e.Op],
			Kind: e.Object.Kind, Name: e.Object.Name, Path: e.Path, Value: e.Value,
		})
	}
	for _, ref := range f.Delete {
		fix.Delete = append(fix.Delete, Object{ref.Kind, ref.Namespace, ref.Name})
	}
	return fix
}
