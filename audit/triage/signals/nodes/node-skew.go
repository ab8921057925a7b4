package nodes

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/version"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// oldestKubelet is by how many minor versions a kubelet may be older than the API
// server (https://kubernetes.io/releases/version-skew-policy, since 1.28).
const oldestKubelet = 3

var nodeSkew = &triage.Detector{
	ID:    "node-skew",
	Title: "A kubelet has a version that the API server does not support",
	About: "A kubelet must not be newer than the API server, nor older by more than three minor versions (version skew policy). " +
		"It works as a rule and fails in unforeseen places. During an upgrade it is to be expected for nodes that are older, never for newer ones. " +
		"Since when it is so nobody records.",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Nodes,
	Wide:  true,
	Check: func(p *triage.Pass) {
		server, err := version.ParseGeneric(p.Cluster.Info.Version)
		if err != nil {
			return
		}
		for n := range p.Cluster.Nodes.All() {
			kubelet, err := version.ParseGeneric(n.Status.NodeInfo.KubeletVersion)
			if err != nil || virtual(n) {
				continue
			}
			s := triage.Signal{Object: kube.Nodes.Ref("", n.Name)}
			switch behind := int(server.Minor()) - int(kubelet.Minor()); {
			case kubelet.Major() != server.Major():
				continue
			case behind < 0:
				s.Severity, s.Cause = triage.S3, "newer"
			case behind > oldestKubelet:
				s.Severity, s.Cause = triage.S4, "older"
			default:
				continue
			}
			s.Message = fmt.Sprintf("runs kubelet %s under an API server %s", n.Status.NodeInfo.KubeletVersion, p.Cluster.Info.Version)
			p.Report(s)
		}
	},
}
