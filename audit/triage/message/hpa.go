package message

import "strings"

// MetricSource is what kind of metric an autoscaler scales by.
type MetricSource string

// The sources (autoscaling/v2, MetricSourceType), by the words of
// pkg/controller/podautoscaler/horizontal.go.
const (
	ResourceMetric  MetricSource = "resource"
	ContainerMetric MetricSource = "container-resource"
	PodsMetric      MetricSource = "pods"
	ObjectMetric    MetricSource = "object"
	ExternalMetric  MetricSource = "external"
)

// ScalingCause is why an autoscaler cannot tell how many replicas there should be.
type ScalingCause string

// The causes.
const (
	// MetricsUnavailable: the metrics API did not answer, or does not exist.
	MetricsUnavailable ScalingCause = "api-unavailable"
	// MetricsMissing: it answered, and has no figures for these pods.
	MetricsMissing ScalingCause = "no-metrics"
	// RequestMissing: usage is to be compared with a request that Container, of a pod
	// Pod, does not have.
	RequestMissing ScalingCause = "request-missing"
	// PodsMissing: the selector finds no pod.
	PodsMissing ScalingCause = "no-pods"
	// SelectorInvalid: the target has no selector, or one that cannot be read.
	SelectorInvalid ScalingCause = "selector"
	// SelectorAmbiguous: another autoscaler scales the same pods.
	SelectorAmbiguous ScalingCause = "selector-ambiguous"
	// TargetMissing: the target, or its scale, could not be read or written.
	TargetMissing ScalingCause = "target"
	// AtZero: scaling is off, since the target has no replicas.
	AtZero ScalingCause = "at-zero"
	// UnparsedScaling: in Text alone.
	UnparsedScaling ScalingCause = Unparsed
)

// ScalingProblem is why an autoscaler does not scale.
type ScalingProblem struct {
	Cause     ScalingCause
	Source    MetricSource // "" if it is not said
	Metric    string       // "cpu", "http_requests"; "" if it is not said
	Container string
	Pod       string
	Text      string
}

// HPA reads the conditions ScalingActive and AbleToScale of a HorizontalPodAutoscaler,
// and the events of the same reasons. The reason, "" if it is not known, tells the
// source: messages of a container's metric read like those of a pod's.
func HPA(reason, message string) ScalingProblem {
	message = bounded(message)
	s := ScalingProblem{Cause: scalingCause(message), Text: Scrub(message)}
	s.Source, s.Metric, s.Container = metricOf(message)
	if source := sourceOf(reason); source != "" {
		s.Source = source
	}
	if s.Cause == RequestMissing { // replica_calculator.go, calculateRequests
		s.Metric = wordAfter(message, "request for ")
		s.Container = wordAfter(message, " in container ")
		s.Pod = wordAfter(message, " Pod ")
	}
	return s
}

// sourceOf reads the reason of a condition (horizontal.go,
// getUnableComputeReplicaCountCondition).
func sourceOf(reason string) MetricSource {
	switch reason {
	case "FailedGetResourceMetric":
		return ResourceMetric
	case "FailedGetContainerResourceMetric":
		return ContainerMetric
	case "FailedGetPodsMetric":
		return PodsMetric
	case "FailedGetObjectMetric":
		return ObjectMetric
	case "FailedGetExternalMetric":
		return ExternalMetric
	}
	return ""
}

func scalingCause(message string) ScalingCause {
	switch {
	case strings.HasPrefix(message, "scaling is disabled since the replica count of the target is zero"):
		return AtZero
	case strings.HasPrefix(message, "the HPA target's scale is missing a selector"),
		strings.HasPrefix(message, "couldn't convert selector into a corresponding internal selector object"):
		return SelectorInvalid
	case strings.HasPrefix(message, "pods by selector ") && strings.Contains(message, " are controlled by more than one HPA"):
		return SelectorAmbiguous
	case strings.HasPrefix(message, "the HPA controller was unable to get the target's current scale: "),
		strings.HasPrefix(message, "the HPA controller was unable to update the target scale: "):
		return TargetMissing
	case holds(message, "missing request for ", "missing pod-level request for "):
		return RequestMissing
	case strings.Contains(message, "no pods returned by selector while calculating replica count"):
		return PodsMissing
	case holds(message, "no metrics returned from ", "did not receive metrics for targeted pods"):
		return MetricsMissing
	case strings.Contains(message, "unable to fetch metrics from "): // metrics/client.go
		return MetricsUnavailable
	}
	return UnparsedScaling
}

// metricOf reads which metric an error is about: it is wrapped by "failed to get cpu
// utilization", "failed to get pods metric value", "unable to get metrics for resource
// cpu", "unable to get external metric ns/name/…", "unable to get metric x on Kind ns/name".
func metricOf(message string) (source MetricSource, metric, container string) {
	tail := after(message, "failed to get ")
	switch {
	case strings.HasPrefix(tail, "pods metric value"):
		source = PodsMetric
	case strings.HasPrefix(tail, "object metric value"):
		source = ObjectMetric
	}
	first, rest, _ := strings.Cut(tail, " ")
	switch {
	case source != "":
	case strings.HasPrefix(rest, "resource metric value: "):
		source, metric = ResourceMetric, first
	case strings.HasPrefix(rest, "container metric value: "):
		source, container = ContainerMetric, first
	case strings.HasPrefix(rest, "external metric"):
		source, metric = ExternalMetric, first
	case strings.HasPrefix(rest, "object metric"):
		source, metric = ObjectMetric, first
	case strings.HasPrefix(rest, "utilization: "), strings.HasPrefix(rest, "usage: "):
		source, metric = ResourceMetric, first
	}
	if name := wordAfter(message, "unable to get metrics for resource "); name != "" {
		if source == "" {
			source = ResourceMetric
		}
		return source, name, container
	}
	if path := wordAfter(message, "unable to get external metric "); path != "" {
		_, name, _ := strings.Cut(path, "/")
		return ExternalMetric, before(name, "/"), ""
	}
	if name := wordAfter(message, "unable to get metric "); name != "" {
		if source == "" && strings.Contains(message, "unable to get metric "+name+" on ") {
			source = ObjectMetric
		}
		metric = name
	}
	return source, metric, container
}
