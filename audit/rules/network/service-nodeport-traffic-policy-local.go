package network

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceNodePortTrafficPolicyLocal = &audit.Rule{
	ID:       "service-nodeport-traffic-policy-local",
	Title:    "Some nodes drop the traffic of a node port",
	Severity: audit.Info,
	Rationale: "A client that asks a node without a ready pod gets no answer. Without a load balancer that knows better, " +
		"that is a matter of luck, and it changes whenever a pod moves.",
	Remediation: "Have what sends the traffic ask the nodes for healthy ones, run a pod on every node, or leave externalTrafficPolicy at Cluster.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		Object:    "object.spec.?type.orValue('') == 'NodePort' && object.spec.?externalTrafficPolicy.orValue('') == 'Local'",
	},
	Check: eachService(func(p *audit.Pass, s *corev1.Service) {
		if !onNodes(s) {
			p.NotApplicable()
			return
		}
		if s.Spec.ExternalTrafficPolicy != corev1.ServiceExternalTrafficPolicyLocal {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.externalTrafficPolicy",
			Message: "nodes without a pod drop its traffic",
			Detail:  "Its externalTrafficPolicy is Local: a node forwards to its own pods, and drops what comes if it has none that is ready.",
			Fixes: []audit.Fix{{
				Title: "have every node forward to all pods",
				Edits: []audit.Edit{{Path: "spec.externalTrafficPolicy", Value: string(corev1.ServiceExternalTrafficPolicyCluster)}},
				Risk:  "Pods no longer see the address of the client.",
			}},
		})
	}),
}
