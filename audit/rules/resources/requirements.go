package resources

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// The two lists of a container's resources, by the names of their fields.
const (
	requests = "requests"
	limits   = "limits"
)

// missing returns the Check of a rule that asks every container for a request
// or a limit.
func missing(list string, name corev1.ResourceName) audit.Check {
	return eachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) {
		if given(of(c.Resources, list), name) {
			return // as most do: nothing that is filled in takes it away
		}
		has := p.Cluster.Requirements(w, c)
		if given(of(has, list), name) || given(of(w.PodRequirements(), list), name) {
			return
		}
		f := audit.Finding{
			Container: c.Name,
			Path:      c.Field("resources." + list + field(name)),
			Message:   named(c) + " has no " + title(name) + " " + strings.TrimSuffix(list, "s"),
			Detail:    "Neither the container nor its pod declares one, and no LimitRange of the namespace fills one in.",
		}
		f.Fixes, f.Placeholder = propose(p.Cluster, w, c, asked{list, name})
		p.Report(f)
	})
}

// named returns how messages call a container: "sidecar proxy".
func named(c kube.Container) string { return c.Kind.String() + " " + c.Name }

// eachContainer judges every container that a kubelet starts by itself;
// ephemeral containers cannot have resources (core/v1 EphemeralContainerCommon).
func eachContainer(judge func(*audit.Pass, *kube.Workload, kube.Container)) audit.Check {
	return audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		if c.Kind == kube.Ephemeral {
			return false
		}
		judge(p, w, c)
		return true
	})
}

// nothing reports whether a container asks for no CPU and no memory and is
// limited in neither. If that is so of all of them the pod is BestEffort.
func nothing(has corev1.ResourceRequirements, w *kube.Workload) bool {
	for _, r := range [...]corev1.ResourceRequirements{has, w.PodRequirements()} {
		for _, name := range [...]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if given(r.Requests, name) || given(r.Limits, name) {
				return false
			}
		}
	}
	return true
}

// given reports whether a list has an amount of a resource. Zero is none: the
// scheduler reserves nothing for it, and as a limit it limits nothing.
func given(list corev1.ResourceList, name corev1.ResourceName) bool {
	quantity, declared := list[name]
	return declared && !quantity.IsZero()
}

func of(r corev1.ResourceRequirements, list string) corev1.ResourceList {
	if list == limits {
		return r.Limits
	}
	return r.Requests
}

// field returns the path of a resource within its list: ".cpu", or
// `["nvidia.com/gpu"]` for names that have dots.
func field(name corev1.ResourceName) string {
	if strings.ContainsAny(string(name), ".[]") {
		return fmt.Sprintf("[%q]", string(name))
	}
	return "." + string(name)
}

// title returns the name of a resource as a sentence has it.
func title(name corev1.ResourceName) string {
	if name == corev1.ResourceCPU {
		return "CPU"
	}
	return string(name)
}

// podLimits returns the limits of a workload's pod as the kubelet adds them up,
// once the namespace's defaults are filled in.
func podLimits(c *kube.Cluster, w *kube.Workload) corev1.ResourceList {
	pod := &corev1.Pod{Spec: corev1.PodSpec{Resources: w.Pod.Spec.Resources}}
	for container := range w.Containers() {
		admitted := corev1.Container{
			Name: container.Name, RestartPolicy: container.RestartPolicy, Resources: c.Requirements(w, container),
		}
		switch container.Kind {
		case kube.Main:
			pod.Spec.Containers = append(pod.Spec.Containers, admitted)
		case kube.Init, kube.Sidecar:
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, admitted)
		case kube.Ephemeral:
		}
	}
	return resource.PodLimits(pod, resource.PodResourcesOptions{})
}
