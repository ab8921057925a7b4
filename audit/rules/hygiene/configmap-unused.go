package hygiene

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var configmapUnused = &audit.Rule{
	ID:       "configmap-unused",
	Title:    "No reference to a ConfigMap found",
	Severity: audit.Low,
	Rationale: "Configuration that nothing reads misleads whoever looks for the place to change something, " +
		"and stays when the program that it was for is long gone.",
	Remediation: "Find out who made it and whether a program asks the API server for it; an earlier revision of a StatefulSet or " +
		"DaemonSet may need it as well. Delete it when nobody does. Label it if programs find it by a label.",
	Since:    "2",
	Subjects: []kube.Resource{kube.ConfigMaps},
	Consults: referring(kube.ConfigMaps),
	Parameters: discovery("grafana_dashboard", "grafana_datasource", "grafana_alert", "grafana_notifier", "grafana_folder",
		"prometheus_rule", "loki_rule", "velero.io/plugin-config", "velero.io/change-storage-class",
		"app.kubernetes.io/part-of=argocd"),
	Check: audit.EachObject(kube.ConfigMaps,
		func(c *kube.Cluster) kube.Table[*metav1.PartialObjectMetadata] { return c.ConfigMaps },
		func(p *audit.Pass, m *metav1.PartialObjectMetadata) {
			if publishedEverywhere(m.Name) || isHelmRelease(m) || electsLeader(m) || found(p, m) || !mayBeUnused(p, m) {
				p.NotApplicable()
				return
			}
			judgeReferred(p, kube.ConfigMaps, m, "Neither pods, pod templates, past revisions of Deployments, roles that name it "+
				"nor the custom resources that are read refer to it, and no program is told its name. "+
				"Who asks the API server for it without that is not to be seen.")
		}),
}

// publishedEverywhere reports whether controllers put a ConfigMap of this name
// into every namespace (the root CA publisher of kube-controller-manager, the
// service CA operator of OpenShift, the control plane of Istio).
func publishedEverywhere(name string) bool {
	return slices.Contains([]string{"kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"}, name)
}

// electsLeader reports whether replicas hold an object to agree on one of them
// (tools/leaderelection of client-go before it had Leases).
func electsLeader(o metav1.Object) bool {
	_, held := o.GetAnnotations()["control-plane.alpha.kubernetes.io/leader"]
	return held
}
