package deprecation

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var kubeletVersionSkew = &audit.Rule{
	ID:       "kubelet-version-skew",
	Title:    "A kubelet does not fit the API server",
	Severity: audit.Medium,
	Rationale: "A kubelet may be three minor releases older than the API server, and never newer. " +
		"Beyond that nobody tests whether they understand each other: pods may not start, or fields may be ignored without a word.",
	Remediation: "Upgrade the nodes to the release of the control plane, or the control plane first where the nodes are ahead of it.",
	Since:       "2",
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
		f := audit.Finding{Path: "status.nodeInfo.kubeletVersion"}
		behind := server.minor - kubelet.minor
		switch most := mostBehind(kubelet); {
		case kubelet.major != server.major:
			return // nobody has said yet what a second major release would mean
		case behind < 0:
			f.Message = fmt.Sprintf("its kubelet, %s, is newer than the API server", kubelet)
			f.Detail = fmt.Sprintf("The API server is %s. A kubelet must not be newer.", p.Cluster.Info.Version)
		case behind > most:
			f.Message = fmt.Sprintf("its kubelet, %s, is %d releases older than the API server", kubelet, behind)
			f.Detail = fmt.Sprintf("The API server is %s. Such a kubelet may be %d minor releases older.", p.Cluster.Info.Version, most)
		default:
			return
		}
		p.Report(f)
	}),
}

// mostBehind returns how many minor releases a kubelet may be older than the API
// server: three since 1.25, two before
// (https://kubernetes.io/releases/version-skew-policy/).
func mostBehind(kubelet release) int {
	if (release{1, 25}).by(kubelet) {
		return 3
	}
	return 2
}
