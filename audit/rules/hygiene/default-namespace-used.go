package hygiene

import (
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultNamespaceUsed = &audit.Rule{
	ID:       "default-namespace-used",
	Title:    "Something lives in namespace default",
	Severity: audit.Low,
	Rationale: "Namespaces are what permissions, quotas and network policies go by. In default lands what somebody forgot to put " +
		"elsewhere, so that unrelated programs share all three.",
	Remediation: "Move it into a namespace of its own: create it there, move its data, then delete it here.",
	Controls:    []string{"CIS-5.7.4"},
	Since:       "2",
	Subjects:    livingInDefault(),
	Check:       audit.Each(inDefault, judgeInDefault),
}

// resident is something that lives in namespace default.
type resident struct {
	ref kube.Ref
	// belongs is set for what every server puts there.
	belongs bool
}

func judgeInDefault(p *audit.Pass, r resident) {
	if r.belongs {
		return
	}
	f := audit.Finding{
		Path:    "metadata.namespace",
		Message: "it lives in namespace default",
		Detail:  "It shares the namespace with all that names none.",
	}
	if p.Cluster.Info.Offline {
		// Charts leave it to whoever installs them.
		f.Severity = audit.Info
		f.Message = "it goes into namespace default unless another one is named when it is applied"
		f.Detail = "The manifest names no namespace, or names default."
	}
	p.Report(f)
}

// livingInDefault are the resources that the rule judges.
func livingInDefault() []kube.Resource {
	return append(kube.WorkloadResources(), kube.Services, kube.ConfigMaps, kube.Secrets, kube.ServiceAccounts,
		kube.Roles, kube.RoleBindings, kube.Ingresses, kube.PersistentVolumeClaims, kube.PodDisruptionBudgets,
		kube.HorizontalPodAutoscalers)
}

// inDefault yields what lives in namespace default and belongs to nothing else.
func inDefault(c *kube.Cluster) iter.Seq2[audit.Subject, resident] {
	return func(yield func(audit.Subject, resident) bool) {
		for _, r := range residents(c) {
			if !yield(audit.Subject{Ref: r.ref, Namespace: r.ref.Namespace}, r) {
				return
			}
		}
	}
}

func residents(c *kube.Cluster) []resident {
	var all []resident
	for _, w := range c.WorkloadsIn(metav1.NamespaceDefault) {
		if w.Controller.IsZero() {
			all = append(all, resident{ref: w.Ref})
		}
	}
	return slices.Concat(all,
		residing(kube.Services, c.Services), residing(kube.ConfigMaps, c.ConfigMaps), residing(kube.Secrets, c.Secrets),
		residing(kube.ServiceAccounts, c.ServiceAccounts), residing(kube.Roles, c.Roles),
		residing(kube.RoleBindings, c.RoleBindings), residing(kube.Ingresses, c.Ingresses),
		residing(kube.PersistentVolumeClaims, c.PersistentVolumeClaims),
		residing(kube.PodDisruptionBudgets, c.PodDisruptionBudgets),
		residing(kube.HorizontalPodAutoscalers, c.HorizontalPodAutoscalers))
}

// residing returns the objects of a table that live in namespace default.
func residing[T interface {
	kube.Object
	metav1.Object
}](r kube.Resource, table kube.Table[T]) []resident {
	var all []resident
	for _, o := range table.In(metav1.NamespaceDefault) {
		if len(o.GetOwnerReferences()) == 0 && !isHelmRelease(o) {
			all = append(all, resident{r.Ref(metav1.NamespaceDefault, o.GetName()), broughtAlong(r, o)})
		}
	}
	return all
}

// broughtAlong reports whether an object of namespace default is there without
// anybody having put it there.
func broughtAlong(r kube.Resource, o metav1.Object) bool {
	switch r {
	case kube.Services:
		return o.GetName() == "kubernetes"
	case kube.ServiceAccounts:
		return o.GetName() == defaultAccount
	case kube.ConfigMaps:
		return publishedEverywhere(o.GetName())
	case kube.Secrets:
		return o.GetAnnotations()[corev1.ServiceAccountNameKey] == defaultAccount
	}
	return bootstraps(o.GetLabels())
}
