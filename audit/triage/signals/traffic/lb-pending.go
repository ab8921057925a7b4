package traffic

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var lbPending = &triage.Detector{
	ID:    "lb-pending",
	Title: "A load balancer does not come",
	About: "A Service of type LoadBalancer has no address (status.loadBalancer.ingress), and its controller says why in an event SyncLoadBalancerFailed, or " +
		"another Service of the cluster has got one, so that there is a controller. Where nobody makes load balancers it stays so for good, which is no incident.",
	Reads: []kube.Resource{kube.Services},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Revisions,
	After: 5 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, s := range p.Cluster.Services.In(p.Namespace) {
			if s.Spec.Type != corev1.ServiceTypeLoadBalancer || len(s.Status.LoadBalancer.Ingress) > 0 || s.DeletionTimestamp != nil {
				continue
			}
			signal := triage.Signal{
				Object: kube.Services.Ref(s.Namespace, s.Name), Since: s.CreationTimestamp.Time, Severity: triage.S2, Message: "has no address yet",
			}
			for _, e := range p.Events(signal.Object) {
				if e.Reason == "SyncLoadBalancerFailed" {
					signal.Raw, signal.Message, signal.Since, signal.Cause = e.Message, "its controller cannot make a load balancer", triage.Began(e), "failed"
				}
			}
			if signal.Raw == "" && !balanced.Of(p.Cluster) {
				continue
			}
			if served := p.Cluster.WorkloadsServed(s); len(served) == 1 {
				signal.Workload = served[0].Ref
			}
			p.Report(signal)
		}
	},
}

// balanced reports whether any Service has got a load balancer.
var balanced = kube.Derive(func(c *kube.Cluster) bool {
	for s := range c.Services.All() {
		if s.Spec.Type == corev1.ServiceTypeLoadBalancer && len(s.Status.LoadBalancer.Ingress) > 0 {
			return true
		}
	}
	return false
}).From(kube.Services)
