package network

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceLBTrafficPolicyCluster = &audit.Rule{
	ID:       "service-lb-traffic-policy-cluster",
	Title:    "A load balancer hides its clients",
	Severity: audit.Info,
	Rationale: "Connections may take a detour over another node, which hides the client's address: " +
		"logs, limits and policies by address see nodes alone.",
	Remediation: "Set externalTrafficPolicy to Local where the client's address or the shorter way matters, and spread the pods over nodes.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		Object:    "object.spec.?type.orValue('') == 'LoadBalancer' && object.spec.?externalTrafficPolicy.orValue('') != 'Local'",
	},
	Check: eachService(func(p *audit.Pass, s *corev1.Service) {
		if !balanced(s) {
			p.NotApplicable()
			return
		}
		if s.Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.externalTrafficPolicy",
			Message: "its externalTrafficPolicy is Cluster",
			Detail:  "Any node takes connections, and forwards them to a pod of another node under its own address.",
			Fixes: []audit.Fix{{
				Title: "send connections to pods of the same node",
				Edits: []audit.Edit{{Path: "spec.externalTrafficPolicy", Value: string(corev1.ServiceExternalTrafficPolicyLocal)}},
				Risk:  "Nodes without a ready pod get no traffic, and the load is spread by nodes instead of by pods.",
			}},
		})
	}),
}
