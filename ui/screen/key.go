package screen

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// FindingKey names a finding for addresses and cursors. It is the finding's ID;
// where one place has several findings of a rule, such as a binding with two
// subjects, a number tells the later ones apart: see [Twins].
func FindingKey(f *score.Finding, twin int) string {
	if twin == 0 {
		return f.ID()
	}
	return f.ID() + "#" + strconv.Itoa(twin)
}

// Twins numbers, from 1, those findings of a namespace that have the same ID as an
// earlier one. There are few, if any.
func Twins(findings []*score.Finding) map[*score.Finding]int {
	several := severalSeverities(findings)
	var twins map[*score.Finding]int
	seen := map[string]int{}
	for i, f := range findings {
		n := 0
		switch {
		case several[f.Rule]: // the same place may stand once for each severity
			id := f.ID()
			n = seen[id]
			seen[id]++
		case i > 0 && samePlace(f, findings[i-1]):
			n = twins[findings[i-1]] + 1
		}
		if n > 0 {
			if twins == nil {
				twins = map[*score.Finding]int{}
			}
			twins[f] = n
		}
	}
	return twins
}

// severalSeverities are the rules whose findings are not all equally severe.
func severalSeverities(findings []*score.Finding) map[*audit.Rule]bool {
	first, several := map[*audit.Rule]audit.Severity{}, map[*audit.Rule]bool{}
	for _, f := range findings {
		if severity, ok := first[f.Rule]; !ok {
			first[f.Rule] = f.Severity
		} else if severity != f.Severity {
			several[f.Rule] = true
		}
	}
	return several
}

// samePlace reports whether two findings have the same ID, without making it.
func samePlace(a, b *score.Finding) bool {
	return a.Rule == b.Rule && a.Path == b.Path && a.Container == b.Container &&
		a.Subject.Name == b.Subject.Name && a.Subject.Kind == b.Subject.Kind && a.Namespace == b.Namespace
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
			if f.Rule.ID != rule || !strings.Contains(rest, f.Subject.Name) || f.ID() != id {
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

// CompareSeverity orders findings by their severity, the mildest first; what is
// accepted or only follows from others counts as milder than all.
func CompareSeverity(a, b *score.Finding) int {
	if open := a.Open(); open != b.Open() {
		if open {
			return 1
		}
		return -1
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
	for _, kind := range [...]kube.ContainerKind{kube.Main, kube.Init, kube.Sidecar} {
		if rest, found := strings.CutPrefix(f.Message, kind.String()+" "+f.Container+" "); found {
			return rest
		}
	}
	return f.Message
}
