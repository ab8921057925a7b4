package traffic

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var svcNoEndpoints = &triage.Detector{
	ID:    "svc-no-endpoints",
	Title: "A Service has no endpoint that is ready",
	About: "None of the endpoints in its EndpointSlices is ready (an unknown readiness counts as ready, discovery/v1 EndpointConditions): who calls it " +
		"gets nothing. Services without a selector are filled by hand, ExternalName has none, publishNotReadyAddresses does not ask, and endpoints that end " +
		"but still serve are used as long as there are no others (KEP-1669). A Service of workloads that are scaled to zero is meant to be empty. " +
		"Users are hit where traffic comes in by it, through an Ingress, a route or as a load balancer, or where the API server calls it, and as likely as not where " +
		"the command, arguments or environment of a workload of its namespace that is meant to run name it. Of one that selects nothing such a name may be left over.",
	Reads: []kube.Resource{kube.Services, kube.EndpointSlices, kube.Pods},
	Helps: []kube.Resource{
		kube.Deployments, kube.StatefulSets, kube.HorizontalPodAutoscalers, kube.Ingresses, kube.ValidatingWebhookConfigurations,
		kube.MutatingWebhookConfigurations, kube.APIServices, kube.HTTPRoutes, kube.DaemonSets, kube.CronJobs,
	},
	Rung:  triage.Effects,
	After: 30 * time.Second,
	Check: func(p *triage.Pass) {
		for _, s := range p.Cluster.Services.In(p.Namespace) {
			if len(s.Spec.Selector) == 0 || s.Spec.Type == corev1.ServiceTypeExternalName || s.Spec.PublishNotReadyAddresses || s.DeletionTimestamp != nil {
				continue
			}
			e := endpointsIn.Of(p.Cluster, s.Namespace)[s.Name]
			if e.ready > 0 || e.serving > 0 || idle(p.Cluster, s) {
				continue
			}
			p.Report(empty(p.Cluster, s))
		}
	},
}

// empty returns the signal of a Service without endpoints.
func empty(c *kube.Cluster, s *corev1.Service) triage.Signal {
	pods := selected(c, s)
	signal := triage.Signal{Object: kube.Services.Ref(s.Namespace, s.Name), Since: lostSince(pods), Severity: triage.S2, Cause: "pods-unready"}
	ready := 0
	for _, pod := range pods {
		if triage.Serving(pod) {
			ready++
		}
	}
	switch {
	case len(pods) == 0:
		// Nobody may have called it for years: a note, unless something leads there.
		signal.Severity, signal.Cause, signal.Message = triage.S4, "selects-none", "selects no pod"
		if served := c.WorkloadsServed(s); len(served) > 0 {
			signal.Severity, signal.Cause, signal.Message = triage.S2, "no-pods", "no pod of "+served[0].Ref.Short()+" exists"
		}
	case ready > 0:
		// Its pods are ready: either no port of theirs is named as the Service wants
		// it, or nobody fills in the endpoints.
		signal.Cause, signal.Since = "port-or-controller", time.Time{}
		signal.Message = fmt.Sprintf("has no endpoints although %d of %d pods are ready", ready, len(pods))
	default:
		signal.Message = fmt.Sprintf("none of %d pods is ready", len(pods))
	}
	switch front, callers := frontOf(c, s), callersOf(c, s); {
	case !front.IsZero():
		signal.Severity, signal.Message = triage.S1, signal.Message+", behind "+front.Short()
	case s.Spec.Type == corev1.ServiceTypeLoadBalancer:
		signal.Severity, signal.Message = triage.S1, signal.Message+", behind its load balancer"
	case len(callers) > 0:
		signal.Severity, signal.Message = signal.Severity.Raised(), signal.Message+", and "+several(callers)+" to call it"
		if signal.Cause == "selects-none" {
			signal.Severity = triage.S2 // the name may be left over, as the Service
		}
	}
	if served := c.WorkloadsServed(s); len(served) == 1 {
		signal.Workload = served[0].Ref
	}
	return signal
}

// callersOf returns the workloads that are meant to run and seem to call a Service.
func callersOf(c *kube.Cluster, s *corev1.Service) []kube.Ref {
	return slices.DeleteFunc(blast.Naming(c, s), func(caller kube.Ref) bool {
		w := c.Workload(caller)
		return w == nil || triage.Idle(c, w)
	})
}

// several says who seems to do something: "deploy/web and 2 others seem".
func several(callers []kube.Ref) string {
	switch first := callers[0].Short(); len(callers) {
	case 1:
		return first + " seems"
	case 2:
		return first + " and " + callers[1].Short() + " seem"
	default:
		return fmt.Sprintf("%s and %d others seem", first, len(callers)-1)
	}
}
