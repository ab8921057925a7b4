package capacity

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Namespace is what the pods of a namespace ask for that have not ended.
type Namespace struct {
	Name string
	Pods int
	// Pending is how many of them have no node yet.
	Pending int
	// Requests and Limits are those of all Pods; Daemons is the part of the requests that
	// DaemonSets make, which grows with the nodes.
	Requests, Limits, Daemons Amount
	Use                       Use
	// Containers go on running; WithoutCPU and WithoutMemory have no request, so that the
	// scheduler takes them for nothing. Unlimited is how many pods may take all the memory
	// of their node.
	Containers, WithoutCPU, WithoutMemory, Unlimited int
	// LimitRanges and Quotas are how many of them there are.
	LimitRanges, Quotas int
	Advice              Advice
}

// Advice is what VerticalPodAutoscalers recommend.
type Advice struct {
	// Pods is how many pods they have a recommendation for, of each container that goes on
	// running.
	Pods int
	// Requests is what those pods request, Target what they would by the recommendation.
	Requests, Target Amount
}

// advisor finds what VerticalPodAutoscalers recommend for pods.
type advisor struct {
	c     *kube.Cluster
	known map[measuredPod]*Amount
}

// of returns the advice for one pod that requests some amount.
func (a *advisor) of(p *kube.Pod, requests Amount) Advice {
	if a.c.Custom(kube.VerticalPodAutoscalers).Len() == 0 {
		return Advice{}
	}
	w := a.c.WorkloadOf(p)
	if w == nil {
		return Advice{}
	}
	key := measuredPod{w, p.Spec}
	target, asked := a.known[key]
	if !asked {
		target = recommendedFor(a.c, w, p)
		a.known[key] = target
	}
	if target == nil {
		return Advice{}
	}
	return Advice{1, requests, *target}
}

func recommendedFor(c *kube.Cluster, w *kube.Workload, p *kube.Pod) *Amount {
	sum, any := Amount{}, false
	for container := range kube.ContainersOf(p.Spec, "") {
		if !container.LongRunning() {
			continue
		}
		r, known := c.Recommended(w.Ref, container.Name)
		if !known || r.CPU == nil || r.Memory == nil {
			return nil
		}
		sum, any = sum.Plus(Amount{r.CPU.MilliValue(), r.Memory.Value()}), true
	}
	if !any {
		return nil
	}
	return &sum
}

// namespaces adds up what the pods of each namespace ask for and use.
func namespaces(c *kube.Cluster) []Namespace {
	known := demandsOf.Of(c)
	using, advising := &meter{c, map[measuredPod]*Amount{}}, &advisor{c, map[measuredPod]*Amount{}}
	var all []Namespace
	for _, name := range c.NamespaceNames() {
		if len(c.Info.Scope) > 0 && !slices.Contains(c.Info.Scope, name) {
			continue
		}
		n := Namespace{Name: name, LimitRanges: len(c.LimitRanges.In(name)), Quotas: len(c.ResourceQuotas.In(name))}
		for _, p := range c.Pods.In(name) {
			if !p.Finished() {
				asks := known.of(p)
				n.add(p, asks)
				n.Use.add(using.of(p, asks.requests))
				n.Advice.add(advising.of(p, asks.requests))
			}
		}
		all = append(all, n)
	}
	return all
}

func (n *Namespace) add(p *kube.Pod, asks demand) {
	n.Pods++
	if p.Node == "" {
		n.Pending++
	}
	n.Requests, n.Limits = n.Requests.Plus(asks.requests), n.Limits.Plus(asks.limits)
	if bound(p) == toDaemonSet {
		n.Daemons = n.Daemons.Plus(asks.requests)
	}
	n.Containers += asks.containers
	n.WithoutCPU += asks.withoutCPU
	n.WithoutMemory += asks.withoutMemory
	if asks.unlimited {
		n.Unlimited++
	}
}

func (a *Advice) add(b Advice) {
	a.Pods, a.Requests, a.Target = a.Pods+b.Pods, a.Requests.Plus(b.Requests), a.Target.Plus(b.Target)
}
