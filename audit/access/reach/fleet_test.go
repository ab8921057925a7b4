package reach_test

import (
	"math/rand/v2"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// fleet is a graph as a cluster makes it: pods by class, ServiceAccounts, nodes,
// and for each namespace hubs for what one can do in it.
type fleet struct {
	pods       int
	graph      *reach.Graph
	sinks      []reach.Vertex
	exposed    []reach.Vertex
	accounts   []reach.Vertex
	namespaces []reach.Vertex
	bindings   int
}

// Kinds of hub of a namespace, and of the cluster.
const (
	podCreate = iota
	exec
	secret
	token
	impersonate
	admin
	patch
	accountCreate
	hubs
)

// newFleet makes a cluster of so many pods. With 150,000 it has the size that the
// package comment tells of.
func newFleet(t testing.TB, pods int) *fleet {
	t.Helper()
	f := &fleet{pods: pods}
	g, err := f.collect().Build()
	if err != nil {
		t.Fatal(err)
	}
	f.graph = g
	return f
}

// collect gives the same edges each time.
func (f *fleet) collect() *reach.Builder {
	f.exposed, f.accounts, f.namespaces = nil, nil, nil
	accounts := max(f.pods/15, 8) * 2
	l := &layout{
		fleet: f, random: rand.New(rand.NewPCG(1, 2)),
		spaces: max(f.pods/150, 4), machines: max(f.pods/30, 4), people: accounts / 3,
		all: accounts, classes: accounts * 3 / 2,
	}
	f.bindings = accounts
	cluster := l.block(1)(0)
	f.sinks = []reach.Vertex{cluster}
	l.clusterHub, l.hub = l.block(hubs), l.block(l.spaces*hubs)
	l.node, l.account, l.class = l.block(l.machines), l.block(l.all), l.block(l.classes)
	l.user, l.both = l.block(l.people), l.block(l.spaces)
	l.b = reach.NewBuilder(l.end, 2*f.bindings+l.classes+l.spaces)

	l.b.Add(l.clusterHub(admin), cluster, 0, reach.Always)
	l.b.Add(l.hub(admin), cluster, 0, reach.Always) // of the first namespace, kube-system
	l.addHubs()
	l.addAccounts()
	l.addClasses()
	for i := range f.bindings {
		l.addBinding(i)
	}
	return l.b
}

// layout is where the vertices of a fleet are.
type layout struct {
	*fleet
	b      *reach.Builder
	random *rand.Rand
	end    int

	spaces, machines, people, all, classes            int
	clusterHub, hub, node, account, class, user, both func(int) reach.Vertex
}

func (l *layout) block(n int) func(int) reach.Vertex {
	first := l.end
	l.end += n
	return func(i int) reach.Vertex { return reach.Vertex(first + i) }
}

func (l *layout) addHubs() {
	for ns := range l.spaces {
		l.namespaces = append(l.namespaces, l.hub(ns*hubs+admin))
		for k := range hubs {
			l.b.Add(l.clusterHub(k), l.hub(ns*hubs+k), 0, reach.Always)
			l.b.Add(l.hub(ns*hubs+admin), l.hub(ns*hubs+k), 0, reach.Always)
		}
		l.b.Add(l.both(ns), l.hub(ns*hubs+admin), 0, reach.Always)
		if l.random.IntN(2) == 0 { // no Pod Security admission: a pod takes its node
			l.b.Add(l.hub(ns*hubs+podCreate), l.node(l.random.IntN(l.machines)), 1, reach.Always)
		}
	}
}

func (l *layout) addAccounts() {
	for i := range l.all {
		l.accounts = append(l.accounts, l.account(i))
		for _, k := range []int{podCreate, token, impersonate} {
			l.b.Add(l.hub(i%l.spaces*hubs+k), l.account(i), k%2, reach.Always)
		}
	}
}

func (l *layout) addClasses() {
	for i := range l.classes {
		account := i % l.all
		ns := account % l.spaces
		mounts := l.b.By(reach.Label(l.bindings + i))
		l.b.Add(l.class(i), l.account(account), 0, mounts)
		l.b.Add(l.hub(ns*hubs+exec), l.class(i), 0, reach.Always)
		l.b.Add(l.hub(ns*hubs+patch), l.class(i), 1, reach.Always)
		for range max(l.pods/l.classes, 1) {
			node := l.node(l.random.IntN(l.machines))
			l.b.Add(node, l.class(i), 0, reach.Always)
			if i%100 == 7 { // privileged
				l.b.Add(l.class(i), node, 2, mounts)
			}
		}
		if i%(l.classes/300+1) == 0 {
			l.exposed = append(l.exposed, l.class(i))
		}
	}
}

func (l *layout) addBinding(i int) {
	subject := l.account(i)
	if i%4 == 0 {
		subject = l.user(l.random.IntN(l.people))
	}
	ns, grant := i%l.spaces, reach.Label(i)
	switch n := l.random.IntN(200); {
	case n == 0:
		l.b.Add(subject, l.clusterHub(l.random.IntN(hubs)), l.random.IntN(3), l.b.By(grant))
	case n < 120:
		l.b.Add(subject, l.hub(ns*hubs+l.random.IntN(admin)), l.random.IntN(3), l.b.By(grant))
	case n < 150:
		l.b.Add(subject, l.hub(ns*hubs+admin), 0, l.b.By(grant))
	case n < 160: // binds by this grant, creates bindings by another of its own or that of its team
		own, team := reach.Label(l.bindings+l.classes+i), reach.Label(2*l.bindings+l.classes+ns%(l.spaces/4))
		l.b.Add(subject, l.both(ns), 1, l.b.ByAll([]reach.Label{own, team}, []reach.Label{grant}))
		l.b.Add(subject, l.hub(ns*hubs+secret), 1, l.b.By(team))
	default:
		l.b.Add(subject, l.hub(l.random.IntN(l.spaces)*hubs+secret), 1, l.b.By(grant))
		l.b.Add(subject, l.account(l.random.IntN(l.all)), 1, l.b.By(grant))
	}
}
