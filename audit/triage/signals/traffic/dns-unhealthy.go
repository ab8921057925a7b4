package traffic

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// nameService is the label of what answers for the names of a cluster, whichever
// program it is (https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution).
const nameService = "kube-dns"

var dnsUnhealthy = &triage.Detector{
	ID:    "dns-unhealthy",
	Title: "Cluster DNS answers badly or not at all",
	About: "Less than half of the pods behind the Service kube-dns are ready (Services and Deployments of kube-system with the label k8s-app=kube-dns). " +
		"Everything that calls another Service by name may fail, far from here. A cluster that has DNS elsewhere has no such Service, and nothing is said.",
	Reads: []kube.Resource{kube.Services, kube.EndpointSlices, kube.Pods},
	Rung:  triage.NameServices,
	After: 30 * time.Second,
	Check: func(p *triage.Pass) {
		if p.Namespace != metav1.NamespaceSystem {
			return
		}
		for _, s := range p.Cluster.Services.In(p.Namespace) {
			if s.Labels["k8s-app"] != nameService && s.Name != nameService || len(s.Spec.Selector) == 0 {
				continue
			}
			pods := selected(p.Cluster, s)
			ready := 0
			var lost []*kube.Pod
			for _, pod := range pods {
				if triage.Serving(pod) {
					ready++
				} else {
					lost = append(lost, pod)
				}
			}
			want := len(pods)
			served := p.Cluster.WorkloadsServed(s)
			if len(served) == 1 {
				if desired, known := p.Cluster.DesiredReplicas(served[0]); known {
					want = max(want, int(desired))
				}
			}
			if want == 0 || 2*ready >= want && ready > 0 {
				continue
			}
			signal := triage.Signal{
				Object: kube.Services.Ref(s.Namespace, s.Name), Since: lostSince(lost), Severity: triage.S1,
				Message: fmt.Sprintf("%d/%d pods of cluster DNS are ready", ready, want),
			}
			if len(served) == 1 {
				signal.Workload = served[0].Ref
			}
			p.Report(signal)
		}
	},
}
