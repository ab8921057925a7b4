package platform

import (
	"cmp"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// product is a kind by which an operator runs something, and says itself how that does.
type product struct {
	what string
	kind kube.Resource
	// how returns whether an object does well, and what it says: CannotTell if that it does
	// well says nothing of the capability, or if it does not say.
	how func(*status) (State, string)
}

// status is what operators say, each in its own fields.
type status struct {
	UpdateStatus string `json:"updateStatus"` // of VictoriaMetrics
	Reason       string `json:"reason"`
	StageStatus  string `json:"stageStatus"` // of Grafana
	LastMessage  string `json:"lastMessage"`
	Scale        struct {
		StatusReplicas string `json:"statusReplicas"` // "1/2", of OpenTelemetry
	} `json:"scale"`
	Problems   []string           `json:"problems"` // of the Logging operator
	Conditions []metav1.Condition `json:"conditions"`
}

// measuringProducts measure, or show what was measured.
func measuringProducts() []product {
	return []product{
		{"Datadog Agent", kube.DatadogAgents, conditioned("DatadogAgentReconcileError", metav1.ConditionTrue)},
		{"Google Managed Prometheus", kube.PodMonitorings, conditioned("ConfigurationCreateSuccess", metav1.ConditionFalse)},
		{"Grafana", kube.Grafanas, func(s *status) (State, string) {
			if s.StageStatus == "failed" {
				return Problems, "its operator failed: " + cmp.Or(s.LastMessage, "no reason given")
			}
			return CannotTell, ""
		}},
		{"OpenTelemetry Collector", kube.OpenTelemetryCollectors, func(s *status) (State, string) {
			var ready, want int
			if n, _ := fmt.Sscanf(s.Scale.StatusReplicas, "%d/%d", &ready, &want); n == 2 && ready < want {
				return Problems, fmt.Sprintf("%d of %d replicas are ready", ready, want)
			}
			return CannotTell, ""
		}},
		{"VictoriaMetrics", kube.VMAgents, updated},
		{"VictoriaMetrics", kube.VMClusters, updated},
		{"VictoriaMetrics", kube.VMSingles, updated},
	}
}

// loggingProducts keep logs, or have agents bring them.
func loggingProducts() []product {
	return []product{
		{"Logging operator", kube.Loggings, func(s *status) (State, string) {
			if len(s.Problems) > 0 {
				return Problems, "it has problems: " + strings.Join(s.Problems, "; ")
			}
			return CannotTell, ""
		}},
		{"Loki", kube.LokiStacks, conditioned("Ready", metav1.ConditionFalse)},
	}
}

// updated reads what the operator of VictoriaMetrics says
// (https://docs.victoriametrics.com/operator/resources/, status.updateStatus): operational
// is what has all of its pods ready.
func updated(s *status) (State, string) {
	switch s.UpdateStatus {
	case "operational":
		return Healthy, "operational"
	case "failed":
		return Problems, "its operator failed: " + cmp.Or(s.Reason, "no reason given")
	}
	return CannotTell, s.UpdateStatus
}

// conditioned reads a condition that tells of a problem by having some status.
func conditioned(kind string, bad metav1.ConditionStatus) func(*status) (State, string) {
	return func(s *status) (State, string) {
		if c := meta.FindStatusCondition(s.Conditions, kind); c != nil && c.Status == bad {
			return Problems, "its operator says: " + cmp.Or(c.Message, c.Reason, "nothing more")
		}
		return CannotTell, ""
	}
}

// kindsOf returns the kinds of products.
func kindsOf(products []product) []kube.Resource {
	var kinds []kube.Resource
	for _, p := range products {
		kinds = append(kinds, p.kind)
	}
	return kinds
}

// produced returns the traces of products: of those that do not do well one each, and of
// the others of a kind one together.
func produced(c *kube.Cluster, products []product) []Trace {
	var traces []Trace
	for _, p := range products {
		well, others := 0, 0
		for o := range c.Custom(p.kind).All() {
			switch state, says := p.read(o); state {
			case Problems:
				traces = append(traces, Trace{What: p.what, Ref: p.kind.Ref(o.GetNamespace(), o.GetName()), State: state, Says: says})
			case Healthy:
				well++
			default:
				others++
			}
		}
		if well > 0 {
			traces = append(traces, Trace{What: p.what, State: Healthy, Says: counted(well, p.kind.Kind) + ", operational"})
		}
		if others > 0 {
			traces = append(traces, Trace{What: p.what, Says: counted(others, p.kind.Kind)})
		}
	}
	return traces
}

// read says how an object does; one of another form than is known does not say.
func (p *product) read(o *unstructured.Unstructured) (State, string) {
	decoded, err := kube.Decode[struct {
		Status status `json:"status"`
	}](o)
	if err != nil {
		return CannotTell, ""
	}
	return p.how(&decoded.Status)
}
