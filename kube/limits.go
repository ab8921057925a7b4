package kube

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
)

// Requirements returns what a container of a workload asks for and is limited
// to once its pod exists: what is declared, a request for each limit that has
// none (the API's default), and, for templates, the defaults that the
// LimitRanges of the namespace add on admission. The lists of the result are
// copies. What the pod as a whole asks for is [Workload.PodRequirements].
//
// Pods of a live cluster have been admitted: their values are final, and a
// LimitRange that came later does not change them. The answer is as good as
// what is known of LimitRanges: ask [Cluster.Blind].
func (c *Cluster) Requirements(w *Workload, container Container) corev1.ResourceRequirements {
	effective := withRequestDefaults(container.Resources)
	if container.Kind == Ephemeral || c.admitted(w) {
		return effective
	}
	defaults := c.ContainerDefaults(w.Ref.Namespace)
	addMissing(effective.Limits, defaults.Limits)
	addMissing(effective.Requests, defaults.Requests)
	return effective
}

// ContainerDefaults returns what the LimitRanges of a namespace give to a
// container that declares nothing. Where several give the same, which of them
// wins is not defined by the API; here it is the first by name.
func (c *Cluster) ContainerDefaults(namespace string) corev1.ResourceRequirements {
	defaults := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}
	for _, r := range c.LimitRanges.In(namespace) {
		for i := range r.Spec.Limits {
			limits, requests := limitDefaults(&r.Spec.Limits[i])
			addMissing(defaults.Limits, limits)
			addMissing(defaults.Requests, requests)
		}
	}
	return defaults
}

// PodRequirements returns what the template declares for the pod as a whole
// (KEP-2837), with a request for each limit that has none; both lists are empty
// where it declares nothing. The lists are copies.
func (w *Workload) PodRequirements() corev1.ResourceRequirements {
	if w.Pod.Spec.Resources == nil {
		return withRequestDefaults(corev1.ResourceRequirements{})
	}
	return withRequestDefaults(*w.Pod.Spec.Resources)
}

// admitted reports whether a workload is known by a pod that an API server has
// admitted.
func (c *Cluster) admitted(w *Workload) bool {
	_, isPod := w.Object.(*Pod)
	return isPod && !c.Info.Offline
}

func withRequestDefaults(declared corev1.ResourceRequirements) corev1.ResourceRequirements {
	effective := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}
	maps.Copy(effective.Requests, declared.Requests)
	maps.Copy(effective.Limits, declared.Limits)
	addMissing(effective.Requests, declared.Limits)
	return effective
}

// limitDefaults returns what an item of a LimitRange adds to containers. The
// API fills in default from max, and defaultRequest from default and then min,
// which manifests leave out (SetDefaults_LimitRangeItem).
func limitDefaults(item *corev1.LimitRangeItem) (limits, requests corev1.ResourceList) {
	limits, requests = corev1.ResourceList{}, corev1.ResourceList{}
	if item.Type != corev1.LimitTypeContainer {
		return limits, requests
	}
	maps.Copy(limits, item.Default)
	addMissing(limits, item.Max)
	maps.Copy(requests, item.DefaultRequest)
	addMissing(requests, limits)
	addMissing(requests, item.Min)
	return limits, requests
}

func addMissing(list, defaults corev1.ResourceList) {
	for name, quantity := range defaults {
		if _, declared := list[name]; !declared {
			list[name] = quantity
		}
	}
}
