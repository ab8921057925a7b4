package scope

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// Blast is the largest share that a ServiceAccount of a namespace has of what can
// be granted in the cluster, each right weighted by the harm that it can do.
type Blast struct {
	Extent float64
	// Most are those with the largest shares, two at the most.
	Most []Share
}

// Share is how much somebody has.
type Share struct {
	Who    access.Subject // a ServiceAccount, or a group that all of them are in
	Extent float64
	// Binding gives the worst of it, beside More others; nil for who has nothing.
	Binding *access.Binding
	More    int

	one *grantee
}

func compareShares(a, b Share) int {
	return cmp.Or(cmp.Compare(b.Extent, a.Extent), access.CompareSubjects(a.Who, b.Who))
}

func (m *measuring) blast(namespace string) Blast {
	most, common := firsts[Share]{order: compareShares}, m.common(namespace)
	for _, one := range m.resident[namespace] {
		most.add(m.share(one.with(common)))
	}
	if common != nil {
		most.add(m.share(common))
	}
	found := Blast{}
	for i, s := range most.all {
		if i == 0 {
			found.Extent = s.Extent
		}
		found.Most = append(found.Most, m.explained(s, namespace))
	}
	return found
}

// share returns what part of all there is to be granted a grantee has: in each
// namespace what it has there, and of what is in none what it has at all.
func (m *measuring) share(one *grantee) Share {
	sum := one.wide.tenths() * (m.size - len(one.in))
	for namespace := range one.in {
		sum += one.rights(namespace).tenths()
	}
	return Share{Who: one.who, Extent: min(1, float64(sum)/float64(10*atoms().weight*m.size)), one: one}
}

// explained says by which bindings somebody has a share. What is kept must not hold
// all that was gathered.
func (m *measuring) explained(s Share, namespace string) Share {
	one := s.one
	s.Binding, s.More, s.one = m.by(one, namespace), max(0, len(one.bindings)-1), nil
	if s.Binding == nil && len(one.bindings) > 0 {
		s.Binding = one.bindings[0]
	}
	return s
}
