package autoscaling

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// amount is a number of thousandths of a CPU and of bytes of memory.
type amount struct{ cpu, memory int64 }

func amountOf(list corev1.ResourceList) amount {
	return amount{list.Cpu().MilliValue(), list.Memory().Value()}
}

func (a amount) plus(b amount) amount { return amount{a.cpu + b.cpu, a.memory + b.memory} }

func (a amount) times(n int64) amount { return amount{a.cpu * n, a.memory * n} }

// of returns the part of one resource.
func (a amount) of(name corev1.ResourceName) int64 {
	if name == corev1.ResourceCPU {
		return a.cpu
	}
	return a.memory
}

// quantity writes a part of one resource as the API does.
func quantity(name corev1.ResourceName, value int64) string {
	if name == corev1.ResourceCPU {
		return resource.NewMilliQuantity(value, resource.DecimalSI).String()
	}
	return resource.NewQuantity(value, resource.BinarySI).String()
}

// room is what the nodes of a cluster have left for more pods.
type room struct {
	nodes int    // that take pods
	free  amount // allocatable, and not requested by a pod that is on a node
	// grows names what adds nodes when pods find no place; "" if nothing is seen.
	grows string
}

// roomOf adds up what is left on all nodes that take pods. Taints and sizes of
// single nodes are left aside, so that there is no more room than this.
var roomOf = kube.Derive(func(c *kube.Cluster) room {
	r := room{grows: capacity.Grows(c)}
	nodes := capacity.NodesOf(c)
	for i := range nodes.All {
		if n := &nodes.All[i]; n.TakesPods() {
			free := n.Free()
			r.nodes++
			r.free = r.free.plus(amount{free.CPU, free.Memory})
		}
	}
	return r
})

// burst is what an autoscaler may yet ask of the nodes.
type burst struct {
	each amount // what a pod requests
	pods int64  // that it may add to those that are on a node
}

func (b burst) need() amount { return b.each.times(b.pods) }

// burstOf returns what an autoscaler of a workload may yet ask for.
func burstOf(c *kube.Cluster, h *autoscalingv2.HorizontalPodAutoscaler, w *kube.Workload) burst {
	running := int64(0)
	for _, p := range c.PodsOf(w) {
		if p.Node != "" && !p.Finished() {
			running++
		}
	}
	return burst{podRequests(c, w), max(int64(h.Spec.MaxReplicas)-running, 0)}
}

// podRequests returns what one pod of a workload requests, once the defaults of
// its namespace are filled in.
func podRequests(c *kube.Cluster, w *kube.Workload) amount {
	pod := &corev1.Pod{Spec: corev1.PodSpec{Resources: w.Pod.Spec.Resources, Overhead: w.Pod.Spec.Overhead}}
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
	return amountOf(helpers.PodRequests(pod, helpers.PodResourcesOptions{}))
}

// bursts are what the autoscalers of a cluster may yet ask for.
type bursts struct {
	of     map[*autoscalingv2.HorizontalPodAutoscaler]burst // of those whose target is held
	asking int                                              // how many may ask for more
	need   amount                                           // together
}

var burstsOf = kube.Derive(func(c *kube.Cluster) bursts {
	all, counted := bursts{of: map[*autoscalingv2.HorizontalPodAutoscaler]burst{}}, map[kube.Ref]bool{}
	for h := range c.HorizontalPodAutoscalers.All() {
		w := c.WorkloadScaled(kube.ScaleTarget(h))
		if w == nil {
			continue
		}
		b := burstOf(c, h, w)
		all.of[h] = b
		if b.pods > 0 && !counted[w.Ref] { // a second autoscaler asks for the same pods
			counted[w.Ref] = true
			all.asking++
			all.need = all.need.plus(b.need())
		}
	}
	return all
})

// burstReads are the resources without which nobody knows how much room there is.
func burstReads() []kube.Resource { return []kube.Resource{kube.Nodes, kube.Pods, kube.LimitRanges} }

func burstConsults() []kube.Resource {
	return append(targets(), kube.ConfigMaps, kube.HorizontalPodAutoscalers)
}

// eachBurst returns a Check that judges every autoscaler of a cluster that may
// ask for more of a resource.
func eachBurst(name corev1.ResourceName, judge func(*audit.Pass, *autoscalingv2.HorizontalPodAutoscaler, burst, room)) audit.Check {
	return eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		if p.Cluster.Info.Offline {
			p.NotApplicable()
			return
		}
		r := roomOf.Of(p.Cluster)
		b, known := burstsOf.Of(p.Cluster).of[h]
		switch {
		case !known:
			unknownTarget(p, h)
		case b.each.of(name) == 0:
			p.NotApplicable() // what is not requested is not reserved
		case r.nodes == 0:
			p.Unknown("no node is known to take pods")
		case p.Cluster.Info.Scope != nil && b.need().of(name) <= r.free.of(name):
			p.Unknown("pods of other namespaces are not read, and may leave less room")
		default:
			judge(p, h, b, r)
		}
	})
}

// unknownTarget says what is known of an autoscaler whose pods are not.
func unknownTarget(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
	if found, _ := findTarget(p.Cluster, kube.ScaleTarget(h)); found != present && found != unread {
		p.NotApplicable() // hpa-target-missing has it
		return
	}
	p.Unknown("the pods of its target are not known")
}

// alone returns the Check that each autoscaler finds room for its maximum.
func alone(name corev1.ResourceName) audit.Check {
	return eachBurst(name, func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler, b burst, r room) {
		need, free := b.need().of(name), r.free.of(name)
		if need <= free {
			return
		}
		p.Report(r.soften(audit.Finding{
			Path: "spec.maxReplicas",
			Message: fmt.Sprintf("at its maximum it needs %s more %s, and %s is free",
				quantity(name, need), called(name), quantity(name, free)),
			Detail: fmt.Sprintf("It may add %d pods to reach %d. On the %d nodes that take pods, %s of %s is not requested.",
				b.pods, h.Spec.MaxReplicas, r.nodes, quantity(name, free), called(name)),
		}))
	})
}

// together returns the Check that all autoscalers find room at once; by is the
// rule about one alone.
func together(name corev1.ResourceName, by string) audit.Check {
	return eachBurst(name, func(p *audit.Pass, _ *autoscalingv2.HorizontalPodAutoscaler, b burst, r room) {
		all, free := burstsOf.Of(p.Cluster), r.free.of(name)
		if all.asking < 2 || b.pods == 0 {
			p.NotApplicable()
			return
		}
		need := all.need.of(name)
		if need <= free {
			return
		}
		f := r.soften(audit.Finding{
			Path: "spec.maxReplicas",
			Message: fmt.Sprintf("all %d autoscalers at their maximum need %s more %s, and %s is free",
				all.asking, quantity(name, need), called(name), quantity(name, free)),
			Detail: fmt.Sprintf("Of that, this one needs %s. On the %d nodes that take pods, %s of %s is not requested.",
				quantity(name, b.need().of(name)), r.nodes, quantity(name, free), called(name)),
		})
		if b.need().of(name) > free {
			f.Implied = by
		}
		p.Report(f)
	})
}

// soften makes an information of a finding where more nodes may come.
func (r room) soften(f audit.Finding) audit.Finding {
	if r.grows != "" {
		f.Severity = audit.Info
		f.Detail += fmt.Sprintf(" More nodes may come: %s is in the cluster.", r.grows)
	}
	return f
}

func called(name corev1.ResourceName) string {
	if name == corev1.ResourceCPU {
		return "CPU"
	}
	return string(name)
}
