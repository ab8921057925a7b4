package network

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressClassMissing = &audit.Rule{
	ID:        "ingress-class-missing",
	Title:     "No controller is responsible for an Ingress",
	Severity:  audit.Medium,
	Rationale: "The Ingress is stored and nothing happens: its hosts are not served, and nobody is told.",
	Remediation: "Name a class that exists (`kubectl get ingressclasses`), or mark one of them as the default by the annotation " +
		"ingressclass.kubernetes.io/is-default-class.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Ingresses},
	Reads:    []kube.Resource{kube.IngressClasses},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		f, missing := missingClass(p.Cluster, i)
		switch {
		case !missing:
		case p.Cluster.Info.Offline:
			p.Unknown("manifests do not show the classes of the cluster")
		case i.Spec.IngressClassName == nil && strings.Contains(p.Cluster.Info.Version, "-gke."):
			p.NotApplicable() // GKE's own controller takes what names no class, and has none
		default:
			p.Report(f)
		}
	}),
}

func missingClass(c *kube.Cluster, i *networkingv1.Ingress) (audit.Finding, bool) {
	f := audit.Finding{Path: "spec.ingressClassName"}
	if i.Spec.IngressClassName == nil {
		f.Message = "it names no class, and there is no default"
		f.Detail = "Neither spec.ingressClassName nor the annotation " + classAnnotation + " is set, and no IngressClass is marked as the default."
		return f, i.Annotations[classAnnotation] == "" && defaultClass.Of(c) == nil
	}
	ref := kube.IngressClasses.Ref("", *i.Spec.IngressClassName)
	f.Message = ref.String() + " does not exist"
	f.Detail = "The cluster has no " + ref.String() + "."
	_, held := c.IngressClasses.Get("", ref.Name)
	return f, !held
}
