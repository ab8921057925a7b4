package report

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// worstOf returns the findings that matter most: by severity, then by what they
// cost. Consequences of others come last.
func worstOf(findings []Finding, most int) []Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(len(a.Implied), 0)-cmp.Compare(len(b.Implied), 0),
			cmp.Compare(rank(b), rank(a)),
			cmp.Compare(b.Points, a.Points),
		)
	})
	return sorted[:min(most, len(sorted))]
}

func rank(f Finding) audit.Severity {
	severity, err := audit.ParseSeverity(f.Severity)
	if err != nil {
		return 0
	}
	return severity
}
