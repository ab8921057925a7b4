package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuLimitSet = &audit.Rule{
	ID:       "cpu-limit-set",
	Title:    "A CPU limit where there should be none",
	Severity: audit.Info,
	Rationale: "A CPU limit holds a container back even while CPU of its node is idle. " +
		"Requests alone share the CPU out fairly; a cluster that relies on them gains nothing by limits but waiting.",
	Remediation: "Remove resources.limits.cpu and keep the request, or take the default for CPU out of the LimitRange.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.LimitRanges},
	Parameters: []audit.Parameter{{
		Name: "forbidden", About: "whether CPU limits are forbidden: whoever wants them asks cpu-limit-missing instead", Value: false,
	}},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Except:    "!variables.forbidden",
		Among:     "declared",
		Container: "!(" + none(own, limits, "'cpu'") + ")",
		Object:    "!(" + none(whole, limits, "'cpu'") + ")",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if !p.Switch("forbidden") {
			p.NotApplicable()
			return
		}
		for c := range w.Containers() {
			reportCPULimit(p, w, c)
		}
		if pod := w.PodRequirements(); given(pod.Limits, corev1.ResourceCPU) {
			p.Report(cpuLimitFinding("the pod", w.Field("resources"), *w.Pod.Spec.Resources))
		}
	}),
}

func reportCPULimit(p *audit.Pass, w *kube.Workload, c kube.Container) {
	if c.Kind == kube.Ephemeral {
		return
	}
	if given(c.Resources.Limits, corev1.ResourceCPU) {
		f := cpuLimitFinding(named(c), c.Field("resources"), c.Resources)
		f.Container = c.Name
		p.Report(f)
		return
	}
	limit := p.Cluster.Requirements(w, c).Limits[corev1.ResourceCPU]
	if limit.IsZero() {
		return
	}
	p.Report(audit.Finding{
		Container: c.Name,
		Path:      c.Field("resources.limits.cpu"),
		Message:   fmt.Sprintf("%s gets a CPU limit of %s from its namespace", named(c), limit.String()),
		Detail:    "It declares none; a LimitRange of the namespace fills it in when the pod is created.",
	})
}

// cpuLimitFinding is about a limit that is written down. A request that the
// limit stood for is written down in its place.
func cpuLimitFinding(subject, path string, has corev1.ResourceRequirements) audit.Finding {
	limit := has.Limits[corev1.ResourceCPU]
	fix := audit.Fix{Title: "remove the CPU limit", Risk: "The container may use all CPU that its neighbours leave idle."}
	if _, requested := has.Requests[corev1.ResourceCPU]; !requested {
		fix.Title = "request the CPU instead of limiting it"
		fix.Edits = []audit.Edit{{Op: audit.Set, Path: path + ".requests.cpu", Value: limit.String()}}
	}
	fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: path + ".limits.cpu"})
	return audit.Finding{
		Path:    path + ".limits.cpu",
		Message: fmt.Sprintf("%s is limited to %s CPU", subject, limit.String()),
		Detail:  "CPU limits are forbidden by the configuration of this rule.",
		Fixes:   []audit.Fix{fix},
	}
}
