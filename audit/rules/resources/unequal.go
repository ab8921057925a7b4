package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// unequal returns the Check of a rule that asks for a request that is the limit.
// Where one of the two is missing, other rules say so. Risk is that of raising
// the request.
func unequal(name corev1.ResourceName, consequence, risk string) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		applies := false
		for c := range w.Containers() {
			if c.Kind == kube.Ephemeral {
				continue
			}
			has := p.Cluster.Requirements(w, c)
			if !given(has.Requests, name) || !given(has.Limits, name) {
				continue
			}
			applies = true
			if f, differ := difference(has, name, named(c), c.Field("resources"), consequence, risk); differ {
				f.Container = c.Name
				p.Report(f)
			}
		}
		if pod := w.PodRequirements(); given(pod.Requests, name) && given(pod.Limits, name) {
			applies = true
			if f, differ := difference(pod, name, "the pod", w.Field("resources"), consequence, risk); differ {
				p.Report(f)
			}
		}
		if !applies {
			p.NotApplicable()
		}
	})
}

// difference says that a request is lower than its limit. One that is higher is
// the concern of request-exceeds-limit.
func difference(has corev1.ResourceRequirements, name corev1.ResourceName, subject, path, consequence, risk string) (audit.Finding, bool) {
	request, limit := has.Requests[name], has.Limits[name]
	if request.Cmp(limit) >= 0 {
		return audit.Finding{}, false
	}
	at := path + ".requests" + field(name)
	fix := audit.SetField(fmt.Sprintf("request the whole limit of %s", limit.String()), at, limit.String())
	fix.Risk = risk
	return audit.Finding{
		Path:    at,
		Message: fmt.Sprintf("%s may use more %s than is reserved for it", subject, title(name)),
		Detail:  fmt.Sprintf("It requests %s and is limited to %s. %s", request.String(), limit.String(), consequence),
		Fixes:   []audit.Fix{fix},
	}, true
}
