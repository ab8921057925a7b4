package images

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Kubernetes' own images moved; the old registry gets no new ones since 3 April
// 2023 (kubernetes.io, "k8s.gcr.io Image Registry Will Be Frozen").
const (
	frozenRegistry  = "k8s.gcr.io"
	currentRegistry = "registry.k8s.io"
)

var imageRegistryDeprecated = &audit.Rule{
	ID:       "image-registry-deprecated",
	Title:    "An image comes from the frozen registry k8s.gcr.io",
	Severity: audit.Medium,
	Rationale: "The registry gets no new images since April 2023, security fixes included, and may go away: " +
		"pods that start on a node without the image then fail.",
	Remediation: "Name the same image in registry.k8s.io, and see whether there is a newer release.",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Variables: imageVariables(),
		AtFault:   "variables.images.filter(i, i.startsWith('k8s.gcr.io/'))",
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		if u.registry != frozenRegistry {
			return true
		}
		f := u.finding("image %s comes from the frozen registry", u.name)
		fix := audit.SetField("name the image in "+currentRegistry, f.Path,
			currentRegistry+strings.TrimPrefix(u.name, frozenRegistry))
		fix.Risk = "Nodes that reach registries by a list of allowed hosts have to be allowed " + currentRegistry + " and where it redirects."
		f.Fixes = []audit.Fix{fix}
		p.Report(f)
		return true
	}),
}
