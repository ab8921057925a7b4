package nodes

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeSilent = &triage.Detector{
	ID:    "node-silent",
	Title: "A node does not report",
	About: "The condition Ready is Unknown: the kubelet renewed neither its lease nor its status for 50 seconds " +
		"(nodeMonitorGracePeriod, pkg/controller/nodelifecycle; 40 before 1.32). The machine, its kubelet or the network between it and the " +
		"API server is down. Its pods may run on: nobody can tell. They are deleted five minutes later, those without a toleration of their own. " +
		"A node that is taken away on purpose is a note.",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Nodes,
	Paged: 15 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		silent, all := ready(p.Cluster, corev1.ConditionUnknown)
		for n := range p.Cluster.Nodes.All() {
			is, known := condition(n, corev1.NodeReady)
			if !known || is.Status != corev1.ConditionUnknown || virtual(n) {
				continue
			}
			s := triage.Signal{
				Object: kube.Nodes.Ref("", n.Name), Since: is.LastTransitionTime.Time, Raw: is.Message,
				Severity: severity(n, len(silent), all), Message: "the kubelet reports nothing" + maintenance(n),
			}
			if is.Reason == neverReported {
				s.Cause, s.Message = "never-reported", "the kubelet has never reported"+maintenance(n)
				s.After = patience(n, s.Since, 0)
			}
			p.Report(s)
		}
	},
}
