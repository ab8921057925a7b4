package deprecation

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var kubeletTooOldForNextVersion = &audit.Rule{
	ID:       "kubelet-too-old-for-next-version",
	Title:    "A kubelet does not fit the next API server",
	Severity: audit.Medium,
	Rationale: "The control plane is upgraded first. With the next release of it this kubelet is further behind than is supported: " +
		"pods may not start on its node, or fields may be ignored without a word.",
	Remediation: "Upgrade the node before the control plane, to the release that the API server has now.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.Nodes},
	Check: eachNode(func(p *audit.Pass, n *corev1.Node) {
		server, ok := parseRelease(p.Cluster.Info.Version)
		if !ok {
			p.Unknown(unknownVersion)
			return
		}
		kubelet, ok := parseRelease(n.Status.NodeInfo.KubeletVersion)
		if !ok {
			p.Unknown(fmt.Sprintf("the version of its kubelet, %q, cannot be read", n.Status.NodeInfo.KubeletVersion))
			return
		}
		behind, most := server.next().minor-kubelet.minor, mostBehind(kubelet)
		if kubelet.major != server.major || behind <= most {
			return
		}
		f := audit.Finding{
			Path:    "status.nodeInfo.kubeletVersion",
			Message: fmt.Sprintf("its kubelet, %s, is too old for an API server of %s", kubelet, server.next()),
			Detail:  fmt.Sprintf("The API server is %s. Such a kubelet may be %d minor releases older than it, and would be %d.", p.Cluster.Info.Version, most, behind),
		}
		if behind-1 > most {
			f.Implied = kubeletVersionSkew.ID
		}
		p.Report(f)
	}),
}
