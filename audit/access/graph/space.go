package graph

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// space is what is read of one namespace, and the rows of the view that it was
// read of: while they are the same, and so are its [surroundings], it is too.
type space struct {
	workloads []*kube.Workload
	pods      []*kube.Pod
	held      []*corev1.ServiceAccount

	classes  []class // by key
	accounts []accountRow
	ports    []exposure // through ports of nodes
}

// surroundings are what spaces depend on beside the objects of their namespace.
type surroundings struct {
	minor   int
	offline bool
	nodes   []nodeRow
	tokens  []tokenRow
	volumes map[[2]string]string
	classes map[string]string // RuntimeClass → handler
}

// nodeRow is what decides on which pods a node takes.
type nodeRow struct {
	name    string
	labels  map[string]string
	taints  []corev1.Taint
	control bool
}

func (s *survey) around() *surroundings {
	a := &surroundings{minor: s.minor, offline: s.c.Info.Offline, tokens: s.tokenRows, volumes: s.volumes, classes: map[string]string{}}
	for n := range s.c.Nodes.All() {
		a.nodes = append(a.nodes, nodeRow{n.Name, n.Labels, n.Spec.Taints, controls(s.c, n)})
	}
	for r := range s.c.RuntimeClasses.All() {
		a.classes[r.Name] = r.Handler
	}
	return a
}

func (a *surroundings) same(other *surroundings) bool {
	return a.minor == other.minor && a.offline == other.offline && slices.EqualFunc(a.nodes, other.nodes, sameNode) &&
		slices.Equal(a.tokens, other.tokens) && maps.Equal(a.volumes, other.volumes) && maps.Equal(a.classes, other.classes)
}

func sameNode(a, b nodeRow) bool {
	return a.name == b.name && a.control == b.control && maps.Equal(a.labels, b.labels) && slices.EqualFunc(a.taints, b.taints, func(a, b corev1.Taint) bool {
		return a.Key == b.Key && a.Value == b.Value && a.Effect == b.Effect
	})
}

// spaces reads every namespace, but for those in which nothing happened since an
// earlier view. Changed is false if what was read is all the same as there.
func (s *survey) spaces(before *inputs) (all map[string]*space, changed bool) {
	names := s.c.NamespaceNames()
	all = make(map[string]*space, len(names))
	kept := before != nil && before.around.same(s.around())
	changed = before == nil || len(before.spaces) != len(names)
	for _, name := range names {
		now := &space{workloads: s.c.WorkloadsIn(name), pods: s.c.Pods.In(name), held: s.c.ServiceAccounts.In(name)}
		var was *space
		if before != nil {
			was = before.spaces[name]
		}
		if kept && was != nil && now.madeOf(was) {
			all[name] = was
			continue
		}
		s.read(now, name)
		all[name] = now
		changed = changed || was == nil || !now.same(was)
	}
	return all, changed
}

// madeOf reports whether two spaces were read of the same rows of the view.
func (p *space) madeOf(other *space) bool {
	return sameRows(p.workloads, other.workloads) && sameRows(p.pods, other.pods) && sameRows(p.held, other.held)
}

// sameRows reports whether two slices are the same memory.
func sameRows[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// same reports whether two spaces say the same.
func (p *space) same(other *space) bool {
	return slices.EqualFunc(p.classes, other.classes, class.same) && slices.EqualFunc(p.accounts, other.accounts, accountRow.same) &&
		slices.Equal(p.ports, other.ports)
}

func (k class) same(other class) bool {
	return k.namespace == other.namespace && k.account == other.account && k.pools == other.pools && k.everyNode == other.everyNode &&
		k.witness == other.witness && k.members == other.members && slices.Equal(k.facts, other.facts)
}

func (a accountRow) same(other accountRow) bool {
	return a.namespace == other.namespace && a.name == other.name && slices.Equal(a.clouds, other.clouds)
}

// read fills a space: the classes of its workloads as they are declared, and of
// pods that run otherwise, because admission changed them or somebody debugs
// them.
func (s *survey) read(p *space, name string) {
	byKey := map[string]int{}
	add := func(k class, key string) {
		i, known := byKey[key]
		if !known {
			i = len(p.classes)
			byKey[key] = i
			p.classes = append(p.classes, k)
		}
		p.classes[i].members++
	}
	for _, w := range p.workloads {
		if !w.Ended() {
			k := s.workload(w)
			add(k, k.key())
		}
		p.ports = append(p.ports, hostPorts(w)...)
	}
	seen := map[*corev1.PodSpec]bool{}
	for _, pod := range p.pods {
		if seen[pod.Spec] || pod.Finished() {
			continue
		}
		seen[pod.Spec] = true
		k := s.pod(pod, s.c.WorkloadOf(pod))
		key := k.key()
		if _, known := byKey[key]; !known {
			add(k, key)
		}
	}
	slices.SortFunc(p.classes, func(a, b class) int { return strings.Compare(a.key(), b.key()) })
	for _, a := range p.held {
		p.accounts = append(p.accounts, accountRow{name, a.Name, cloudsOf(a)})
	}
}
