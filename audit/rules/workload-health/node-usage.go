package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// outdated is after how many minutes a sample says nothing of the moment any more.
const outdated = 10

// usageParameters are those of the rules about the use of nodes.
func usageParameters() []audit.Parameter {
	return []audit.Parameter{{
		Name:  "thresholdPercent",
		About: "How many percent of what a node has for pods may be in use.",
		Value: 80,
	}}
}

// used returns a judge of how much of a resource the pods of a node, and the node
// itself, use of what it has for pods.
func used(of corev1.ResourceName, name string) func(*audit.Pass, *corev1.Node) {
	return func(p *audit.Pass, node *corev1.Node) {
		allocatable := node.Status.Allocatable[of]
		if allocatable.IsZero() {
			p.NotApplicable()
			return
		}
		sample, known := p.Cluster.NodeUsage.Get("", node.Name)
		if !known {
			if p.Cluster.Info.Offline {
				p.NotApplicable()
				return
			}
			p.Unknown("its usage has not been measured")
			return
		}
		measured, has := sample.Containers[""][of]
		if !has || p.Cluster.Lasted(metav1.Time{Time: sample.Time}, outdated) {
			p.Unknown("its usage was last measured at " + kube.Moment(metav1.Time{Time: sample.Time}))
			return
		}
		percent := 100 * measured.AsApproximateFloat64() / allocatable.AsApproximateFloat64()
		if percent <= float64(p.Number("thresholdPercent")) {
			return
		}
		p.Report(audit.Finding{
			Message: fmt.Sprintf("%.0f%% of its %s is in use", percent, name),
			Detail:  fmt.Sprintf("At %s it used %s of %s.", kube.Moment(metav1.Time{Time: sample.Time}), measured.String(), allocatable.String()),
		})
	}
}
