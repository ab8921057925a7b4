package network

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressBackendPortNumber = &audit.Rule{
	ID:          "ingress-backend-port-number",
	Title:       "An Ingress refers to a port by its number",
	Severity:    audit.Info,
	Rationale:   "When the Service moves to another port, every Ingress that leads to it has to change at the same moment.",
	Remediation: "Name the port in the Service, and refer to the name.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Consults:    []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Ingresses},
		Object:    `object.spec.?defaultBackend.service.port.number.orValue(0) != 0 || object.spec.?rules.orValue([]).exists(r, r.?http.paths.orValue([]).exists(p, p.backend.?service.port.number.orValue(0) != 0))`,
	},
	Check: eachServiceBackend(func(p *audit.Pass, i *networkingv1.Ingress, b backend) {
		number := b.Service.Port.Number
		if number == 0 {
			return
		}
		path := b.path + ".service.port"
		f := audit.Finding{
			Path:    path + ".number",
			Message: fmt.Sprintf("it refers to port %d of svc/%s by its number", number, b.Service.Name),
			Detail:  "The backend gives the number of the Service's port, and not its name.",
		}
		if s, held := p.Cluster.Services.Get(i.Namespace, b.Service.Name); held {
			if port := portNumbered(s, number); port != nil && port.Name != "" {
				f.Fixes = []audit.Fix{{
					Title: "refer to port " + port.Name + " by its name",
					Edits: []audit.Edit{
						{Op: audit.Remove, Path: path + ".number"},
						{Path: path + ".name", Value: port.Name},
					},
					Risk: "When the port of the Service is renamed, the Ingress has to follow.",
				}}
			}
		}
		p.Report(f)
	}),
}
