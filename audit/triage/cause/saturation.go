package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var autoscalerMaximum = &Pattern{
	ID: "autoscaler-maximum", Family: "autoscaling", Title: "an autoscaler may not give what its metrics ask for",
	Signals: []string{"hpa-maxed"}, Mechanism: change.Saturation, Reads: []kube.Resource{kube.HorizontalPodAutoscalers},
	Speaks:      "its controller says that more replicas are desired than the maximum (decisive); what it measures is above its target (structural); its maximum or its targets changed, or the rollout changed requests or what runs (temporal); none of that is recorded, so that more is asked of it (weak)",
	Contradicts: "what it measures is not above its target by now (−35); some of its pods do not serve, and the others carry their load (−10)",
	Unchecked:   "who sends the load",
	gate: func(q *inquiry, s *subject) bool {
		_, held := q.autoscaler(s)
		return held
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		h, _ := q.autoscaler(s)
		w.isDecisive("its controller says: %s", clip(message.Scrub(cmp.Or(s.signal.Raw, "TooManyReplicas"))))
		switch m, known := demand(h); {
		case !known:
			w.unknown("what it measures: its status has no figure for a metric of its spec")
		case m.ratio > 1:
			w.isStructural("%s: that takes some %d replicas, and it may have %d", m.text, wanted(h, m), h.Spec.MaxReplicas)
		default:
			w.strongly("by now %s", m.text)
		}
		if s.workload != nil {
			pods := q.Cluster.PodsOf(s.workload)
			if out := len(pods) - countServing(pods); out > 0 {
				w.hardly("%d of its %d pods do not serve: the others carry their load", out, len(pods))
			}
		}
		r := q.saturated(s)
		w.isTemporal(q, r)
		if r == nil {
			w.isWeak("no change of it or of what it scales is recorded before: rather more is asked of it")
		}
	},
	title: func(q *inquiry, s *subject) string {
		why := ""
		switch r := q.saturated(s); {
		case r == nil:
			why = ": rather more is asked of " + s.name()
		case lowered(r.Change, "maxReplicas"):
			why = ": its maximum was lowered"
		case lowered(r.Change, "requests"):
			why = ": the requests that it measures against were lowered"
		case r.Change.Kind == change.Rollout:
			why = " since a rollout of " + s.name()
		}
		h, _ := q.autoscaler(s)
		if m, known := demand(h); known && m.ratio > 1 {
			return fmt.Sprintf("%s needs %d replicas and may have %d%s", s.signal.Object.Short(), wanted(h, m), h.Spec.MaxReplicas, why)
		}
		return fmt.Sprintf("%s needs more than the %d replicas that it may have%s", s.signal.Object.Short(), h.Spec.MaxReplicas, why)
	},
	fix: func(q *inquiry, s *subject) string {
		switch r := q.saturated(s); {
		case r != nil && lowered(r.Change, "maxReplicas"):
			return "Give " + s.signal.Object.Short() + " its former maximum back, if the nodes hold it."
		case r != nil && lowered(r.Change, "requests"):
			return "Give " + s.name() + " requests near what it uses; utilization is measured against them."
		case r != nil && r.Change.Kind == change.Rollout:
			return "Find out what the rollout made dearer, or go back; raise maxReplicas meanwhile, if the nodes hold more."
		}
		return "Raise maxReplicas of " + s.signal.Object.Short() + ", if the nodes hold more, or find out who asks more of it."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.describe(s.signal.Object, "what it measures, its targets and when it scaled")}
		if s.workload != nil {
			all = append(all, q.podsOf(s.workload, "whether all of its pods serve"))
		}
		return append(append(all, q.describeAll(kube.Nodes, "", "what each node has left for more")), q.rollback(s.workload)...)
	},
}

// autoscaler returns the autoscaler that the subject is about.
func (q *inquiry) autoscaler(s *subject) (*autoscalingv2.HorizontalPodAutoscaler, bool) {
	return q.Cluster.HorizontalPodAutoscalers.Get(s.signal.Object.Namespace, s.signal.Object.Name)
}

// saturated returns the change that brought an autoscaler to its end, nil if none is
// recorded: of itself, but for its scaling, or of the template that it scales.
func (q *inquiry) saturated(s *subject) *change.Ranked {
	return q.best(change.Saturation, func(r *change.Ranked) bool {
		own := r.Change.Object == s.signal.Object && r.Change.Aspect != "replicas"
		return own || rolledOut(s.workload, change.Resources, change.Image, change.Command, change.Environment)(r)
	})
}

// lowered reports whether a change made a number smaller whose path has a word in it.
func lowered(ch *change.Change, word string) bool {
	return slices.ContainsFunc(ch.Differences, func(d change.Difference) bool {
		before, wasErr := quantity(d.Before)
		after, isErr := quantity(d.After)
		return strings.Contains(d.Path, word) && wasErr == nil && isErr == nil && after.Cmp(before) < 0
	})
}

// measured is what an autoscaler measures against its target.
type measured struct {
	ratio float64
	text  string // "cpu is at 96% where 50% is wanted"
}

// wanted returns how many replicas that asks for, as the controller reckons
// (pkg/controller/podautoscaler, replica_calculator.go).
func wanted(h *autoscalingv2.HorizontalPodAutoscaler, m measured) int {
	return int(math.Ceil(float64(h.Status.CurrentReplicas) * m.ratio))
}

// demand returns the metric of an autoscaler that asks for most; false if its status has
// no figure for any.
func demand(h *autoscalingv2.HorizontalPodAutoscaler) (measured, bool) {
	var most measured
	found := false
	for i := range h.Spec.Metrics {
		name, target := targeted(&h.Spec.Metrics[i])
		for j := range h.Status.CurrentMetrics {
			of, is := current(&h.Status.CurrentMetrics[j])
			if of != name || h.Status.CurrentMetrics[j].Type != h.Spec.Metrics[i].Type {
				continue
			}
			if m, ok := compared(name, target, is); ok && (!found || m.ratio > most.ratio) {
				most, found = m, true
			}
		}
	}
	return most, found
}

// compared sets what is measured against its target.
func compared(name string, target autoscalingv2.MetricTarget, is autoscalingv2.MetricValueStatus) (measured, bool) {
	const format = "%s is at %s where %s is wanted"
	switch {
	case target.AverageUtilization != nil && is.AverageUtilization != nil && *target.AverageUtilization > 0:
		return measured{
			float64(*is.AverageUtilization) / float64(*target.AverageUtilization),
			fmt.Sprintf(format, name, fmt.Sprint(*is.AverageUtilization, "%"), fmt.Sprint(*target.AverageUtilization, "%")),
		}, true
	case target.AverageValue != nil && is.AverageValue != nil && !target.AverageValue.IsZero():
		return measured{
			is.AverageValue.AsApproximateFloat64() / target.AverageValue.AsApproximateFloat64(),
			fmt.Sprintf(format, name, is.AverageValue, target.AverageValue),
		}, true
	case target.Value != nil && is.Value != nil && !target.Value.IsZero():
		return measured{
			is.Value.AsApproximateFloat64() / target.Value.AsApproximateFloat64(), fmt.Sprintf(format, name, is.Value, target.Value),
		}, true
	}
	return measured{}, false
}

// targeted returns the name and the target of a metric.
func targeted(m *autoscalingv2.MetricSpec) (string, autoscalingv2.MetricTarget) {
	switch {
	case m.Resource != nil:
		return string(m.Resource.Name), m.Resource.Target
	case m.ContainerResource != nil:
		return ofContainer(m.ContainerResource.Name, m.ContainerResource.Container), m.ContainerResource.Target
	case m.Pods != nil:
		return m.Pods.Metric.Name, m.Pods.Target
	case m.Object != nil:
		return m.Object.Metric.Name, m.Object.Target
	case m.External != nil:
		return m.External.Metric.Name, m.External.Target
	}
	return "", autoscalingv2.MetricTarget{}
}

// current returns the name and the figure of a metric.
func current(m *autoscalingv2.MetricStatus) (string, autoscalingv2.MetricValueStatus) {
	switch {
	case m.Resource != nil:
		return string(m.Resource.Name), m.Resource.Current
	case m.ContainerResource != nil:
		return ofContainer(m.ContainerResource.Name, m.ContainerResource.Container), m.ContainerResource.Current
	case m.Pods != nil:
		return m.Pods.Metric.Name, m.Pods.Current
	case m.Object != nil:
		return m.Object.Metric.Name, m.Object.Current
	case m.External != nil:
		return m.External.Metric.Name, m.External.Current
	}
	return "", autoscalingv2.MetricValueStatus{}
}

func ofContainer(name corev1.ResourceName, container string) string {
	return string(name) + " of container " + container
}
