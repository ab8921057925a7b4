package network

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceDuplicateSelector = &audit.Rule{
	ID:       "service-duplicate-selector",
	Title:    "Two Services are the same",
	Severity: audit.Low,
	Rationale: "Both lead to the same ports of the same pods. One is left over, or was copied and its selector forgotten: " +
		"then its clients talk to the wrong application.",
	Remediation: "Correct the selector of the copy, or delete the Service that nobody uses. " +
		"A headless Service beside another one, and one with other ports, is no copy.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Services},
	Reads:    []kube.Resource{kube.Services},
	Check: eachSelecting(func(p *audit.Pass, s *corev1.Service) {
		if balanced(s) {
			p.NotApplicable() // one inside and one outside is common
			return
		}
		alike := copies.Of(p.Cluster, s.Namespace)[identity(s)]
		if alike[0] == s.Name {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.selector",
			Message: fmt.Sprintf("svc/%s has the same selector and ports", alike[0]),
			Detail:  fmt.Sprintf("%d Services of the namespace have this type, selector and ports: %s.", len(alike), strings.Join(alike, ", ")),
		})
	}),
}

// copies has the names of the Services of a namespace by what they do.
var copies = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]string {
	alike := map[string][]string{}
	for _, s := range c.Services.In(namespace) {
		if len(s.Spec.Selector) > 0 {
			alike[identity(s)] = append(alike[identity(s)], s.Name)
		}
	}
	return alike
}).From(kube.Services)

// identity is what a Service does, for comparison.
func identity(s *corev1.Service) string {
	var parts []string
	for key, value := range s.Spec.Selector {
		parts = append(parts, key+"="+value)
	}
	for i := range s.Spec.Ports {
		port := &s.Spec.Ports[i]
		to := target(port)
		parts = append(parts, fmt.Sprintf(":%d/%s>%s", port.Port, protocolOf(port.Protocol), to.String()))
	}
	slices.Sort(parts)
	kind := s.Spec.Type
	if kind == "" {
		kind = corev1.ServiceTypeClusterIP
	}
	return fmt.Sprint(kind, headless(s), s.Spec.PublishNotReadyAddresses, " ", strings.Join(parts, " "))
}
