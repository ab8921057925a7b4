package hygiene

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var argocdOutOfSync = &audit.Rule{
	ID:       "argocd-out-of-sync",
	Title:    "An Argo CD Application is not as Git says, or is degraded",
	Severity: audit.Low,
	Rationale: "What runs is not what the repository says: either a change was not applied, or somebody changed the cluster by hand " +
		"and the next sync undoes it.",
	Remediation: "See `argocd app diff`, then sync, or bring what was changed by hand into the repository. " +
		"For a degraded one see which of its resources is.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Applications},
	Timed:    true,
	Check: audit.EachCustom(kube.Applications, func(p *audit.Pass, o *unstructured.Unstructured) {
		text := func(fields ...string) string {
			s, _, _ := unstructured.NestedString(o.Object, append([]string{"status"}, fields...)...)
			return s
		}
		sync, health := text("sync", "status"), text("health", "status")
		switch {
		case sync == "" && health == "":
			p.NotApplicable() // not looked at yet, or a manifest
		case text("operationState", "phase") == "Running":
			return // it is being brought in line
		case health == "Degraded" && p.Cluster.Lasted(moment(text("health", "lastTransitionTime")), reconciling):
			p.Report(audit.Finding{
				Message: "it is degraded",
				Detail:  "Argo CD says of its health: " + cmp.Or(text("health", "message"), "Degraded."),
			})
		case sync == "OutOfSync" && p.Cluster.Lasted(lastSynced(text), reconciling):
			p.Report(audit.Finding{
				Message: "it is out of sync",
				Detail:  "Argo CD compared it with revision " + cmp.Or(text("sync", "revision"), "unknown") + " and found differences.",
			})
		}
	}),
}

// lastSynced returns when an operation on an Application ended last, zero if
// there was none: since when it is out of sync is not said.
func lastSynced(text func(...string) string) metav1.Time {
	return moment(text("operationState", "finishedAt"))
}
