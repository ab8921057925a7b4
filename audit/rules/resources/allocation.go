package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// allocation is what the running pods of a workload use of what they reserve.
type allocation struct {
	reserved bool // they reserve any
	pods     int  // of which the use is known
	used     resource.Quantity
	requests resource.Quantity
	sample   string // how long the last one took
}

// share returns the use in parts of what is reserved.
func (a *allocation) share() float64 {
	return a.used.AsApproximateFloat64() / a.requests.AsApproximateFloat64()
}

// evidence says what was measured, and that it is little.
func (a *allocation) evidence() string {
	return fmt.Sprintf("Of %d pods, %s are in use and %s requested. That is by %s: it shows a moment, not what the workload needs.",
		a.pods, a.used.String(), a.requests.String(), a.sample)
}

// allocated returns a Check that has the use of a workload's pods, added up,
// judged: judge is not called where nothing is reserved or nothing was measured.
func allocated(name corev1.ResourceName, judge func(*audit.Pass, *allocation)) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		a := allocation{}
		for _, pod := range p.Cluster.PodsOf(w) {
			if pod.Status.Phase == corev1.PodRunning {
				a.add(p.Cluster, pod, name)
			}
		}
		switch {
		case !a.reserved || p.Cluster.Info.Offline:
			p.NotApplicable()
		case a.pods == 0:
			p.Unknown(unmeasured)
		default:
			judge(p, &a)
		}
	})
}

// add adds what one pod reserves and uses. Containers that reserve nothing are
// left out, unless the pod as a whole reserves for them.
func (a *allocation) add(c *kube.Cluster, pod *kube.Pod, name corev1.ResourceName) {
	usage, known := c.PodUsage.Get(pod.Namespace, pod.Name)
	var used, requests resource.Quantity
	if whole := pod.Spec.Resources; whole != nil && given(whole.Requests, name) {
		requests.Add(whole.Requests[name])
		if known {
			used = total(usage, name)
		}
	} else {
		for container := range kube.ContainersOf(pod.Spec, "") {
			if !container.LongRunning() || !given(container.Resources.Requests, name) {
				continue
			}
			requests.Add(container.Resources.Requests[name])
			if known {
				used.Add(usage.Containers[container.Name][name])
			}
		}
	}
	if requests.IsZero() {
		return
	}
	a.reserved = true
	if known {
		a.pods++
		a.used.Add(used)
		a.requests.Add(requests)
		a.sample = sampleOf(usage)
	}
}

// reservesTooLittle returns the Check of a rule that finds workloads that use
// many times what they reserve. Each has a container above its own request,
// which overRequest charges.
func reservesTooLittle(name corev1.ResourceName, severity audit.Severity, overRequest string) audit.Check {
	return allocated(name, func(p *audit.Pass, a *allocation) {
		if a.share()*100 <= float64(p.Number(threshold)) {
			return
		}
		p.Report(audit.Finding{
			Severity: severity,
			Message:  fmt.Sprintf("its pods use %.1f times the %s that they request", a.share(), title(name)),
			Detail:   a.evidence(),
			Implied:  overRequest,
		})
	})
}

// reservesTooMuch returns the Check of a rule that finds workloads that use a
// small part of what they reserve, at the moment.
func reservesTooMuch(name corev1.ResourceName) audit.Check {
	return allocated(name, func(p *audit.Pass, a *allocation) {
		if a.share()*100 >= float64(p.Number(threshold)) {
			return
		}
		p.Report(audit.Finding{
			Message: fmt.Sprintf("its pods use %.0f%% of the %s that they request", a.share()*100, title(name)),
			Detail:  a.evidence(),
		})
	})
}
