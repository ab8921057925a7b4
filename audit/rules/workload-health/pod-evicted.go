package workloadhealth

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// evicted is the reason that the kubelet gives a pod which it fails because its
// node runs out of something (pkg/kubelet/eviction/eviction_manager.go).
const evicted = "Evicted"

var podEvicted = &audit.Rule{
	ID:       "pod-evicted",
	Title:    "Evicted pods remain",
	Severity: audit.Low,
	Rationale: "The kubelet ended them because the node ran out of memory or disk, or because they used more of their disk than they may. " +
		"What remains runs nothing; it is kept until somebody deletes it, and tells that it may happen again.",
	Remediation: "Read the message of the newest: it names the resource. Set requests that match the use, and limits for ephemeral storage. " +
		"Then delete the pods: `kubectl delete pods --field-selector status.phase=Failed`.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Check: eachWithFailed(func(p *audit.Pass, m *members) {
		count := 0
		var newest *kube.Pod
		for _, pod := range m.troubled {
			if !pod.Finished() || pod.Status.Reason != evicted {
				continue
			}
			count++
			if newest == nil || endOf(pod).After(endOf(newest).Time) {
				newest = pod
			}
		}
		if count == 0 {
			return
		}
		f := audit.Finding{
			Message: fmt.Sprintf("%d evicted %s", count, plural(count, "pod remains", "pods remain")),
			Detail:  fmt.Sprintf("The newest is %s, evicted from node %s at %s.", newest.Name, newest.Node, kube.Moment(endOf(newest))),
		}
		if said := quote(newest.Status.Message); said != "" {
			f.Detail += " The kubelet says: " + said
		}
		p.Report(f)
	}),
}
