package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// open returns the findings that are not accepted.
func open(findings []*score.Finding) []*score.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f *score.Finding) bool { return f.Accepted != nil })
}

// accepted returns the findings that are accepted.
func accepted(findings []*score.Finding) []*score.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f *score.Finding) bool { return f.Accepted == nil })
}

// why tells an acceptance in a few words.
func why(a *Acceptance) string {
	text := a.Reason
	var by []string
	if a.Owner != "" {
		by = append(by, a.Owner)
	}
	if a.Expires != "" {
		by = append(by, "until "+a.Expires)
	}
	if len(by) > 0 {
		text += " (" + strings.Join(by, ", ") + ")"
	}
	return text + ", " + a.Origin
}

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
