package screen

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
)

// Pointing is a screen on which an object is selected: its workload, and whatever else
// is known of it, can be opened from there.
type Pointing interface {
	Screen
	// Object returns what is selected, false if that is no object.
	Object() (ref kube.Ref, ok bool)
}

// WorkloadAddress returns the address of a workload: "workload/Deployment/shop/web".
func WorkloadAddress(ref kube.Ref) nav.Address {
	target := ref.Kind + "/" + ref.Name
	if ref.Namespace != "" {
		target = ref.Kind + "/" + ref.Namespace + "/" + ref.Name
	}
	return nav.Address{Screen: "workload", Target: target}
}

// WorkloadOf returns the workload that an object belongs to: itself, that of a pod, what
// an autoscaler scales, and the only one that a Service sends traffic to or that runs as
// a ServiceAccount. It is false where there is none, or more than one.
func WorkloadOf(c *kube.Cluster, ref kube.Ref) (kube.Ref, bool) {
	if w := c.Workload(ref); w != nil {
		return w.Ref, true
	}
	var among []*kube.Workload
	switch ref.Kind {
	case kube.Pods.Kind:
		if p, ok := c.Pods.Get(ref.Namespace, ref.Name); ok {
			among = []*kube.Workload{c.WorkloadOf(p)}
		}
	case kube.HorizontalPodAutoscalers.Kind:
		if h, ok := c.HorizontalPodAutoscalers.Get(ref.Namespace, ref.Name); ok {
			among = []*kube.Workload{c.Workload(kube.ScaleTarget(h))}
		}
	case kube.Services.Kind:
		if s, ok := c.Services.Get(ref.Namespace, ref.Name); ok {
			among = c.WorkloadsServed(s)
		}
	case kube.ServiceAccounts.Kind:
		among = c.WorkloadsRunningAs(ref.Namespace, ref.Name)
	}
	if len(among) != 1 || among[0] == nil {
		return kube.Ref{}, false
	}
	return among[0].Ref, true
}

// FindWorkload returns the workload of a kind and a name, nil if there is none. The kind
// may be written as kubectl takes it; without a namespace it is the first of that name.
func FindWorkload(c *kube.Cluster, kind, namespace, name string) *kube.Workload {
	for _, r := range kube.WorkloadResources() {
		if strings.EqualFold(kind, r.Kind) || r.Short != "" && strings.EqualFold(kind, r.Short) {
			kind = r.Kind
		}
	}
	namespaces := []string{namespace}
	if namespace == "" {
		namespaces = c.NamespaceNames()
	}
	for _, n := range namespaces {
		all := c.WorkloadsIn(n)
		// Two groups may have a kind of the same name: the first is meant.
		at, _ := slices.BinarySearchFunc(all, kube.Ref{Kind: kind, Namespace: n, Name: name}, func(w *kube.Workload, ref kube.Ref) int {
			return kube.CompareRefs(w.Ref, ref)
		})
		if at < len(all) && all[at].Ref.Kind == kind && all[at].Ref.Name == name {
			return all[at]
		}
	}
	return nil
}
