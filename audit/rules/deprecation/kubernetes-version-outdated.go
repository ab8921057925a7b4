package deprecation

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// oldest is the parameter that names the oldest release that is good enough.
const oldest = "oldest"

// supported is how many minor releases get fixes at a time
// (https://kubernetes.io/releases/version-skew-policy/).
const supported = 3

var kubernetesVersionOutdated = &audit.Rule{
	ID:       "kubernetes-version-outdated",
	Title:    "A node runs a Kubernetes that gets no more fixes",
	Severity: audit.Medium,
	Rationale: "Only the three newest minor releases get fixes. Faults that are found in an older one stay open, " +
		"and everybody can read what they are.",
	Remediation: "Upgrade one minor release after the other, the control plane first and then the nodes. " +
		"See first what api-removed-in-next-version finds.",
	Controls: []string{"OWASP22-K10", "OWASP25-K07"},
	Since:    "2",
	Subjects: []kube.Resource{kube.Nodes},
	Parameters: []audit.Parameter{{
		Name: oldest, Value: "",
		About: `the oldest release of Kubernetes that is good enough, as "1.35"; empty for the three newest that the rule knows`,
	}},
	Check: eachNode(func(p *audit.Pass, n *corev1.Node) {
		least := newest.before(supported - 1)
		if named := p.Text(oldest); named != "" {
			var ok bool
			if least, ok = parseRelease(named); !ok {
				p.Unknown(fmt.Sprintf("%q is no release of Kubernetes", named))
				return
			}
		}
		kubelet, ok := parseRelease(n.Status.NodeInfo.KubeletVersion)
		if !ok {
			p.Unknown(fmt.Sprintf("the version of its kubelet, %q, cannot be read", n.Status.NodeInfo.KubeletVersion))
			return
		}
		if least.by(kubelet) {
			return
		}
		f := audit.Finding{
			Path:    "status.nodeInfo.kubeletVersion",
			Message: fmt.Sprintf("its kubelet is %s, older than %s", n.Status.NodeInfo.KubeletVersion, least),
			Detail:  fmt.Sprintf("The oldest release that is good enough is %s.", least),
		}
		if server, known := parseRelease(p.Cluster.Info.Version); known && !least.by(server) {
			f.Detail += fmt.Sprintf(" The API server is as old: it is %s.", p.Cluster.Info.Version)
		}
		p.Report(f)
	}),
}
