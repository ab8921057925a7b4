package hygiene

import (
	"cmp"
	"iter"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var fluxNotReady = &audit.Rule{
	ID:       "flux-not-ready",
	Title:    "Flux does not apply what is in Git",
	Severity: audit.Medium,
	Rationale: "What runs is not what the repository says. Nobody who merges a change learns that it went nowhere, " +
		"and the fix for a hole may be among them.",
	Remediation: "See the message of the condition (`flux get all -A`), and resume what is suspended without need.",
	Since:       "2",
	Subjects:    ofFlux(),
	Timed:       true,
	Check: audit.Each(fluxObjects, func(p *audit.Pass, o *unstructured.Unstructured) {
		if suspended, _, _ := unstructured.NestedBool(o.Object, "spec", "suspend"); suspended {
			p.Report(audit.Finding{
				Severity: audit.Info, Path: "spec.suspend",
				Message: "it is suspended",
				Detail:  "Flux leaves it alone until somebody resumes it.",
			})
			return
		}
		if c, stalled := conditionOf(o, "Stalled"); stalled && c.status == "True" {
			reportFlux(p, "it is stalled", c)
			return
		}
		c, says := conditionOf(o, "Ready")
		switch {
		case !says:
			p.NotApplicable() // not looked at yet, or a manifest
		case c.status == "False" && p.Cluster.Lasted(c.since, reconciling):
			reportFlux(p, "it is not ready", c)
		}
	}),
}

func reportFlux(p *audit.Pass, what string, c condition) {
	f := audit.Finding{Message: what + ": " + cmp.Or(c.reason, "no reason given"), Detail: "Flux says: " + c.message}
	if !c.since.IsZero() {
		f.Detail = "Since " + kube.Moment(c.since) + " Flux says: " + c.message
	}
	p.Report(f)
}

func ofFlux() []kube.Resource {
	return []kube.Resource{kube.Kustomizations, kube.HelmReleases, kube.GitRepositories, kube.OCIRepositories}
}

func fluxObjects(c *kube.Cluster) iter.Seq2[audit.Subject, *unstructured.Unstructured] {
	return func(yield func(audit.Subject, *unstructured.Unstructured) bool) {
		for _, r := range ofFlux() {
			for o := range c.Custom(r).All() {
				subject := audit.Subject{Ref: r.Ref(o.GetNamespace(), o.GetName()), Namespace: o.GetNamespace()}
				if !yield(subject, o) {
					return
				}
			}
		}
	}
}
