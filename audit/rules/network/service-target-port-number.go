package network

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceTargetPortNumber = &audit.Rule{
	ID:       "service-target-port-number",
	Title:    "A Service refers to a port by its number",
	Severity: audit.Info,
	Rationale: "When the container moves to another port, the Service has to change at the same moment, " +
		"and old and new pods cannot serve side by side during a rollout.",
	Remediation: "Name the port in the pod template and let targetPort refer to the name.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Consults:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		Except:    `object.spec.?selector.orValue({}).size() == 0 || object.spec.?type.orValue('') == 'ExternalName' || object.spec.?clusterIP.orValue('') == 'None'`,
		Object:    "object.spec.?ports.orValue([]).exists(p, type(p.?targetPort.orValue(0)) == int)",
	},
	Check: eachSelecting(func(p *audit.Pass, s *corev1.Service) {
		if headless(s) {
			p.NotApplicable() // its clients choose the port
			return
		}
		served := p.Cluster.WorkloadsServed(s)
		for i := range s.Spec.Ports {
			port := &s.Spec.Ports[i]
			to := target(port)
			if to.Type == intstr.String {
				continue
			}
			f := audit.Finding{
				Path:    fmt.Sprintf("spec.ports[%d].targetPort", i),
				Message: fmt.Sprintf("%s leads to a number", portName(port)),
				Detail:  fmt.Sprintf("targetPort is %d, and not the name of a port.", to.IntVal),
			}
			if name := nameOf(to.IntVal, port.Protocol, served); name != "" {
				fix := audit.SetField("refer to port "+name+" by its name", f.Path, name)
				fix.Risk = "A pod that is selected later and has no port of that name gets no traffic."
				f.Fixes = []audit.Fix{fix}
			}
			p.Report(f)
		}
	}),
}

// nameOf returns the name by which every workload declares a port, "" if there is
// none.
func nameOf(number int32, protocol corev1.Protocol, served []*kube.Workload) string {
	name := ""
	for i := range served {
		declared := containerPorts(served[i:i+1], protocol)
		at := slices.IndexFunc(declared, func(d corev1.ContainerPort) bool { return d.ContainerPort == number })
		if at < 0 || declared[at].Name == "" || name != "" && declared[at].Name != name {
			return ""
		}
		name = declared[at].Name
	}
	return name
}
