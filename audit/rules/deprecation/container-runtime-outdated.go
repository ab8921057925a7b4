package deprecation

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// The kubelet asks the runtime for its cgroup driver (RuntimeConfig of the CRI), which
// containerd answers from 2.0 on. Support ends with 1.35; what the kubelet falls back to
// goes with 1.38 (KEP-4033, https://github.com/kubernetes/enhancements/pull/6087).
const (
	lastWithContainerd1   = 35
	firstKubeletWithout1x = 38
)

var containerRuntimeOutdated = &audit.Rule{
	ID:       "container-runtime-outdated",
	Title:    "A container runtime that the next kubelet does not support",
	Severity: audit.Medium,
	Rationale: "Kubernetes 1.35 is the last that supports containerd 1, and from 1.38 on a kubelet does not start with it: " +
		"the node is upgraded, and does not come back. containerd 1.7, the last of them, gets no fixes since September 2026.",
	Remediation: "Move the node to containerd 2 before its kubelet, as a rule with a newer image of the node. " +
		"See first that its configuration has no plugin of version 2 (`containerd config migrate`) and that no image is of Docker schema 1, which containerd 2 refuses.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Nodes},
	Check: eachNode(func(p *audit.Pass, n *corev1.Node) {
		runtime := n.Status.NodeInfo.ContainerRuntimeVersion
		text, ok := strings.CutPrefix(runtime, "containerd://")
		if !ok {
			p.NotApplicable()
			return
		}
		v, err := version.ParseGeneric(text)
		if err != nil {
			p.Unknown(fmt.Sprintf("the version of its container runtime, %q, cannot be read", runtime))
			return
		}
		server, known := parseRelease(p.Cluster.Info.Version)
		switch {
		case v.Major() != 1:
			return
		case !known:
			p.Unknown(unknownVersion)
			return
		case server.minor < lastWithContainerd1:
			return // two upgrades away at least
		}
		f := audit.Finding{
			Path:    "status.nodeInfo.containerRuntimeVersion",
			Message: fmt.Sprintf("it runs containerd %s, which Kubernetes supports up to 1.%d", text, lastWithContainerd1),
			Detail:  fmt.Sprintf("Its kubelet is %s, the API server %s.", n.Status.NodeInfo.KubeletVersion, p.Cluster.Info.Version),
		}
		if server.next().minor >= firstKubeletWithout1x {
			f.Severity = audit.High
			f.Message = fmt.Sprintf("it runs containerd %s, with which no kubelet of 1.%d starts", text, firstKubeletWithout1x)
		}
		p.Report(f)
	}),
}
