package report

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// worstOf returns the findings that matter most: by severity, then by what they
// cost. Consequences of others come last.
func worstOf(findings []*score.Finding, most int) []*score.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *score.Finding) int {
		return cmp.Or(
			cmp.Compare(len(a.Implied), 0)-cmp.Compare(len(b.Implied), 0),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(b.Points, a.Points),
		)
	})
	return sorted[:min(most, len(sorted))]
}
