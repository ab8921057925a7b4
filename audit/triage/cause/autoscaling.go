package cause

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// autoscalingPatterns are why autoscalers do not scale, or no further.
func autoscalingPatterns() []*Pattern { return []*Pattern{metricsServer, autoscalerMaximum} }

// resourceMetrics is the aggregated API of what pods and nodes use.
const resourceMetrics = "v1beta1.metrics.k8s.io"

var metricsServer = &Pattern{
	ID: "metrics-server", Family: "autoscaling", Title: "the resource metrics API is down",
	Signals: []string{"hpa-blind", "apiservice-down"}, Mechanism: change.TrafficLost, Reads: []kube.Resource{kube.APIServices},
	Speaks:      "the API server says that the API is not available (decisive); its Service has no endpoints (structural); three autoscalers or more are blind (contrast); its backend changed (temporal)",
	Contradicts: "one autoscaler alone, while the API is available: its own metric or requests (−35)",
	Unchecked:   "the logs of metrics-server",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			return x.Object.Name == resourceMetrics || x.Cause == "resource-metric"
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		down := q.metricsDown()
		if down != nil {
			w.isDecisive("the API server says of %s: %s", resourceMetrics, clip(message.Scrub(down.Message+" "+down.Raw)))
		}
		var blind []*triage.Watched
		for _, x := range q.anywhere("hpa-blind") {
			if x.Cause == "resource-metric" {
				blind = append(blind, x)
			}
		}
		switch {
		case len(blind) > 2:
			w.isContrast("%d autoscalers are blind alike", len(blind))
		case len(blind) == 1 && down == nil:
			w.strongly("one autoscaler alone is blind: its own pods have no figures yet, or no requests")
		}
		namespace, name := q.metricsService()
		if o, _ := q.backend(namespace, name); o != nil {
			if ready, known := q.endpoints(o); known && ready == 0 {
				w.isStructural("its Service %s/%s has no endpoint that is ready", namespace, name)
			}
		}
		_, workload := q.backend(namespace, name)
		w.isTemporal(q, q.best(change.TrafficLost, func(r *change.Ranked) bool { return workload != nil && r.Change.Object == workload.Ref }))
		if len(blind) > 0 {
			w.isWeak("%s %s", blind[0].Object.Short(), blind[0].Message)
		}
	},
	title: func(q *inquiry, _ *subject) string {
		n := 0
		for _, x := range q.anywhere("hpa-blind") {
			if x.Cause == "resource-metric" {
				n++
			}
		}
		if n == 0 {
			return "the resource metrics API is down"
		}
		return fmt.Sprintf("the resource metrics API is down, so that autoscalers cannot scale (%d)", n)
	},
	fix: func(q *inquiry, _ *subject) string {
		if _, workload := q.backend(q.metricsService()); workload != nil {
			return "Bring " + workload.Ref.String() + " back; set replicas by hand meanwhile where it matters."
		}
		return "Bring metrics-server back; set replicas by hand meanwhile where it matters."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.get(kube.APIServices.Ref("", resourceMetrics), "why the API is not available", "-o", "yaml")}
		if namespace, name := q.metricsService(); name != "" {
			_, workload := q.backend(namespace, name)
			if workload != nil {
				all = append(all, q.podsOf(workload, "whether what answers for it is well"))
			} else {
				all = append(all, q.slices(namespace, name, "whether anything answers for it"))
			}
		}
		if s.signal.Object.Kind == kube.HorizontalPodAutoscalers.Kind {
			all = append(all, q.describe(s.signal.Object, "what an autoscaler says"))
		}
		return append(all, q.list(kube.HorizontalPodAutoscalers, "", "which autoscalers are blind"))
	},
}

// metricsDown returns the signal that the resource metrics API is not available, nil if
// there is none.
func (q *inquiry) metricsDown() *triage.Watched {
	for _, x := range q.anywhere("apiservice-down") {
		if x.Object.Name == resourceMetrics {
			return x
		}
	}
	return nil
}

// metricsService returns the Service behind the resource metrics API, "" if none is
// known.
func (q *inquiry) metricsService() (namespace, name string) {
	for o := range q.Cluster.Custom(kube.APIServices).All() {
		if o.GetName() != resourceMetrics {
			continue
		}
		spec, err := kube.Decode[struct {
			Spec struct {
				Service struct {
					Namespace string `json:"namespace"`
					Name      string `json:"name"`
				} `json:"service"`
			} `json:"spec"`
		}](o)
		if err == nil {
			return spec.Spec.Service.Namespace, spec.Spec.Service.Name
		}
	}
	return "", ""
}
