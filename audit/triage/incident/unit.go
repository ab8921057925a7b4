package incident

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// unit is what is wrong with one workload, or with one object that has none, in one
// way: the roots that the ladder left.
type unit struct {
	owner kube.Ref
	uid   string
	// class is the rung of the cause that its pods name, 0 where they name none. Two
	// causes on different pods of a workload are two things to mend.
	class triage.Rung
	facts []*fact // that nothing explains, what explains most first
	group *group
}

// root is the fact that stands for the unit.
func (u *unit) root() *fact { return u.facts[0] }

// before returns the incident to which most of the unit belonged, nil for none.
func (u *unit) before() *record {
	if !slices.ContainsFunc(u.facts, func(f *fact) bool { return f.record != u.facts[0].record }) {
		return u.facts[0].record
	}
	count := map[*record]int{}
	var most *record
	for _, f := range u.facts {
		if r := f.record; r != nil {
			count[r]++
			if most == nil || count[r] > count[most] || count[r] == count[most] && r.id < most.id {
				most = r
			}
		}
	}
	return most
}

// unitsOf puts what nothing explains into units, ordered by owner and class.
func (c *claims) unitsOf() []*unit {
	for _, f := range c.facts {
		if f.parent == nil && f.explains(c.now) {
			f.of.list(f, c.view.update)
		}
	}
	var units []*unit
	for _, o := range c.view.all() {
		if o.listed == c.view.update {
			units = append(units, c.unitsFor(o)...)
		}
	}
	return units
}

// list notes a root of the owner.
func (o *owner) list(f *fact, update int) {
	if o.listed != update {
		o.listed, o.roots = update, o.roots[:0]
	}
	o.roots = append(o.roots, f)
}

// unitsFor returns the units of an owner: those of the Update before, if they would be
// the same.
func (c *claims) unitsFor(o *owner) []*unit {
	if o.made == 0 || !slices.Equal(o.roots, o.of) || slices.ContainsFunc(o.roots, func(f *fact) bool { return f.changed > o.made }) {
		o.units = o.units[:0]
		for class, facts := range c.classes(slices.Clone(o.roots)) {
			slices.SortFunc(facts, c.compareRoots)
			o.units = append(o.units, &unit{owner: o.ref, class: class, facts: facts})
		}
		slices.SortFunc(o.units, func(a, b *unit) int { return cmp.Compare(a.class, b.class) })
		o.of, o.roots, o.made = o.roots, o.of, c.view.update
	}
	for _, u := range o.units {
		u.group, u.uid = nil, ""
		for _, f := range u.facts {
			f.unit, u.uid = u, cmp.Or(u.uid, f.uid)
		}
	}
	return o.units
}

// compareRoots orders what counts before what does not, what is of some consequence
// before what is not, what names a cause before what is vague, and then what explains
// more first.
func (c *claims) compareRoots(a, b *fact) int {
	if by := cmp.Or(
		compareBool(!a.counts(), !b.counts()),
		compareBool(a.severity == triage.S4, b.severity == triage.S4),
		compareBool(c.vague[a.Detector.ID] || c.effect(a), c.vague[b.Detector.ID] || c.effect(b)),
	); by != 0 {
		return by
	}
	return compareFacts(a, b)
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// classes parts the facts of an owner by the rung of the cause that their pods name.
// What names none goes with the cause that most pods name.
func (c *claims) classes(facts []*fact) map[triage.Rung][]*fact {
	class := c.classOf(facts[0])
	if !slices.ContainsFunc(facts, func(f *fact) bool { return c.classOf(f) != class }) { // as good as always
		return map[triage.Rung][]*fact{class: facts}
	}
	of := map[kube.Ref]triage.Rung{}
	maps.Copy(of, c.named(facts, false))
	maps.Copy(of, c.named(facts, true)) // what fires goes before what recovers
	count := map[triage.Rung]int{}
	for object, class := range of {
		count[class]++
		if object.Kind == kube.Pods.Kind {
			count[class] += len(facts) // what pods name goes before what is said of their owner
		}
	}
	var most triage.Rung
	for _, class := range slices.Sorted(maps.Keys(count)) {
		if count[class] > count[most] {
			most = class
		}
	}
	parts := map[triage.Rung][]*fact{}
	for _, f := range facts {
		class, known := of[f.Object]
		if !known {
			class = most
		}
		parts[class] = append(parts[class], f)
	}
	return parts
}

// classOf returns the rung of a cause, 0 for a signal that names none.
func (c *claims) classOf(f *fact) triage.Rung {
	if c.vague[f.Detector.ID] || c.effect(f) {
		return 0
	}
	return f.Detector.Rung
}

// named returns the highest rung of the causes that objects name, by what fires or
// by what does not.
func (c *claims) named(facts []*fact, firing bool) map[kube.Ref]triage.Rung {
	of := map[kube.Ref]triage.Rung{}
	for _, f := range facts {
		class := c.classOf(f)
		if f.fires() != firing || class == 0 {
			continue
		}
		if has, known := of[f.Object]; !known || class < has {
			of[f.Object] = class
		}
	}
	return of
}

// group is an incident in the making.
type group struct {
	key   triage.Key
	class triage.Rung // of its unit
	// shared says that the key is what its units share, and not what one is about.
	shared bool
	uid    string
	units  []*unit
	facts  []*fact // all of it that counts, and the roots
	// record is the incident that it continues.
	record *record
}

// own makes a group of a unit alone.
func (u *unit) own() *group {
	key, is := triage.KeyOf(u.owner)
	if !is {
		key = triage.Key{Kind: triage.ByOwner, Name: u.owner.String()}
		for _, named := range u.root().Keys {
			if u.root().Workload.IsZero() && named.Name == u.owner.Name {
				key = named // a zone is no object
			}
		}
	}
	return &group{key: key, class: u.class, uid: u.uid, units: []*unit{u}}
}

// root is the fact that stands for the group: of each unit the first that is part of
// it, of those one that counts, and of these that which explains most.
func (g *group) root() *fact {
	var best *fact
	for _, u := range g.units {
		n := slices.IndexFunc(u.facts, func(f *fact) bool { return f.needed })
		if n < 0 {
			continue
		}
		f := u.facts[n]
		if best == nil || cmp.Or(compareBool(!f.counts(), !best.counts()), compareFacts(f, best)) < 0 {
			best = f
		}
	}
	return best
}
