package traffic

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var svcPortMismatch = &triage.Detector{
	ID:    "svc-port-mismatch",
	Title: "A Service names a port that its pods do not have",
	About: "spec.ports[].targetPort is a name, and no container of the pods that the Service selects has a port of that name: their endpoints have no such port " +
		"(pkg/controller/util/endpoint, FindPort). A number is not looked up, so that nothing can be said of it.",
	Reads: []kube.Resource{kube.Services, kube.Pods},
	Helps: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets},
	Rung:  triage.Revisions,
	Check: func(p *triage.Pass) {
		for _, s := range p.Cluster.Services.In(p.Namespace) {
			byName := func(port corev1.ServicePort) bool { return port.TargetPort.Type == intstr.String }
			if s.DeletionTimestamp != nil || !slices.ContainsFunc(s.Spec.Ports, byName) {
				continue
			}
			served := p.Cluster.WorkloadsServed(s)
			if len(served) == 0 {
				continue
			}
			for _, port := range s.Spec.Ports {
				if !byName(port) || anyNamed(served, port.TargetPort.StrVal, protocol(port.Protocol)) {
					continue
				}
				p.Report(triage.Signal{
					Object: kube.Services.Ref(s.Namespace, s.Name), Workload: served[0].Ref, Severity: triage.S2,
					Message: fmt.Sprintf("port %d goes to the port named %q, which no container of %s has", port.Port, port.TargetPort.StrVal, served[0].Ref.Short()),
				})
				break
			}
		}
	},
}

func protocol(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}

// anyNamed reports whether a container of some workloads has a port of a name.
func anyNamed(workloads []*kube.Workload, name string, of corev1.Protocol) bool {
	for _, w := range workloads {
		for c := range w.Containers() {
			for _, port := range c.Ports {
				if port.Name == name && protocol(port.Protocol) == of {
					return true
				}
			}
		}
	}
	return false
}
