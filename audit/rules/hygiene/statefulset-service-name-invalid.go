package hygiene

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var statefulsetServiceNameInvalid = &audit.Rule{
	ID:       "statefulset-service-name-invalid",
	Title:    "The pods of a StatefulSet have no names in DNS",
	Severity: audit.Medium,
	Rationale: "Members of a StatefulSet find each other as web-0.service.namespace. DNS knows such names only of a headless Service " +
		"that selects the pods and that spec.serviceName names.",
	Remediation: "Create a Service with clusterIP: None that selects the pods. serviceName of a StatefulSet that exists cannot be " +
		"changed: give the Service that name, or make the set anew.",
	Since:    "2",
	Subjects: []kube.Resource{kube.StatefulSets},
	Reads:    []kube.Resource{kube.Services},
	Consults: []kube.Resource{kube.Namespaces},
	Check: audit.EachObject(kube.StatefulSets,
		func(c *kube.Cluster) kube.Table[*appsv1.StatefulSet] { return c.StatefulSets },
		func(p *audit.Pass, s *appsv1.StatefulSet) {
			name := s.Spec.ServiceName
			if name == "" {
				p.NotApplicable() // it asks for no names
				return
			}
			service, held := p.Cluster.Services.Get(s.Namespace, name)
			if !held && !access.Complete(p.Cluster, kube.Services, s.Namespace) {
				p.Unknown("Service " + s.Namespace + "/" + name + " is not in the view")
				return
			}
			fault := "does not exist"
			if held {
				fault = faultOf(service, s.Spec.Template.Labels)
			}
			if fault == "" {
				return
			}
			p.Report(audit.Finding{
				Path:    "spec.serviceName",
				Message: "Service " + name + " " + fault,
				Detail:  "So " + s.Name + "-0." + name + "." + s.Namespace + " is no name in DNS, and the others neither.",
			})
		}),
}

// faultOf says why a Service gives pods of some labels no names, "" if it does.
// One without a selector gets its endpoints from somebody else.
func faultOf(s *corev1.Service, pod map[string]string) string {
	switch {
	case s.Spec.ClusterIP != corev1.ClusterIPNone:
		return "is not headless"
	case len(s.Spec.Selector) > 0 && !labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(pod)):
		return "does not select the pods"
	}
	return ""
}
