package report

import (
	"io"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// ComparisonSchema names the form of what [WriteComparisonJSON] writes. Its keys never
// change their meaning; new ones may come.
const ComparisonSchema = "seaworthy/comparison/v1"

// ComparisonDocument is what a comparison says, for programs.
type ComparisonDocument struct {
	Schema  string `json:"schema"`
	RuleSet string `json:"ruleset"` // that of both: both are judged by this program
	Before  Moment `json:"before"`
	After   Moment `json:"after"`
	// Apart says why the two are not comparable; empty if they are.
	Apart []string `json:"apart"`
	// Counts is how many changes there are of each kind, all kinds named.
	Counts     map[string]int      `json:"counts"`
	Same       int                 `json:"same"` // findings that are on both sides as they were
	Namespaces []ComparedNamespace `json:"namespaces"`
	Categories []ComparedCategory  `json:"categories"`
	// Changes are what became of each finding, what got worse first.
	Changes []Change `json:"changes"`
}

// Moment is one side of a comparison.
type Moment struct {
	Seen     time.Time `json:"seen"`
	Cluster  Cluster   `json:"cluster"`
	Score    *float64  `json:"score"` // null if nothing could be scored
	Grade    string    `json:"grade"`
	Coverage float64   `json:"coverage"` // percent
	Findings int       `json:"findings"`
}

// ComparedNamespace is a namespace whose score or findings differ.
type ComparedNamespace struct {
	Name   string         `json:"name"`
	Before *float64       `json:"before"` // its score; null where it has none or is not there
	After  *float64       `json:"after"`
	Counts map[string]int `json:"counts"`
}

// ComparedCategory is a category in the whole cluster.
type ComparedCategory struct {
	ID     string         `json:"id"`
	Before *float64       `json:"before"` // its score; null where it applies to nothing
	After  *float64       `json:"after"`
	Counts map[string]int `json:"counts"`
}

// Change is what became of one finding.
type Change struct {
	Kind string `json:"kind"`
	Why  string `json:"why,omitempty"`
	// Points is what it does to the score of its namespace, less than 0 for what is new.
	Points float64 `json:"points"`
	// Owner is what writes the object ("Helm release web in shop"), "" if nothing is known to.
	Owner string `json:"owner"`
	// Writers wrote the object between the two moments, newest first.
	Writers []Writer `json:"writers"`
	Before  *Finding `json:"before"` // null where it is not found
	After   *Finding `json:"after"`
}

// Writer is somebody who wrote an object, as its managedFields tell.
type Writer struct {
	Manager   string    `json:"manager"`
	Operation string    `json:"operation"`
	Time      time.Time `json:"time"`
}

// WriteComparisonJSON writes a comparison for programs. The changes are made one by one:
// there may be as many as findings.
func WriteComparisonJSON(w io.Writer, c *compare.Comparison) error {
	before, after := newDraft(c.Before, nil), newDraft(c.After, nil)
	doc := &ComparisonDocument{
		Schema: ComparisonSchema, RuleSet: score.RuleSet,
		Before: momentOf(before, c.Before), After: momentOf(after, c.After),
		Apart: append([]string{}, c.Apart...), Counts: kindsOf(c.Counts), Same: c.Same,
		Namespaces: []ComparedNamespace{}, Categories: []ComparedCategory{}, Changes: []Change{},
	}
	for _, n := range c.Namespaces {
		doc.Namespaces = append(doc.Namespaces, ComparedNamespace{n.Name, scoreOf(n.Before), scoreOf(n.After), kindsOf(n.Counts)})
	}
	for _, category := range c.Categories {
		doc.Categories = append(doc.Categories, ComparedCategory{
			category.ID, scored(category.Before.Score, category.Before.Scored), scored(category.After.Score, category.After.Scored), kindsOf(category.Counts),
		})
	}
	return writeStream(w, doc, documentEnd, "    ", func(yield func([]byte, error) bool) {
		for i := range c.Changes {
			if !yield(encode("    ", changeOf(c, &c.Changes[i], before, after))) {
				return
			}
		}
	})
}

func changeOf(c *compare.Comparison, change *compare.Change, before, after *draft) Change {
	row := Change{
		Kind: change.Kind.String(), Why: change.Why, Points: change.Points(), Writers: []Writer{}, Owner: OwnerOf(c, change),
	}
	for _, w := range c.Writers(change) {
		row.Writers = append(row.Writers, Writer{w.Manager, w.Operation, w.Time.UTC()})
	}
	if f := change.Before; f != nil {
		row.Before = new(before.row(f))
	}
	if f := change.After; f != nil {
		row.After = new(after.row(f))
	}
	return row
}

// OwnerOf names what writes the object of a change, "" if nothing is known to.
func OwnerOf(c *compare.Comparison, change *compare.Change) string {
	side := c.After
	if change.After == nil {
		side = c.Before
	}
	return plan.OwnerOf(side.Cluster, change.Finding().Subject).Title()
}

func momentOf(d *draft, a *score.Assessment) Moment {
	return Moment{d.Generated, d.Cluster, d.Score, d.Grade, d.Coverage.Percent, a.Count()}
}

func kindsOf(counts compare.Counts) map[string]int {
	all := map[string]int{}
	for _, k := range compare.Kinds() {
		all[k.String()] = counts[k]
	}
	return all
}

func scoreOf(n *score.Namespace) *float64 {
	if n == nil {
		return nil
	}
	return scored(n.Score, n.Scored)
}

func scored(value float64, is bool) *float64 {
	if !is {
		return nil
	}
	return &value
}
