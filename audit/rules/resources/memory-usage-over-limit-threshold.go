package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// memoryPressing is the share of a memory limit above which a burst of ordinary
// size is likely to meet it.
const memoryPressing = 0.8

var memoryUsageOverLimitThreshold = &audit.Rule{
	ID:       "memory-usage-over-limit-threshold",
	Title:    "A container is close to its memory limit",
	Severity: audit.High,
	Rationale: "At the limit the kernel kills the container in the midst of what it is doing. " +
		"With more than four fifths in use, the next burst may be enough.",
	Remediation: "See whether the use grows without end (a leak) or has a level: then raise limits.memory, and the request with it, " +
		"above the highest use of the last days. Caches and heaps can often be told their size.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods, kube.PodMetrics},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		limited, sampled := false, false
		worst := map[string]pressure{}
		for _, pod := range p.Cluster.PodsOf(w) {
			if pod.Status.Phase != corev1.PodRunning {
				continue
			}
			usage, known := p.Cluster.PodUsage.Get(pod.Namespace, pod.Name)
			for c := range kube.ContainersOf(pod.Spec, w.Pod.Path) {
				limit := c.Resources.Limits[corev1.ResourceMemory]
				if !c.LongRunning() || limit.IsZero() {
					continue
				}
				limited = true
				if !known {
					continue
				}
				used, measured := usage.Containers[c.Name][corev1.ResourceMemory]
				if !measured {
					continue
				}
				sampled = true
				found := pressure{pod.Name, used.AsApproximateFloat64() / limit.AsApproximateFloat64(), used.String(), limit.String()}
				if found.share > worst[c.Name].share {
					worst[c.Name] = found
				}
			}
		}
		switch {
		case !limited || p.Cluster.Info.Offline:
			p.NotApplicable()
		case !sampled:
			p.Unknown("no usage of its pods has been measured")
		default:
			reportPressure(p, w, worst)
		}
	}),
}

// pressure is the use of memory by one container of one pod.
type pressure struct {
	pod         string
	share       float64 // of the limit
	used, limit string
}

func reportPressure(p *audit.Pass, w *kube.Workload, worst map[string]pressure) {
	for c := range w.Containers() {
		at, measured := worst[c.Name]
		if !measured || at.share <= memoryPressing {
			continue
		}
		p.Report(audit.Finding{
			Container: c.Name,
			Path:      c.Field("resources.limits.memory"),
			Message:   fmt.Sprintf("%s %s uses %.0f%% of its memory limit", c.Kind, c.Name, at.share*100),
			Detail:    fmt.Sprintf("In pod %s, which has the highest share, %s of %s are in use.", at.pod, at.used, at.limit),
		})
	}
}
