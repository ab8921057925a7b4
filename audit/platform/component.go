package platform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// component is a program that provides a capability, known by its image.
type component struct {
	what   string   // the product
	images []string // the ends of the names of its images, whatever registry they are from
	// everywhere says that it does its work on the node on which it runs, so that it is
	// wanted on each.
	everywhere bool
}

// componentResources are what components run as.
func componentResources() []kube.Resource {
	return []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets}
}

// byImage has the workloads that components run as, by the images of their containers that
// go on running. It is made once for all capabilities.
var byImage = kube.Derive(func(c *kube.Cluster) map[string][]*kube.Workload {
	of := map[string][]*kube.Workload{}
	for _, namespace := range c.NamespaceNames() {
		for _, w := range c.WorkloadsIn(namespace) {
			if !w.Held || !slices.ContainsFunc(componentResources(), func(r kube.Resource) bool { return r.Kind == w.Ref.Kind && r.Group == w.Ref.Group }) {
				continue
			}
			for container := range w.Containers() {
				if container.LongRunning() {
					of[container.Image] = append(of[container.Image], w)
				}
			}
		}
	}
	return of
})

// running returns the traces of components: one for each workload, by product and name. A
// workload is of the first component that it has an image of.
func running(c *kube.Cluster, components ...component) []Trace {
	of := map[*kube.Workload]int{}
	for image, workloads := range byImage.Of(c) {
		i := slices.IndexFunc(components, func(x component) bool { return x.has(image) })
		for _, w := range workloads {
			if first, known := of[w]; i >= 0 && (!known || i < first) {
				of[w] = i
			}
		}
	}
	perNode := map[int][]*kube.Workload{}
	for w, i := range of {
		if w.PerNode() {
			perNode[i] = append(perNode[i], w)
		}
	}
	var traces []Trace
	for w, i := range of {
		traces = append(traces, components[i].trace(c, w, perNode[i]))
	}
	slices.SortFunc(traces, func(a, b Trace) int {
		return cmp.Or(strings.Compare(a.What, b.What), kube.CompareRefs(a.Ref, b.Ref))
	})
	return traces
}

// installed is running for components whose pods may well be available while nothing is
// done: a controller of backups that has none to make. That they run proves nothing.
func installed(c *kube.Cluster, components ...component) []Trace {
	traces := running(c, components...)
	for i := range traces {
		if traces[i].State == Healthy {
			traces[i].State = CannotTell
		}
	}
	return traces
}

// has reports whether an image is one of the component's.
func (x *component) has(image string) bool {
	repository := "/" + kube.RepositoryOf(image)
	return slices.ContainsFunc(x.images, func(end string) bool { return strings.HasSuffix(repository, "/"+end) })
}

// trace says how a workload of the component does. On nodes without it another DaemonSet of
// the component may run.
func (x *component) trace(c *kube.Cluster, w *kube.Workload, perNode []*kube.Workload) Trace {
	t := Trace{What: x.what, Ref: w.Ref}
	ready, want, known := available(w)
	switch {
	case !known:
		t.Says = "nothing says how many of its pods are available"
		return t
	case want == 0:
		t.State, t.Says = Problems, "it runs nowhere"
	case ready < want:
		t.State, t.Says = Problems, fmt.Sprintf("%d of %d pods are available", ready, want)
	default:
		t.State, t.Says = Healthy, fmt.Sprintf("%d of %d pods are available", ready, want)
	}
	if x.everywhere && t.State == Healthy && w.PerNode() {
		if says := uncovered(c, w, perNode); says != "" {
			t.State, t.Says = Problems, says
		}
	}
	return t
}

// available returns how many pods of a workload are available and how many should be,
// false if its controller has not said so yet.
func available(w *kube.Workload) (ready, want int32, known bool) {
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return o.Status.AvailableReplicas, *w.Replicas, o.Status.ObservedGeneration > 0
	case *appsv1.StatefulSet:
		return o.Status.AvailableReplicas, *w.Replicas, o.Status.ObservedGeneration > 0
	case *appsv1.DaemonSet:
		return o.Status.NumberAvailable, o.Status.DesiredNumberScheduled, o.Status.ObservedGeneration > 0
	}
	return 0, 0, false
}
