package blast

import (
	"sync"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// spaces are the indexes of all namespaces. A view takes over those of the namespaces
// whose pods and workloads are the same as before, which costs a glance for each.
type spaces struct {
	names  []string
	byName map[string]*space
}

// space has the indexes of one namespace. Each is made when it is first asked for, of
// the pods and workloads alone: nothing here holds the view.
type space struct {
	pods      []*kube.Pod
	workloads []*kube.Workload
	byNode    func() map[string][]*kube.Pod // those that have not finished
	uses      func() *uses
	mentions  func() map[kube.Ref][]kube.Ref // Service → workloads that name it
}

var spacesOf = kube.Revise(func(c *kube.Cluster, before *spaces) *spaces {
	names := c.NamespaceNames()
	s := &spaces{names: names, byName: make(map[string]*space, len(names))}
	for _, name := range names {
		var held *space
		if before != nil {
			held = before.byName[name]
		}
		s.byName[name] = revised(held, c.Pods.In(name), c.WorkloadsIn(name))
	}
	return s
})

// in returns the indexes of a namespace, empty ones for a name unknown.
func (s *spaces) in(namespace string) *space {
	if held := s.byName[namespace]; held != nil {
		return held
	}
	return revised(nil, nil, nil)
}

func revised(held *space, pods []*kube.Pod, workloads []*kube.Workload) *space {
	samePods, sameWorkloads := held != nil && same(held.pods, pods), held != nil && same(held.workloads, workloads)
	if samePods && sameWorkloads {
		return held
	}
	s := &space{pods: pods, workloads: workloads}
	s.uses = sync.OnceValue(func() *uses { return usesOf(pods, workloads) })
	if samePods {
		s.byNode = held.byNode
	} else {
		s.byNode = sync.OnceValue(func() map[string][]*kube.Pod { return podsByNode(pods) })
	}
	if sameWorkloads {
		s.mentions = held.mentions
	} else {
		s.mentions = sync.OnceValue(func() map[kube.Ref][]kube.Ref { return mentionsOf(workloads) })
	}
	return s
}

// same reports whether two slices are one: tables of views share what did not change.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func podsByNode(pods []*kube.Pod) map[string][]*kube.Pod {
	byNode := map[string][]*kube.Pod{}
	for _, p := range pods {
		if p.Node != "" && !p.Finished() {
			byNode[p.Node] = append(byNode[p.Node], p)
		}
	}
	return byNode
}
