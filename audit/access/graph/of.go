package graph

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Of returns the attack graph of a view. It is made when it is first asked for,
// and is that of the view before if nothing has changed that it is made of: pods
// may come, go and fail, as long as they are alike.
func Of(c *kube.Cluster) *Graph { return made.Of(c).graph() }

// Resources returns the resources that a graph is made of. Where one of them could
// not be read there may be ways that the graph does not have: none of them is proof
// that there is no way.
func Resources() []kube.Resource {
	all := slices.Concat(access.Resources(), kube.WorkloadResources(), []kube.Resource{
		kube.ServiceAccounts, kube.Nodes, kube.Secrets, kube.ConfigMaps, kube.PersistentVolumes, kube.RuntimeClasses,
		kube.Services, kube.Ingresses, kube.MutatingWebhookConfigurations, kube.ValidatingWebhookConfigurations,
		kube.ValidatingAdmissionPolicies, kube.CustomResourceDefinitions,
	}, routes())
	slices.SortFunc(all, func(a, b kube.Resource) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(all)
}

// Cluster returns the vertex of everything: what cluster-admin may do.
func (g *Graph) Cluster() int32 { return g.index[key{Cluster, "", ""}] }

// Nodes returns the vertices of root on a node, by pool; those of pools that
// nothing leads to are not there.
func (g *Graph) Nodes() []int32 {
	var found []int32
	for i := range g.pools {
		if v, ok := g.index[key{Node, "", g.pools[i].name}]; ok {
			found = append(found, v)
		}
	}
	return found
}

// SecretsOf returns the vertex of the Secrets of a namespace, false if the view
// does not know it.
func (g *Graph) SecretsOf(namespace string) (int32, bool) {
	v, ok := g.index[key{Secrets, namespace, ""}]
	return v, ok
}

// AdminOf returns the vertex of who may do everything in a namespace, false if
// the view does not know it.
func (g *Graph) AdminOf(namespace string) (int32, bool) {
	v, ok := g.index[key{NamespaceAdmin, namespace, ""}]
	return v, ok
}

// Entries returns the vertices at which somebody starts who has nothing yet:
// anybody, anybody with an account, any pod, and traffic by each way that it
// comes in. The caller must not change the slice.
func (g *Graph) Entries() []int32 { return g.entries }

// Subject returns the vertex of a subject, false if neither a binding nor an
// object of the view names it.
func (g *Graph) Subject(s access.Subject) (int32, bool) {
	v, ok := g.index[key{kindOf(s), s.Namespace, s.Name}]
	return v, ok
}

// Find returns the vertex of an object of the view that the graph was made of: a
// pod, a workload, a ServiceAccount, a Secret with a token, a node, a namespace
// (who may do everything there). It is false for all others.
func (g *Graph) Find(c *kube.Cluster, ref kube.Ref) (int32, bool) {
	switch ref.Kind {
	case kube.ServiceAccounts.Kind:
		return g.Subject(access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: ref.Namespace, Name: ref.Name})
	case kube.Namespaces.Kind:
		return g.AdminOf(ref.Name)
	case kube.Secrets.Kind:
		v, ok := g.index[key{Secret, ref.Namespace, ref.Name}]
		return v, ok
	case kube.Nodes.Kind:
		if n, ok := c.Nodes.Get("", ref.Name); ok {
			v, ok := g.index[key{Node, "", g.pools[poolOf(c, g.pools, n)].name}]
			return v, ok
		}
		return 0, false
	}
	if p, ok := c.Pods.Get(ref.Namespace, ref.Name); ok && ref.Kind == kube.Pods.Kind {
		v, ok := g.classes[classOfPod(c, g.in, p).key()]
		return v, ok
	}
	if w := c.Workload(ref); w != nil {
		v, ok := g.classes[newSurvey(c, g.in).workload(w).key()]
		return v, ok
	}
	return 0, false
}

// Pods returns how many pods that have not finished a [Workload] vertex stands
// for in a view, 0 for vertices of other kinds.
func (g *Graph) Pods(c *kube.Cluster, v int32) int {
	vertex := g.vertices[v]
	if vertex.Kind != Workload {
		return 0
	}
	s, count := newSurvey(c, g.in), 0
	known := map[*corev1.PodSpec]bool{}
	for _, p := range c.Pods.In(vertex.Namespace) {
		if p.Finished() {
			continue
		}
		is, seen := known[p.Spec]
		if !seen {
			is = s.pod(p, c.WorkloadOf(p)).key() == vertex.Name
			known[p.Spec] = is
		}
		if is {
			count++
		}
	}
	return count
}

// Reaches reports whether one vertex leads to another, at whatever cost.
func (g *Graph) Reaches(from, to int32) bool {
	seen := make([]bool, len(g.vertices))
	seen[from] = true
	queue := []int32{from}
	for len(queue) > 0 && !seen[to] {
		v := queue[0]
		queue = queue[1:]
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if w := g.edges[e].to; !seen[w] {
				seen[w] = true
				queue = append(queue, w)
			}
		}
	}
	return seen[to]
}
