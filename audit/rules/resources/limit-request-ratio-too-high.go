package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var limitRequestRatioTooHigh = &audit.Rule{
	ID:       "limit-request-ratio-too-high",
	Title:    "A limit is many times its request",
	Severity: audit.Low,
	Rationale: "The scheduler fills nodes by requests. Where containers may use many times as much, a node that looks half empty " +
		"runs out of memory when they do, and pods are killed that kept to what they asked for.",
	Remediation: "Raise the request to what the container uses on a busy day, or lower the limit to the most that it was seen to use.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.LimitRanges},
	Parameters: []audit.Parameter{
		{Name: "cpu", About: "how many times its request a CPU limit may be; 0 for as many as you like", Value: 0},
		{Name: "memory", About: "how many times its request a memory limit may be; 0 for as many as you like", Value: 4},
	},
	Check: eachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) {
		has := p.Cluster.Requirements(w, c)
		for _, name := range [...]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			request, limit := has.Requests[name], has.Limits[name]
			if request.IsZero() || limit.IsZero() {
				continue // other rules ask for them
			}
			most, by := mostTimes(p, w, name)
			times := limit.AsApproximateFloat64() / request.AsApproximateFloat64()
			if most == 0 || times <= most {
				continue
			}
			f := audit.Finding{
				Container: c.Name,
				Path:      c.Field("resources." + requests + field(name)),
				Message:   fmt.Sprintf("%s: its %s limit is %.3g times its request", named(c), title(name), times),
				Detail:    fmt.Sprintf("It requests %s and is limited to %s; %s allows %.3g times.", request.String(), limit.String(), by, most),
			}
			if by != thisRule {
				f.Severity = audit.High
				f.Detail += " The API server refuses every pod beyond that: the workload gets no new pod."
			}
			p.Report(f)
		}
	}),
}

// thisRule is how messages call the parameters.
const thisRule = "this rule"

// mostTimes returns how many times its request a limit may be in a workload, 0
// for any number, and who says so: a LimitRange, or else the rule.
func mostTimes(p *audit.Pass, w *kube.Workload, name corev1.ResourceName) (most float64, by string) {
	most, by = float64(p.Number(string(name))), thisRule
	if ratio, ranged := rangeRatio(p.Cluster, w, name); ranged != "" {
		return ratio, ranged
	}
	return most, by
}

// rangeRatio returns how many times its request a limit may be by the strictest
// LimitRange, and which that is; "" if there is none, or the pods have been admitted.
func rangeRatio(c *kube.Cluster, w *kube.Workload, name corev1.ResourceName) (most float64, by string) {
	if _, isPod := w.Object.(*kube.Pod); isPod && !c.Info.Offline {
		return 0, ""
	}
	for _, r := range c.LimitRanges.In(w.Ref.Namespace) {
		for i := range r.Spec.Limits {
			ratio, set := r.Spec.Limits[i].MaxLimitRequestRatio[name]
			if !set || r.Spec.Limits[i].Type != corev1.LimitTypeContainer {
				continue
			}
			if times := ratio.AsApproximateFloat64(); by == "" || times < most {
				most, by = times, "LimitRange "+r.Name
			}
		}
	}
	return most, by
}
