package capacity

import (
	corev1 "k8s.io/api/core/v1"
	helpers "k8s.io/component-helpers/resource"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// demand is what a pod asks of its node.
type demand struct {
	requests, limits Amount
	// unlimited says that some container may take all the memory there is.
	unlimited bool
	// containers go on running; of those some have no request of CPU, or of memory, and no
	// part in one of the whole pod.
	containers, withoutCPU, withoutMemory int
}

// demands has what specs ask for, which replicas share.
type demands map[*corev1.PodSpec]demand

// demandsOf has the specs of all pods that have not ended. To add up a spec takes far longer
// than to find it, and from view to view nearly all are the same.
var demandsOf = kube.Revise(func(c *kube.Cluster, before demands) demands {
	now := make(demands, len(before))
	for p := range c.Pods.All() {
		if _, added := now[p.Spec]; added || p.Finished() {
			continue
		}
		known, ok := before[p.Spec]
		if !ok {
			known = demandOf(&corev1.Pod{Spec: *p.Spec}, helpers.PodResourcesOptions{})
		}
		now[p.Spec] = known
	}
	return now
})

// of returns what a pod asks for that has not ended.
func (d demands) of(p *kube.Pod) demand {
	if resizing(p) {
		return demandOf(p.API(), helpers.PodResourcesOptions{UseStatusResources: true})
	}
	return d[p.Spec]
}

// resizing reports whether a pod has something else at the moment than its spec asks for.
func resizing(p *kube.Pod) bool {
	for i := range p.Status.Containers {
		if has, allocated := p.Status.Containers[i].Resizing(); has != nil || allocated != nil {
			return true
		}
	}
	return false
}

func demandOf(p *corev1.Pod, how helpers.PodResourcesOptions) demand {
	d := demand{requests: AmountOf(helpers.PodRequests(p, how)), limits: AmountOf(helpers.PodLimits(p, how))}
	whole := p.Spec.Resources
	if whole == nil {
		whole = &corev1.ResourceRequirements{}
	}
	for c := range kube.ContainersOf(&p.Spec, "") {
		if !c.LongRunning() {
			continue
		}
		d.containers++
		if !given(c.Resources.Requests, corev1.ResourceCPU) && !given(whole.Requests, corev1.ResourceCPU) {
			d.withoutCPU++
		}
		if !given(c.Resources.Requests, corev1.ResourceMemory) && !given(whole.Requests, corev1.ResourceMemory) {
			d.withoutMemory++
		}
		if !given(c.Resources.Limits, corev1.ResourceMemory) && !given(whole.Limits, corev1.ResourceMemory) {
			d.unlimited = true
		}
	}
	return d
}

// given reports whether a list has some of a resource.
func given(list corev1.ResourceList, name corev1.ResourceName) bool {
	quantity := list[name]
	return quantity.Sign() > 0
}
