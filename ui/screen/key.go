package screen

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// FindingKeys names each finding of a list that is in the order of the
// assessment, for addresses and for cursors. It is the finding's ID; where one
// place has several findings of a rule, such as a binding with two subjects, a
// number tells the later ones apart.
func FindingKeys(findings []*score.Finding) []string {
	seen := make(map[string]int, len(findings))
	keys := make([]string, len(findings))
	for i, f := range findings {
		id := f.ID()
		keys[i] = id
		if n := seen[id]; n > 0 {
			keys[i] = id + "#" + strconv.Itoa(n)
		}
		seen[id]++
	}
	return keys
}

// FindFinding returns the finding of a key, nil if there is none (any more). It
// looks at one namespace, for it is asked with every assessment.
func FindFinding(a *score.Assessment, key string) *score.Finding {
	id, skip := key, 0
	if at := strings.LastIndexByte(key, '#'); at >= 0 {
		if n, err := strconv.Atoi(key[at+1:]); err == nil {
			id, skip = key[:at], n
		}
	}
	rule, rest, _ := strings.Cut(id, "/")
	namespace, _, _ := strings.Cut(rest, "/")
	if namespace == "" {
		namespace = score.ClusterWide
	}
	for _, n := range a.Namespaces {
		if n.Name != namespace {
			continue
		}
		for _, f := range n.Findings {
			if f.Rule.ID != rule || f.ID() != id {
				continue
			}
			if skip == 0 {
				return f
			}
			skip--
		}
	}
	return nil
}

// CompareFindings orders findings worst first: by severity, then by what they
// cost; what only follows from others comes last.
func CompareFindings(a, b *score.Finding) int {
	return cmp.Or(
		CompareSeverity(b, a),
		cmp.Compare(b.Points, a.Points),
	)
}

// CompareSeverity orders findings by their severity, the mildest first; what only
// follows from others counts as milder than all.
func CompareSeverity(a, b *score.Finding) int {
	if implied := a.Implied != ""; implied != (b.Implied != "") {
		if implied {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.Severity, b.Severity)
}

// Place names the object of a finding, and the container where its name says
// more.
func Place(f *score.Finding) string {
	if f.Container == "" || f.Container == f.Subject.Name {
		return f.Subject.Short()
	}
	return f.Subject.Short() + " " + f.Container
}

// Wrong is the message of a finding without the container, which [Place] names.
func Wrong(f *score.Finding) string {
	return strings.TrimPrefix(f.Message, "container "+f.Container+" ")
}
