package hygiene

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var namespaceUnused = &audit.Rule{
	ID:       "namespace-unused",
	Title:    "A namespace is empty",
	Severity: audit.Low,
	Rationale: "What was granted in it is still granted, usually without anybody who watches: whoever has a forgotten role there " +
		"has a place to run pods that nobody expects.",
	Remediation: "Delete the namespace if nobody is about to use it; its roles and quotas go with it.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Consults:    contents(),
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, held := p.Cluster.Namespaces.Get("", name)
		if p.Cluster.Info.Offline || !held || namespace.Status.Phase == corev1.NamespaceTerminating ||
			name == metav1.NamespaceDefault || kube.Platform(name) {
			p.NotApplicable()
			return
		}
		if inhabited(p.Cluster, name) {
			return
		}
		if why := unread(p.Cluster, name, contents()); why != "" {
			p.Unknown(why)
			return
		}
		p.Report(audit.Finding{
			Message: "namespace holds nothing that is of use",
			Detail: "It has no pod, no workload, no Service, no claim, no ConfigMap, Secret or ServiceAccount but those " +
				"that every namespace gets, and none of the custom resources that are read.",
		})
	}),
}

// contents are the resources that make a namespace more than an empty one: not
// those that are made for every namespace, as its roles and quotas.
func contents() []kube.Resource {
	all := append(kube.WorkloadResources(), kube.Services, kube.Ingresses, kube.PersistentVolumeClaims,
		kube.ServiceAccounts, kube.ConfigMaps, kube.Secrets)
	for _, r := range kube.CustomResources() {
		if r.Namespaced {
			all = append(all, r)
		}
	}
	return all
}

// inhabited reports whether a namespace holds any of its [contents].
func inhabited(c *kube.Cluster, namespace string) bool {
	if len(c.WorkloadsIn(namespace)) > 0 || len(c.Pods.In(namespace)) > 0 || len(c.ReplicaSets.In(namespace)) > 0 ||
		len(c.Services.In(namespace)) > 0 || len(c.Ingresses.In(namespace)) > 0 || len(c.PersistentVolumeClaims.In(namespace)) > 0 {
		return true
	}
	settings := slices.ContainsFunc(c.ConfigMaps.In(namespace), func(m *metav1.PartialObjectMetadata) bool {
		return !publishedEverywhere(m.Name)
	})
	secrets := slices.ContainsFunc(c.Secrets.In(namespace), func(s *metav1.PartialObjectMetadata) bool {
		return s.Annotations[corev1.ServiceAccountNameKey] != defaultAccount
	})
	accounts := slices.ContainsFunc(c.ServiceAccounts.In(namespace), func(a *corev1.ServiceAccount) bool {
		return a.Name != defaultAccount
	})
	return settings || secrets || accounts || slices.ContainsFunc(kube.CustomResources(), func(r kube.Resource) bool {
		return r.Namespaced && len(c.Custom(r).In(namespace)) > 0
	})
}

// defaultAccount is the ServiceAccount that every namespace has.
const defaultAccount = "default"
