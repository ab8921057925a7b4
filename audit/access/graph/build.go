package graph

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// build is a graph in the making.
type build struct {
	in       *inputs
	accounts []accountRow // of all namespaces, by namespace and name
	kinds    []class      // of their pods, by namespace and key
	g        *Graph
	families map[*Family]uint16
	labels   map[labelKey]int32
	rulesets rulesets

	subjects map[access.Subject]*holder
	order    []*holder // those that bindings name or the view holds, sorted

	classes       []int32          // classes by number → vertex
	classesIn     map[string][]int // namespace → classes by number
	tokensIn      map[string][]tokenRow
	ghosts        map[string][]int32 // namespace → missing ServiceAccounts
	accountsIn    map[string][]int32
	users, groups []int32
	// bootstrappers are the groups that a bootstrap token may be of: that of all, and
	// what its Secret adds, as kubeadm's do.
	bootstrappers []int32
	backendsIn    map[string][]kube.Ref
	bindingsIn    map[string][]*access.Binding
	powers        map[int][]*power // by right
	controllers   map[*deputy][]*holder
}

type labelKey struct {
	binding *access.Binding
	rule    int32
	object  kube.Ref
	path    string
}

// assemble makes the graph of inputs.
func assemble(in *inputs) *Graph {
	var accounts []accountRow
	var kinds []class
	for i := range in.namespaces {
		space := in.spaces[in.namespaces[i].name]
		accounts, kinds = append(accounts, space.accounts...), append(kinds, space.classes...)
	}
	things := len(accounts) + len(kinds) + 2*len(in.index.Bindings) + 16*len(in.namespaces)
	b := &build{
		in: in, accounts: accounts, kinds: kinds,
		g: &Graph{
			index: make(map[key]int32, things), classes: make(map[string]int32, len(kinds)), families: Families(),
			pools: in.pools, in: in.known(), vertices: make([]Vertex, 0, things), edges: make([]edge, 0, 3*things),
		},
		families: map[*Family]uint16{}, labels: make(map[labelKey]int32, len(in.index.Bindings)+len(kinds)), rulesets: newRulesets(in.minor),
		subjects: make(map[access.Subject]*holder, len(accounts)), classesIn: map[string][]int{}, tokensIn: map[string][]tokenRow{},
		ghosts: map[string][]int32{}, accountsIn: map[string][]int32{}, backendsIn: map[string][]kube.Ref{}, powers: powersByRight(),
		bindingsIn: map[string][]*access.Binding{}, controllers: map[*deputy][]*holder{}, order: make([]*holder, 0, len(accounts)),
	}
	for i, f := range b.g.families {
		b.families[f] = uint16(i) //nolint:gosec // there are a hundred
	}
	b.people()
	b.workloads()
	b.hub(Cluster, "")
	b.hub(AnyGroup, "")
	for _, h := range b.order {
		b.grants(h)
	}
	b.conjunctions()
	b.memberships()
	b.pods()
	b.secrets()
	b.entrances()
	b.finish()
	return b.g
}

// vertex returns the vertex of a key, which it makes if there is none.
func (b *build) vertex(k key, witness kube.Ref) (v int32, made bool) {
	if v, ok := b.g.index[k]; ok {
		return v, false
	}
	v = int32(len(b.g.vertices)) //nolint:gosec // vertices are numbered by int32
	b.g.index[k] = v
	b.g.vertices = append(b.g.vertices, Vertex{Kind: k.kind, Namespace: k.namespace, Name: k.name, Witness: witness})
	return v, true
}

// find returns a vertex that is there already.
func (b *build) find(kind Kind, namespace, name string) (int32, bool) {
	v, ok := b.g.index[key{kind, namespace, name}]
	return v, ok
}

// edge adds an edge of a family as it is.
func (b *build) edge(from, to int32, f *Family, label int32) {
	b.edgeOf(from, to, f, label, f.Cost, f.Confidence)
}

// edgeOf adds an edge at a cost and a confidence of its own.
func (b *build) edgeOf(from, to int32, f *Family, label int32, cost uint8, c Confidence) {
	if from == to {
		return
	}
	b.g.edges = append(b.g.edges, edge{from, to, label, b.families[f], cost, c})
}

// label returns the number of a piece of evidence.
func (b *build) label(k labelKey) int32 {
	if l, ok := b.labels[k]; ok {
		return l
	}
	l := int32(len(b.g.evidence)) //nolint:gosec // labels are numbered by int32
	b.labels[k] = l
	b.g.evidence = append(b.g.evidence, evidence(k))
	return l
}

// field returns the label of a field of an object.
func (b *build) field(object kube.Ref, path string) int32 {
	return b.label(labelKey{object: object, path: path})
}

// people makes the vertices of ServiceAccounts, users and groups: those that the
// view holds and those that bindings name.
func (b *build) people() {
	held := make(map[[2]string]bool, len(b.accounts))
	for i := range b.accounts {
		a := &b.accounts[i]
		held[[2]string{a.namespace, a.name}] = true
		b.person(access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: a.namespace, Name: a.name})
	}
	for i := range b.kinds {
		if k := &b.kinds[i]; k.account != "" {
			b.person(access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: k.namespace, Name: k.account})
			held[[2]string{k.namespace, k.account}] = true // it runs, so it is there
		}
	}
	b.person(access.Subject{Kind: rbacv1.GroupKind, Name: access.GroupMasters})
	b.person(access.Subject{Kind: rbacv1.GroupKind, Name: access.GroupAuthenticated})
	for _, binding := range b.in.index.Bindings {
		namespace := binding.Ref.Namespace
		set := b.rulesets.of(binding.Rules)
		b.bindingsIn[namespace] = append(b.bindingsIn[namespace], binding)
		for i := range binding.Subjects {
			h := b.person(binding.Subjects[i].Subject)
			if binding.Resolution == access.Resolved && !h.has(binding) {
				h.own = append(h.own, bound{binding, set, namespace})
			}
		}
	}
	slices.SortFunc(b.order, func(a, c *holder) int { return access.CompareSubjects(a.who, c.who) })
	for _, h := range b.order {
		b.sort(h, held)
	}
}

// sort makes the vertex of a subject and puts it where hubs look for it.
func (b *build) sort(h *holder, held map[[2]string]bool) {
	kind := kindOf(h.who)
	h.vertex, _ = b.vertex(key{kind, h.who.Namespace, h.who.Name}, subjectRef(h.who))
	switch kind {
	case User:
		b.users = append(b.users, h.vertex)
	case Group:
		b.groups = append(b.groups, h.vertex)
		if n := h.who.Name; n == "system:bootstrappers" || strings.HasPrefix(n, "system:bootstrappers:") {
			b.bootstrappers = append(b.bootstrappers, h.vertex)
		}
	default:
		n, known := b.in.namespace(h.who.Namespace)
		missing := known && n.whole || !known && b.in.whole
		if missing && !held[[2]string{h.who.Namespace, h.who.Name}] {
			h.ghost = true
			b.ghosts[h.who.Namespace] = append(b.ghosts[h.who.Namespace], h.vertex)
			return
		}
		b.accountsIn[h.who.Namespace] = append(b.accountsIn[h.who.Namespace], h.vertex)
	}
}

// subjectRef returns the object that a subject is; zero for users and groups,
// which have none.
func subjectRef(s access.Subject) kube.Ref {
	if s.Kind != rbacv1.ServiceAccountKind {
		return kube.Ref{}
	}
	return kube.ServiceAccounts.Ref(s.Namespace, s.Name)
}

func kindOf(s access.Subject) Kind {
	switch s.Kind {
	case rbacv1.UserKind:
		return User
	case rbacv1.GroupKind:
		return Group
	}
	return ServiceAccount
}

// workloads makes the vertices of classes.
func (b *build) workloads() {
	for i := range b.kinds {
		k := &b.kinds[i]
		name := k.key()
		v, _ := b.vertex(key{Workload, k.namespace, name}, k.witness)
		b.g.vertices[v].Members = k.members
		b.g.classes[name] = v
		b.classes = append(b.classes, v)
		b.classesIn[k.namespace] = append(b.classesIn[k.namespace], i)
	}
	for _, t := range b.in.tokens {
		b.tokensIn[t.namespace] = append(b.tokensIn[t.namespace], t)
	}
	for _, w := range b.in.backends {
		b.backendsIn[w.namespace] = append(b.backendsIn[w.namespace], w.configuration)
	}
}

// finish puts the edges in order, without repetitions.
func (b *build) finish() {
	g := b.g
	slices.SortFunc(g.edges, compareEdges)
	g.edges = slices.Clone(slices.Compact(g.edges)) // kept for as long as nothing changes
	g.vertices, g.evidence = slices.Clone(g.vertices), slices.Clone(g.evidence)
	g.first = make([]int32, len(g.vertices)+1)
	for i := range g.edges {
		g.first[g.edges[i].from+1]++
	}
	for v := range g.vertices {
		g.first[v+1] += g.first[v]
	}
}

func compareEdges(a, b edge) int {
	switch {
	case a.from != b.from:
		return int(a.from - b.from)
	case a.family != b.family:
		return int(a.family) - int(b.family)
	case a.to != b.to:
		return int(a.to - b.to)
	case a.label != b.label:
		return int(a.label - b.label)
	case a.cost != b.cost:
		return int(a.cost) - int(b.cost)
	}
	return int(a.confidence) - int(b.confidence)
}
