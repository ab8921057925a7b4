package network

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressLoadBalancerError = &audit.Rule{
	ID:          "ingress-load-balancer-error",
	Title:       "The load balancer of an Ingress reports an error",
	Severity:    audit.High,
	Rationale:   "The port of the load balancer does not work: clients cannot connect, or do not get where they should.",
	Remediation: "Look the error up in the documentation of the controller, and read the events of the Ingress.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		points := i.Status.LoadBalancer.Ingress
		if len(points) == 0 {
			p.NotApplicable() // it has none yet, or is a manifest
			return
		}
		for _, point := range points {
			for _, port := range point.Ports {
				if port.Error == nil || *port.Error == "" {
					continue
				}
				address := point.Hostname
				if address == "" {
					address = point.IP
				}
				p.Report(audit.Finding{
					Path:    "spec",
					Message: fmt.Sprintf("port %d of its load balancer fails: %s", port.Port, *port.Error),
					Detail:  fmt.Sprintf("The status of load balancer %s says of port %d/%s: %s.", address, port.Port, protocolOf(port.Protocol), *port.Error),
				})
			}
		}
	}),
}
