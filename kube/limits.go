package kube

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
)

// Requirements returns what a container of a workload asks for and is limited
// to once its pod exists: what is declared, a request for each limit that has
// none (the API's default), and, for templates, the defaults that the
// LimitRanges of the namespace add on admission. What the pod as a whole asks
// for is [Workload.PodRequirements]. The caller must not change the lists: where
// nothing is added they are the declared ones.
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
	effective.Limits = withMissing(effective.Limits, defaults.Limits)
	effective.Requests = withMissing(effective.Requests, defaults.Requests)
	return effective
}

// ContainerDefaults returns what the LimitRanges of a namespace give to a
// container that declares nothing. Where several give the same, which of them
// wins is not defined by the API; here it is the first by name. The caller must
// not change the lists.
func (c *Cluster) ContainerDefaults(namespace string) corev1.ResourceRequirements {
	return containerDefaults.Of(c, namespace)
}

var containerDefaults = DeriveFor(func(c *Cluster, namespace string) corev1.ResourceRequirements {
	var defaults corev1.ResourceRequirements
	for _, r := range c.LimitRanges.In(namespace) {
		for i := range r.Spec.Limits {
			limits, requests := limitDefaults(&r.Spec.Limits[i])
			defaults.Limits = withMissing(defaults.Limits, limits)
			defaults.Requests = withMissing(defaults.Requests, requests)
		}
	}
	return defaults
}).From(LimitRanges)

// PodRequirements returns what the template declares for the pod as a whole
// (KEP-2837), with a request for each limit that has none; both lists are empty
// where it declares nothing. The caller must not change the lists.
func (w *Workload) PodRequirements() corev1.ResourceRequirements {
	if w.Pod.Spec.Resources == nil {
		return corev1.ResourceRequirements{}
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
	declared.Requests = withMissing(declared.Requests, declared.Limits)
	return declared
}

// limitDefaults returns what an item of a LimitRange adds to containers. The
// API fills in default from max, and defaultRequest from default and then min,
// which manifests leave out (SetDefaults_LimitRangeItem).
func limitDefaults(item *corev1.LimitRangeItem) (limits, requests corev1.ResourceList) {
	if item.Type != corev1.LimitTypeContainer {
		return nil, nil
	}
	limits = withMissing(item.Default, item.Max)
	requests = withMissing(withMissing(item.DefaultRequest, limits), item.Min)
	return limits, requests
}

// withMissing returns a list with the defaults for what it does not have: the
// list itself where that is nothing, else a copy.
func withMissing(list, defaults corev1.ResourceList) corev1.ResourceList {
	copied := false
	for name, quantity := range defaults {
		if _, declared := list[name]; declared {
			continue
		}
		if !copied {
			filled := make(corev1.ResourceList, len(list)+len(defaults))
			maps.Copy(filled, list)
			list, copied = filled, true
		}
		list[name] = quantity
	}
	return list
}
