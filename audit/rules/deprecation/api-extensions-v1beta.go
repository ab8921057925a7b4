package deprecation

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiExtensionsV1beta = &audit.Rule{
	ID:       "api-extensions-v1beta",
	Title:    "An object is of the group extensions",
	Severity: audit.Low,
	Rationale: "Since Kubernetes 1.22 no server has the group any more. " +
		"A manifest that still uses it cannot be applied anywhere.",
	Remediation: "Write Deployments, DaemonSets and ReplicaSets as apps/v1, Ingresses and NetworkPolicies as networking.k8s.io/v1. " +
		"Workloads need a selector then, and the backends of an Ingress are written differently.",
	Since:    "2",
	Subjects: extended(),
	Check: eachWriting(extended(), func(p *audit.Pass, w writing) {
		if w.gvk.Group != "extensions" || !strings.HasPrefix(w.gvk.Version, "v1beta") {
			return
		}
		l, ok := w.lifecycle(p.Cluster)
		if !ok {
			return
		}
		f := w.finding(l, w.gvk.Kind+" is written as "+w.apiVersion)
		f.Implied = apiRemovedInNextVersion.ID
		p.Report(f)
	}),
}

// extended returns the resources that began in the group extensions.
func extended() []kube.Resource {
	return []kube.Resource{kube.Deployments, kube.DaemonSets, kube.ReplicaSets, kube.Ingresses, kube.NetworkPolicies}
}
