package report

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// sarifBaseline says what a run is compared with, and what came of it. What is not found any
// more is only counted here. GitHub's code scanning takes every result for a problem that is
// there, also one of the state "absent": alerts of what is fixed would never close.
type sarifBaseline struct {
	Cluster string    `json:"cluster"`
	Seen    time.Time `json:"seen"`
	// Apart says why the two are not comparable; empty if they are.
	Apart []string `json:"apart"`
	// Counts is how many changes there are of each kind ([compare.Kinds]).
	Counts map[string]int `json:"counts"`
	Same   int            `json:"same"` // findings that are as they were

	changes map[*score.Finding]*compare.Change // those of findings that are there now
}

func newSARIFBaseline(c *compare.Comparison) *sarifBaseline {
	b := &sarifBaseline{
		Cluster: c.Before.Cluster.Info.Name, Seen: c.Before.Cluster.Time.UTC(), Apart: append([]string{}, c.Apart...),
		Counts: kindsOf(c.Counts), Same: c.Same, changes: map[*score.Finding]*compare.Change{},
	}
	for i := range c.Changes {
		if change := &c.Changes[i]; change.After != nil {
			b.changes[change.After] = change
		}
	}
	return b
}

// mark says in a result what became of its finding.
func (b *sarifBaseline) mark(r *sarifResult, f *score.Finding) {
	change := b.changes[f]
	if change == nil {
		r.Baseline = "unchanged"
		return
	}
	r.Baseline = baselineState(change.Kind)
	r.Properties["change"] = change.Kind.String()
	if change.Why != "" {
		r.Properties["why"] = change.Why
	}
}

// baselineState is the state of a result whose finding is there now (§3.27.24).
func baselineState(k compare.Kind) string {
	switch k {
	case compare.New, compare.Came, compare.Revealed: // not detected in the baseline
		return "new"
	default:
		return "updated"
	}
}
