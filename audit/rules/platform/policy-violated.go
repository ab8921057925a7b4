package platform

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var policyViolated = &audit.Rule{
	ID:       "policy-violated",
	Title:    "An object does not keep a policy of the cluster's own engine",
	Severity: audit.Medium,
	Rationale: "Somebody decided on the policy, and the engine says that this object does not keep it: it was there before, or the policy only audits. " +
		"Where the policy is made to refuse, the next change of the object is refused, also one that must not wait.",
	Remediation: "Change the object as the policy says, or have an exception written down where the engine looks for it: a PolicyException of Kyverno, " +
		"an exclusion in the match of a constraint. The engine takes some minutes to look again.",
	Since:    "3",
	Subjects: policyengine.Looked(),
	Reads:    policyengine.Reported(),
	Wide:     true, // constraints list what is in all namespaces
	Check:    audit.Each(violators, judgeViolations),
}

// violators yields the workloads of every namespace at which an engine looks, those that
// keep all policies too, so that how many violate is seen against how many there are; and
// whatever else violates one.
func violators(c *kube.Cluster) iter.Seq2[audit.Subject, []policyengine.Violation] {
	return func(yield func(audit.Subject, []policyengine.Violation) bool) {
		for _, namespace := range append([]string{""}, c.NamespaceNames()...) {
			violations := policyengine.In(c, namespace)
			if len(violations) == 0 && !policyengine.Looks(c, namespace) {
				continue
			}
			refs := make([]kube.Ref, 0, len(violations))
			for ref := range violations {
				refs = append(refs, ref)
			}
			for _, w := range c.WorkloadsIn(namespace) {
				if len(violations[w.Ref]) == 0 {
					refs = append(refs, w.Ref)
				}
			}
			slices.SortFunc(refs, kube.CompareRefs)
			for _, ref := range refs {
				subject := audit.Subject{Ref: ref, Namespace: namespace}
				if ref.Kind == kube.Namespaces.Kind && ref.Group == "" {
					subject.Namespace = ref.Name // a Namespace is scored with what it contains
				}
				if !yield(subject, violations[ref]) {
					return
				}
			}
		}
	}
}

// judgeViolations makes one finding of all that an object violates. What rules judge
// themselves is told and decides nothing: of a privileged container there is a finding
// already, which has its points, so that this one is as severe as the policies that no
// rule knows, and info where there is none. It is no part of the posture either way
// (package doc of audit/platform).
func judgeViolations(p *audit.Pass, violations []policyengine.Violation) {
	if len(violations) == 0 {
		return
	}
	severity := audit.Info
	var names, lines []string
	for i := range violations {
		v := &violations[i]
		if len(v.Known) == 0 {
			severity = max(severity, v.Severity)
		}
		if name := v.Name(); !slices.Contains(names, name) {
			names = append(names, name)
		}
		lines = append(lines, toldViolation(v))
	}
	p.Report(audit.Finding{
		Severity: severity,
		Message:  "it violates " + strings.Join(some(names), ", "),
		Detail:   strings.Join(some(lines), " "),
	})
}

// mostTold is how many policies a finding names.
const mostTold = 10

func some(texts []string) []string {
	if more := len(texts) - mostTold; more > 0 {
		return append(texts[:mostTold:mostTold], fmt.Sprintf("and %d more", more))
	}
	return texts
}

// toldViolation is what is said of a violation, in full sentences.
func toldViolation(v *policyengine.Violation) string {
	text := v.Source + ", " + v.Name()
	switch v.Outcome {
	case "warn":
		text += " (only a warning)"
	case "error":
		text += " (it could not tell)"
	}
	if said := strings.TrimSuffix(strings.TrimSpace(v.Message), "."); said != "" {
		text += ": " + said
	}
	text += "."
	if v.Objects > 1 {
		text += fmt.Sprintf(" That is of %d objects.", v.Objects)
	}
	if len(v.Known) > 0 {
		text += " The same is judged by " + strings.Join(v.Known, ", ") + "."
	}
	return text
}
