package probes

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var probeUsesPortNumber = &audit.Rule{
	ID:       "probe-uses-port-number",
	Title:    "A probe names its port by number",
	Severity: audit.Info,
	Rationale: "The number is written down twice, at the port and at the probe. " +
		"Whoever changes one and forgets the other gets pods that never become ready, or are restarted without end.",
	Remediation: "Give the container's port a name and let the probe go to the name.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.completes",
		Among:     "longRunning",
		Container: `[c.?livenessProbe, c.?readinessProbe, c.?startupProbe].exists(p, p.?httpGet.host.orValue('') == '' && p.?httpGet.port.optMap(n, type(n) == int).orValue(false))`,
	},
	Check: eachServer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		applies := false
		for _, k := range [...]kind{liveness, readiness, startup} {
			probe := k.of(c.Container)
			if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Host != "" {
				continue
			}
			applies = true
			if probe.HTTPGet.Port.Type == intstr.String {
				continue
			}
			number := probe.HTTPGet.Port.IntVal
			f := audit.Finding{
				Container: c.Name, Path: c.Field(k.field + portField(probe)),
				Message: fmt.Sprintf("%s: the %s goes to port %d by number", named(c), k.name, number),
				Detail:  fmt.Sprintf("The container gives port %d no name.", number),
			}
			if name := portName(c, number); name != "" {
				f.Detail = fmt.Sprintf("The container calls port %d %q.", number, name)
				f.Fixes = []audit.Fix{audit.SetField(fmt.Sprintf("probe port %q by its name", name), f.Path, name)}
			}
			p.Report(f)
		}
		return applies
	}),
}

// portName returns the name of a port of the container, "" if it has none.
func portName(c kube.Container, number int32) string {
	i := slices.IndexFunc(c.Ports, func(p corev1.ContainerPort) bool {
		return p.ContainerPort == number && p.Name != "" && isTCP(p)
	})
	if i < 0 {
		return ""
	}
	return c.Ports[i].Name
}
