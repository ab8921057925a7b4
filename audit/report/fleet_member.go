package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Member is a cluster of a fleet with its own report.
type Member struct {
	*fleet.Cluster
	// Document is as [NewDocument] returns it; nil if the cluster could not be looked at.
	Document *Document
	// Tried is when somebody wanted to look at it and could not; zero if it could.
	Tried time.Time
}

// moment is when the cluster was seen, or was to be.
func (m Member) moment() time.Time {
	if m.Document == nil {
		return m.Tried.UTC()
	}
	return m.Document.Generated
}

// newMemberDraft returns the report of a cluster that could be looked at, to be written as
// that of one cluster is. It bears the name that the cluster has in the fleet.
func newMemberDraft(m Member) *draft {
	own := *m.Document
	own.Cluster.Name = m.Name()
	d := &draft{Document: &own}
	rest := own.Findings
	for _, n := range own.Namespaces {
		end := slices.IndexFunc(rest, func(f Finding) bool { return cmp.Or(f.Namespace, score.ClusterWide) != n.Name })
		if end < 0 {
			end = len(rest)
		}
		d.kept, rest = append(d.kept, rest[:end]), rest[end:]
	}
	return d
}
