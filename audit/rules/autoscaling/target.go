package autoscaling

import (
	"fmt"
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachAutoscaler returns a Check that judges every HorizontalPodAutoscaler.
func eachAutoscaler(judge func(*audit.Pass, *autoscalingv2.HorizontalPodAutoscaler)) audit.Check {
	return audit.EachObject(kube.HorizontalPodAutoscalers,
		func(c *kube.Cluster) kube.Table[*autoscalingv2.HorizontalPodAutoscaler] {
			return c.HorizontalPodAutoscalers
		}, judge)
}

// standing is what is known of an autoscaler's target.
type standing int

const (
	present standing = iota
	absent
	unscalable   // its kind has no scale subresource
	unresolvable // no server has a kind of that name in that group
	unread       // the view cannot tell
)

// scalable returns the kinds of every server that have the scale subresource.
func scalable() []kube.Resource {
	return []kube.Resource{kube.Deployments, kube.StatefulSets, kube.ReplicaSets, kube.ReplicationControllers}
}

// targets are the resources that say whether there is a target, and whether it can be
// scaled.
func targets() []kube.Resource {
	return append(kube.WorkloadResources(), kube.CustomResourceDefinitions)
}

// findTarget says what is known of the target that ref names, and, where that
// is nothing, why.
func findTarget(c *kube.Cluster, ref kube.Ref) (standing, string) {
	r, held := kube.ResourceOf(ref.Group, ref.Kind)
	scales, known := c.Scales(ref.Group, ref.Kind)
	switch {
	case known && !scales:
		return unscalable, ""
	case c.Has(ref) || c.Workload(ref) != nil:
		return present, ""
	case held:
		if state, blind := c.Blind(r, ref.Namespace); blind {
			return unread, fmt.Sprintf("%s: %s", r, state.Phase)
		}
		return absent, ""
	case slices.Contains([]string{"", "apps", "extensions"}, ref.Group):
		// Every kind of these groups that can be scaled is held. The first is
		// where an apiVersion was left out, the last lost its workloads in
		// Kubernetes 1.16.
		return unresolvable, ""
	}
	return unread, fmt.Sprintf("objects of kind %s are not read", ref.Kind)
}

// meant returns the existing object that a reference which no server resolves
// most likely means: the one of that name and kind in the right group, however
// the kind is spelled.
func meant(c *kube.Cluster, ref kube.Ref) (kube.Resource, bool) {
	for _, r := range scalable() {
		if strings.EqualFold(r.Kind, ref.Kind) && c.Has(r.Ref(ref.Namespace, ref.Name)) {
			return r, true
		}
	}
	return kube.Resource{}, false
}

// lacking returns the containers of a workload by which the autoscaler's
// controller cannot work out the utilization of a resource, as it does
// (calculateRequests in pkg/controller/podautoscaler): every container that runs
// as long as the pod needs a request, unless the pod as a whole has one. With a
// container's name only that one counts, and what the pod has does not.
func lacking(c *kube.Cluster, w *kube.Workload, name corev1.ResourceName, container string) []string {
	if container == "" && podLevel(w, name) {
		return nil
	}
	var names []string
	for each := range w.Containers() {
		if !each.LongRunning() || container != "" && each.Name != container {
			continue
		}
		if request := c.Requirements(w, each).Requests[name]; request.IsZero() {
			names = append(names, each.Name)
		}
	}
	return names
}

func podLevel(w *kube.Workload, name corev1.ResourceName) bool {
	request := w.PodRequirements().Requests[name]
	return !request.IsZero()
}

// generatedBy returns what generates an autoscaler ("ScaledObject web"), "" for
// one that people write: a change of the object itself would be undone.
func generatedBy(h *autoscalingv2.HorizontalPodAutoscaler) string {
	if owner := metav1.GetControllerOfNoCopy(h); owner != nil {
		return owner.Kind + " " + owner.Name
	}
	return ""
}
