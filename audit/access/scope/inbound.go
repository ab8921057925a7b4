package scope

import (
	"cmp"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// Inbound is how widely a namespace is open to users, groups and ServiceAccounts
// of other namespaces.
type Inbound struct {
	Extent float64
	Many   int // how many have rights in it
	// Widest are those to whom it is most open, two at the most.
	Widest []Door
	// Unread is a binding of whose role nothing is known, and that gives it to
	// somebody from outside; nil if there is none.
	Unread *access.Binding
}

// Door is somebody from outside with rights in a namespace.
type Door struct {
	Who     access.Subject
	Worst   Danger
	Binding *access.Binding // gives the worst
	Extent  float64

	one *grantee
}

func compareDoors(a, b Door) int {
	return cmp.Or(cmp.Compare(b.Extent, a.Extent), access.CompareSubjects(a.Who, b.Who))
}

// opened returns how far rights open a namespace to somebody: how bad the worst of
// them is, and how easily one becomes them.
func opened(one *grantee, has *rights) Door {
	worst := has.danger()
	return Door{Who: one.who, Worst: worst, Extent: worst.extent() * likelihood(one.who), one: one}
}

// extent is how bad a danger is.
func (d Danger) extent() float64 {
	return [...]float64{None: 0, Reads: 0.08, Minor: 0.25, Major: 0.6, Total: 1}[d]
}

// likelihood is how likely an attacker is somebody.
func likelihood(s access.Subject) float64 {
	switch {
	case s.Kind == rbacv1.ServiceAccountKind:
		return 0.10
	case s.Name == access.GroupUnauthenticated || s.Name == access.UserAnonymous:
		return 1
	case s.Kind == rbacv1.UserKind:
		return 0.03
	case s.Name == access.GroupAuthenticated:
		return 0.9
	case s.Name == access.GroupServiceAccounts:
		return 0.8
	}
	return 0.15
}

// wideDoors returns those of who has rights in every namespace.
func (g *grants) wideDoors() []Door {
	var all []Door
	for _, one := range g.order {
		if one.wide != nil && !ofPlatform(one.who) {
			all = append(all, opened(one, one.wide))
		}
	}
	return all
}

// inbound measures how widely a namespace is open. Who lives there is not from
// outside.
func (m *measuring) inbound(namespace string) Inbound {
	left, found, widest := 1.0, Inbound{Unread: m.unreadInto(namespace)}, firsts[Door]{order: compareDoors}
	add := func(d Door) {
		if home := d.Who.HomeNamespace(); d.Extent > 0 && (home == "" || home != namespace) {
			left *= 1 - d.Extent
			found.Many++
			widest.add(d)
		}
	}
	for _, d := range m.doors {
		if d.one.in[namespace] == nil { // who has rights here as well is among the locals
			add(d)
		}
	}
	for _, one := range m.local[namespace] {
		if !ofPlatform(one.who) {
			add(opened(one, one.rights(namespace)))
		}
	}
	found.Extent = 1 - left
	for _, d := range widest.all {
		d.Binding, d.one = m.by(d.one, namespace), nil // what is kept must not hold all that was gathered
		found.Widest = append(found.Widest, d)
	}
	return found
}

// unreadInto returns a binding of whose role nothing is known and that gives it to
// somebody from outside of a namespace; nil if there is none.
func (m *measuring) unreadInto(namespace string) *access.Binding {
	for _, one := range m.veiled {
		if home := one.who.HomeNamespace(); home != "" && home == namespace {
			continue
		}
		i := slices.IndexFunc(one.unread, func(b *access.Binding) bool { return b.Wide() || b.Ref.Namespace == namespace })
		if i >= 0 {
			return one.unread[i]
		}
	}
	return nil
}
