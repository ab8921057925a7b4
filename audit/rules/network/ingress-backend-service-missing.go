package network

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressBackendServiceMissing = &audit.Rule{
	ID:          "ingress-backend-service-missing",
	Title:       "An Ingress leads to no Service",
	Severity:    audit.High,
	Rationale:   "Clients get an error (503 with most controllers). Some controllers take back the whole Ingress.",
	Remediation: "Correct the name: the Service has to be in the namespace of the Ingress. Delete the path if its Service is gone.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Reads:       []kube.Resource{kube.Services},
	Consults:    []kube.Resource{kube.Namespaces},
	Check: eachServiceBackend(func(p *audit.Pass, i *networkingv1.Ingress, b backend) {
		if _, held := p.Cluster.Services.Get(i.Namespace, b.Service.Name); held || byAnnotation(i, b.Service) {
			return
		}
		ref := kube.Services.Ref(i.Namespace, b.Service.Name)
		if stands(p.Cluster, kube.Services, ref) == unread {
			p.Unknown(notInView(ref))
			return
		}
		p.Report(audit.Finding{
			Path:    b.path + ".service.name",
			Message: ref.String() + " does not exist",
			Detail:  "There is no " + ref.String() + ", which the Ingress leads to.",
		})
	}),
}

// eachServiceBackend judges the backends of each Ingress that are Services.
func eachServiceBackend(judge func(*audit.Pass, *networkingv1.Ingress, backend)) audit.Check {
	return eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		applies := false
		for _, b := range backendsOf(i) {
			if b.Service != nil {
				applies = true
				judge(p, i, b)
			}
		}
		if !applies {
			p.NotApplicable()
		}
	})
}

// byAnnotation reports whether a backend is no Service but an action that an
// annotation describes, as the controller of AWS load balancers has them.
func byAnnotation(i *networkingv1.Ingress, s *networkingv1.IngressServiceBackend) bool {
	_, described := i.Annotations["alb.ingress.kubernetes.io/actions."+s.Name]
	return described && s.Port.Name == "use-annotation"
}
