package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// claims finds what explains what, by the ladder.
type claims struct {
	*table
	now   time.Time
	view  *view
	facts []*fact
	flood bool
	roots map[seat][]*fact
	used  []bool // by place in the ladder: whether anything is a root of it
	// rollouts are workloads of the pod network that fail on many nodes at once: then
	// they are why the nodes are not ready, and not the other way around.
	rollouts map[kube.Ref]bool
}

// seat is where the roots of a mechanism are found: by a key.
type seat struct {
	mechanism int
	key       triage.Key
}

// lastInFlood is the lowest rung that explains anything in a flood.
const lastInFlood = triage.Admission

// manyNodes is on how many nodes a workload of the pod network has to fail before
// it is the reason, and not the nodes.
const manyNodes = 3

func newClaims(t *table, v *view, facts []*fact, now time.Time, flood bool) *claims {
	c := &claims{table: t, now: now, view: v, facts: facts, flood: flood, roots: map[seat][]*fact{}, used: make([]bool, len(t.ladder))}
	c.rollouts = c.failing()
	for _, f := range facts {
		if f.explains(now) {
			c.offer(f)
		}
	}
	return c
}

// failing finds the workloads of the pod network that fail on many nodes.
func (c *claims) failing() map[kube.Ref]bool {
	nodes := map[kube.Ref]map[string]bool{}
	for _, f := range c.facts {
		if f.role != podNetwork || !f.explains(c.now) || !c.troubles[f.Detector.ID] {
			continue
		}
		for _, key := range f.keys {
			if key.Kind == triage.ByNode {
				if nodes[f.Workload] == nil {
					nodes[f.Workload] = map[string]bool{}
				}
				nodes[f.Workload][key.Name] = true
			}
		}
	}
	all := map[kube.Ref]bool{}
	for ref, on := range nodes {
		all[ref] = len(on) >= manyNodes
	}
	return all
}

// offer lets a fact be found as a root.
func (c *claims) offer(f *fact) {
	places := c.byRoot[f.Detector.ID]
	if f.role != "" && c.troubles[f.Detector.ID] {
		places = slices.Concat(places, c.byRole[f.role])
	}
	for _, place := range places {
		m := &c.ladder[place]
		if c.flood && m.rung > lastInFlood || m.named != "" && !strings.Contains(f.Object.Name, m.named) {
			continue
		}
		if m.least > 0 && !c.enough(f, m) {
			continue
		}
		c.used[place] = true
		if m.by == nil {
			c.roots[seat{place, triage.Key{}}] = append(c.roots[seat{place, triage.Key{}}], f)
			continue
		}
		for _, key := range c.offered(f) {
			if slices.Contains(m.by, key.Kind) {
				c.roots[seat{place, key}] = append(c.roots[seat{place, key}], f)
			}
		}
	}
}

// offered returns the keys by which a fact may be found as a root: its own, and for
// a storage driver the classes that it serves.
func (c *claims) offered(f *fact) []triage.Key {
	if f.role != storageDriver {
		return f.keys
	}
	keys := slices.Clone(f.keys)
	for class := range c.view.StorageClasses.All() {
		driver, _, _ := strings.Cut(class.Provisioner, ".")
		if slices.Contains(strings.Split(f.Workload.Name, "-"), driver) {
			keys = append(keys, triage.Key{Kind: triage.ByStorageClass, Name: class.Name + " (" + class.Provisioner + ")"})
		}
	}
	return keys
}

// enough reports whether as many owners as it takes show the symptom since a root.
func (c *claims) enough(root *fact, m *mechanism) bool {
	owners := map[kube.Ref]bool{}
	for _, f := range c.facts {
		if f.explains(c.now) && slices.Contains(m.symptoms, f.Detector.ID) && f.owner() != root.owner() && m.timely(root, f) {
			owners[f.owner()] = true
		}
	}
	return len(owners) >= m.least
}

// candidate is one that may explain a fact.
type candidate struct {
	root    *fact
	through triage.Key
	rung    triage.Rung
	held    bool // it did before
	place   int  // of the kind of key, in the mechanism
}

func compareCandidates(a, b candidate) int {
	held := 0
	if a.held != b.held {
		held = 1
		if a.held {
			held = -1
		}
	}
	return cmp.Or(cmp.Compare(a.rung, b.rung), held, cmp.Compare(a.place, b.place), compareFacts(a.root, b.root))
}

// claim finds what explains a fact.
func (c *claims) claim(f *fact) {
	best := candidate{}
	consider := func(place, order int, key triage.Key) {
		m := &c.ladder[place]
		for _, root := range c.roots[seat{place, key}] {
			next := candidate{root, key, m.rung, root.Identity() == f.claimant, order}
			if c.may(m, root, f, next.held) && (best.root == nil || compareCandidates(next, best) < 0) {
				best = next
			}
		}
	}
	for _, place := range c.bySymptom[f.Detector.ID] {
		if !c.used[place] {
			continue
		}
		m := &c.ladder[place]
		if m.by == nil {
			consider(place, 0, triage.Key{})
		}
		for _, key := range f.keys {
			if order := slices.Index(m.by, key.Kind); order >= 0 {
				consider(place, order, key)
			}
		}
	}
	f.parent, f.through = best.root, best.through
}

// may reports whether a root may explain a fact by a mechanism; held that it did.
func (c *claims) may(m *mechanism, root, f *fact, held bool) bool {
	switch {
	case root == f:
		return false
	case m.role != "" && root.role == m.role && root.owner() == f.owner():
		return false // one thing anyway
	case m.rung == triage.Nodes && c.rollouts[f.Workload]:
		return false
	case !m.suits(f):
		return false
	}
	return held || m.timely(root, f) || c.rollouts[root.Workload]
}

// settle breaks the cycles in which facts explain each other.
func settle(facts []*fact) {
	done := map[*fact]bool{}
	for _, f := range facts {
		var way []*fact
		for at := f; at != nil && !done[at]; at = at.parent {
			if start := slices.Index(way, at); start >= 0 {
				open(way[start:])
				break
			}
			way = append(way, at)
		}
		for _, at := range way {
			done[at] = true
		}
	}
}

// open makes one of a cycle its root: the earliest, or the one that stands highest.
func open(cycle []*fact) {
	root := slices.MinFunc(cycle, func(a, b *fact) int {
		return cmp.Or(a.first.Compare(b.first), compareFacts(a, b))
	})
	for _, f := range cycle {
		if f != root && f.first.Equal(root.first) && f.Detector.Rung == root.Detector.Rung {
			f.mutual, root.mutual = true, true
		}
	}
	root.parent, root.through = nil, triage.Key{}
}

// top is what explains a fact in the end.
func (f *fact) top() *fact {
	for f.parent != nil {
		f = f.parent
	}
	return f
}
