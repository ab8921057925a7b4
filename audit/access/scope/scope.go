package scope

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Space is what bindings make of a namespace.
type Space struct {
	// Granted reports whether anybody but the server has granted something in it, or
	// to one of its ServiceAccounts.
	Granted   bool
	Blast     Blast
	Inbound   Inbound
	Unbounded Unbounded
	Stale     Stale
	// Master is the binding by which the default ServiceAccount gets at Secrets or
	// at more, nil if there is none.
	Master *access.Binding
	// Unread is a binding of whose role nothing is known, and that gives it to a
	// ServiceAccount of the namespace; nil if there is none.
	Unread *access.Binding
}

// Scopes are the spaces of a view. They never change.
type Scopes struct {
	spaces map[string]*Space
	other  *Space
}

// In returns the space of a namespace.
func (s *Scopes) In(namespace string) *Space {
	if one, ok := s.spaces[namespace]; ok {
		return one
	}
	return s.other
}

// Resources returns the resources on which [Scopes] depend.
func Resources() []kube.Resource { return append(access.Resources(), kube.ServiceAccounts) }

var scopes = kube.Derive(measure).From(Resources()...)

// Of returns the scopes of a view. They are made when they are first asked for, and
// are those of the view before if no grant has changed.
func Of(c *kube.Cluster) *Scopes { return scopes.Of(c) }

func measure(c *kube.Cluster) *Scopes {
	m := &measuring{grants: newGrants(c), names: map[string]bool{}, claimers: map[string]*grantee{}}
	for _, name := range []string{"default", "kube-node-lease", "kube-public", controlPlane} {
		m.names[name] = true // every cluster has it
	}
	for n := range c.Namespaces.All() {
		m.names[n.Name] = true
	}
	for a := range c.ServiceAccounts.All() {
		m.names[a.Namespace] = true
	}
	m.size = len(m.names) // what a grant names makes the cluster no larger, and no grant a smaller part of it
	for b := range c.RoleBindings.All() {
		m.names[b.Namespace] = true
	}
	for _, one := range m.order {
		home := one.who.HomeNamespace()
		if home != "" && !access.Complete(c, kube.Namespaces, "") {
			m.names[home] = true
		}
	}
	m.doors, m.wildcards, m.dangling, m.strays = m.wideDoors(), m.allWildcards(), m.allDangling(), m.allStrays()
	s := &Scopes{spaces: make(map[string]*Space, len(m.names)), other: m.space("")}
	for name := range m.names {
		s.spaces[name] = m.space(name)
	}
	return s
}

// measuring is what it takes to measure one namespace after the other.
type measuring struct {
	*grants
	names     map[string]bool // the namespaces that the view knows of
	size      int             // how many there are
	doors     []Door          // those of who has rights in every namespace
	wildcards map[string][]Wildcard
	dangling  map[string][]*access.Binding
	strays    map[string][]*grantee
	claimers  map[string]*grantee // by namespace; nil where nobody can claim
}

// everywhere stands for all namespaces: their ServiceAccounts have it by a group
// that they all are in.
const everywhere = ""

func (m *measuring) space(namespace string) *Space {
	s := &Space{
		Granted: m.bound[namespace] || len(m.resident[namespace])+len(m.ghosts[namespace]) > 0,
		Blast:   m.blast(namespace), Inbound: m.inbound(namespace), Unbounded: m.unbounded(namespace), Stale: m.stale(namespace),
		Unread: m.unreadOf(namespace),
	}
	if one := m.account(namespace, defaultAccount); one != nil && one.rights(namespace).danger() >= Major {
		s.Master = m.by(one, namespace)
	}
	return s
}

// unreadOf returns a binding of whose role nothing is known and that gives it to a
// ServiceAccount of a namespace; nil if there is none.
func (m *measuring) unreadOf(namespace string) *access.Binding {
	all := m.resident[namespace]
	if common := m.common(namespace); common != nil {
		all = append(slices.Clip(all), common)
	}
	for _, one := range all {
		if len(one.unread) > 0 {
			return one.unread[0]
		}
	}
	return nil
}

// concerned returns the namespaces that a binding counts in, each once: those of its
// ServiceAccounts, [everywhere] among them, and that of a RoleBinding itself.
func (g *grants) concerned(b *access.Binding) []string {
	var namespaces []string
	for _, s := range b.Subjects {
		if serverMade(b, s.Subject) || s.Kind == kube.ServiceAccounts.Kind && missing(g.view, s.Subject) {
			continue
		}
		home := s.HomeNamespace()
		switch {
		case home != "":
			namespaces = append(namespaces, home)
		case s.Name == access.GroupAuthenticated || s.Name == access.GroupServiceAccounts:
			namespaces = append(namespaces, everywhere)
		}
		if !b.Wide() && !ofPlatform(s.Subject) {
			namespaces = append(namespaces, b.Ref.Namespace)
		}
	}
	slices.Sort(namespaces)
	return slices.Compact(namespaces)
}

// firsts keeps the first and the second of many.
type firsts[T any] struct {
	all   []T
	order func(a, b T) int
}

func (f *firsts[T]) add(one T) {
	if i, _ := slices.BinarySearchFunc(f.all, one, f.order); i < 2 {
		f.all = slices.Insert(f.all, i, one)
		f.all = f.all[:min(len(f.all), 2)]
	}
}
