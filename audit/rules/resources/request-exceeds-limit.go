package resources

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var requestExceedsLimit = &audit.Rule{
	ID:       "request-exceeds-limit",
	Title:    "A request is greater than its limit",
	Severity: audit.High,
	Rationale: "The API server refuses the pod. A controller accepts the template all the same, " +
		"so that the workload is applied without an error and then never gets a pod.",
	Remediation: "Lower the request to the limit, or raise the limit, by what the container was measured to use. " +
		"The limit may come from a LimitRange of the namespace.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.LimitRanges},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		for c := range w.Containers() {
			if has := p.Cluster.Requirements(w, c); len(exceeding(has)) > 0 {
				reportExceeding(p, named(c), c.Name, c.Field("resources"), has)
			}
		}
		reportExceeding(p, "the pod", "", w.Field("resources"), w.PodRequirements())
	}),
}

func reportExceeding(p *audit.Pass, subject, container, path string, has corev1.ResourceRequirements) {
	for _, name := range exceeding(has) {
		request, limit := has.Requests[name], has.Limits[name]
		at := path + ".requests" + field(name)
		fix := audit.SetField(fmt.Sprintf("lower the request to the limit of %s", limit.String()), at, limit.String())
		fix.Risk = "Less is reserved for it than was meant, if the limit is the mistaken one of the two."
		p.Report(audit.Finding{
			Container: container,
			Path:      at,
			Message:   fmt.Sprintf("%s requests more %s than its limit", subject, title(name)),
			Detail:    fmt.Sprintf("It requests %s and is limited to %s.", request.String(), limit.String()),
			Fixes:     []audit.Fix{fix},
		})
	}
}

// exceeding returns, sorted, the resources of which more is requested than the
// limit allows.
func exceeding(has corev1.ResourceRequirements) []corev1.ResourceName {
	var names []corev1.ResourceName
	for name, request := range has.Requests {
		if limit, limited := has.Limits[name]; limited && request.Cmp(limit) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
