package hygiene

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerPortUnnamed = &audit.Rule{
	ID:       "container-port-unnamed",
	Title:    "A container's port has no name",
	Severity: audit.Info,
	Rationale: "Services, probes and monitors that go by the number have to be changed together with the program. " +
		"A name also says what is spoken there, which service meshes go by.",
	Remediation: "Name the port by its protocol and purpose, as http or grpc-admin, and refer to it by that name.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: "c.?ports.orValue([]).exists(p, p.?name.orValue('') == '')",
	},
	Check: audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		for i := range c.Ports {
			if c.Ports[i].Name == "" {
				p.Report(audit.Finding{
					Container: c.Name,
					Path:      portPath(c, i),
					Message:   fmt.Sprintf("port %d of %s %s has no name", c.Ports[i].ContainerPort, c.Kind, c.Name),
					Detail:    "Nothing can refer to it but by its number.",
				})
			}
		}
		return len(c.Ports) > 0
	}),
}

func portPath(c kube.Container, i int) string { return c.Field(fmt.Sprintf("ports[%d]", i)) }
