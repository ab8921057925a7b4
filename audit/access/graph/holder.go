package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// holder is a subject with what bindings grant it.
type holder struct {
	who    access.Subject
	vertex int32
	ghost  bool // a ServiceAccount that does not exist
	own    []bound
}

// bound is a binding as it grants something to a subject, or the role of one
// that an attacker would make.
type bound struct {
	binding   *access.Binding
	set       *ruleset
	namespace string // where it grants, "" for everywhere
}

func (h *holder) has(b *access.Binding) bool {
	return len(h.own) > 0 && h.own[len(h.own)-1].binding == b // listed twice
}

// person returns the holder of a subject.
func (b *build) person(s access.Subject) *holder {
	if h, ok := b.subjects[s]; ok {
		return h
	}
	h := &holder{who: s}
	b.subjects[s] = h
	b.order = append(b.order, h)
	return h
}

// shared returns what a subject has through groups that the API server puts it
// in.
func (b *build) shared(h *holder) []bound {
	var groups []string
	switch {
	case h.who.Kind == rbacv1.ServiceAccountKind:
		groups = access.ServiceAccount(h.who.Namespace, h.who.Name).Groups
	case h.who.Name == access.UserAnonymous:
		groups = []string{access.GroupUnauthenticated}
	case h.who.Name == access.GroupUnauthenticated || h.who.Name == access.GroupAuthenticated:
	default:
		groups = []string{access.GroupAuthenticated}
	}
	var all []bound
	for _, g := range groups {
		if of, ok := b.subjects[access.Subject{Kind: rbacv1.GroupKind, Name: g}]; ok {
			all = append(all, of.own...)
		}
	}
	return all
}

// proof is a rule that grants a right to a subject.
type proof struct {
	bound *bound
	entry *entry
}

// proofs are the rules by which a subject has each right in one namespace, or
// with "" everywhere.
type proofs struct {
	h         *holder
	namespace string
	own       int // how many of all are the subject's own
	all       []bound
	held      holds
}

// in gathers what a subject has in a namespace: what is granted there and what
// is granted everywhere.
func in(h *holder, shared []bound, namespace string) proofs {
	p := proofs{h: h, namespace: namespace}
	add := func(from []bound) {
		for i := range from {
			if from[i].namespace == "" || from[i].namespace == namespace {
				p.all = append(p.all, from[i])
				p.held.merge(&from[i].set.holds)
			}
		}
	}
	add(h.own)
	p.own = len(p.all)
	add(shared)
	return p
}

// of returns the rules that grant a right. Those of cluster-scoped things count
// only where they are granted everywhere.
func (p *proofs) of(r int) []proof {
	var found []proof
	for i := range p.all {
		at := &p.all[i]
		if !at.set.holds.has(r) || rights[r].wide && at.namespace != "" {
			continue
		}
		for j := range at.set.entries {
			e := &at.set.entries[j]
			if e.right == r && (!e.implied || at.namespace != "") {
				found = append(found, proof{at, e})
			}
		}
	}
	return found
}

// any is of for several rights of which one will do.
func (p *proofs) any(rights ...int) []proof {
	var found []proof
	for _, r := range rights {
		found = append(found, p.of(r)...)
	}
	return found
}

// concern reports whether a way belongs to this subject and this namespace: one
// of the grants is its own, and, within a namespace, one is of that namespace.
// Otherwise it is a way of a group, or one that is open everywhere.
func (p *proofs) concern(needed [][]proof) bool {
	own, local := false, p.namespace == ""
	for _, list := range needed {
		if len(list) == 0 {
			return false
		}
		for _, one := range list {
			own = own || slices.ContainsFunc(p.h.own, func(b bound) bool { return b.binding == one.bound.binding })
			local = local || one.bound.namespace != ""
		}
	}
	return own && local
}

// together adds the way to a target that needs a grant of each list. Of lists
// with one after the other there is a vertex between each two, which only this
// subject reaches: take all grants of one list away and the way is closed.
func (b *build) together(p *proofs, to int32, f *Family, needed ...[]proof) {
	for i := range needed {
		needed[i] = b.beside(needed[i], b.g.vertices[to].Namespace)
	}
	if !p.concern(needed) {
		return
	}
	b.chain(p.h.vertex, to, f, f.Cost, f.Confidence, needed...)
}

// beside leaves out the rules that grant everything in the namespace of a target:
// who has one has the target anyway.
func (b *build) beside(list []proof, namespace string) []proof {
	if namespace == "" {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(one proof) bool {
		return one.entry.implied && one.bound.namespace == namespace
	})
}

func (b *build) chain(from, to int32, f *Family, cost uint8, c Confidence, needed ...[]proof) {
	at := from
	for i, list := range needed {
		next := to
		if i < len(needed)-1 {
			next = b.partly(at, to, f, list)
		}
		for _, one := range list {
			b.edgeOf(at, next, f, b.grant(one), cost, c)
		}
		at, cost = next, 0
	}
}

// partly returns the vertex of who has some of what a way needs: all up to a list
// of grants.
func (b *build) partly(from, to int32, f *Family, list []proof) int32 {
	text := b.g.vertices[from].String() + " with "
	if b.g.vertices[from].Kind == Partly {
		text = b.g.vertices[from].Name + " and "
	}
	text += rights[list[0].entry.right].String()
	var name strings.Builder
	fmt.Fprintf(&name, "%s %s %d", text, f.ID, to)
	for _, one := range list { // which of the grants is no matter to who reads it
		fmt.Fprintf(&name, " %d", b.grant(one))
	}
	v, _ := b.vertex(key{Partly, strconv.Itoa(int(from)), name.String()}, b.g.vertices[from].Witness)
	b.g.vertices[v].Namespace, b.g.vertices[v].Name = b.g.vertices[from].Namespace, text
	return v
}

// grant returns the label of a rule as a binding grants it.
func (b *build) grant(p proof) int32 {
	if p.bound.binding.Ref.IsZero() { // a role that nobody is bound to yet
		return b.label(labelKey{object: p.bound.binding.Role, rule: p.entry.rule})
	}
	return b.label(labelKey{binding: p.bound.binding, rule: p.entry.rule})
}

// String returns what the right is, as rules have it: "create pods/exec".
func (r right) String() string {
	if r.prefix != "" {
		return r.prefix + "*"
	}
	if len(r.requests) == 0 {
		return "everything"
	}
	a := r.requests[0]
	text := a.Verb + " " + a.Resource
	if a.Subresource != "" {
		text += "/" + a.Subresource
	}
	if a.Name != "" {
		text += " " + a.Name
	}
	return text
}

// rulesets compiles the rules of roles, once for all roles that are alike.
type rulesets struct {
	minor   int
	known   map[*rbacv1.PolicyRule]*ruleset
	byRules map[string]*ruleset
	scratch []byte
}

func newRulesets(minor int) rulesets {
	return rulesets{minor: minor, known: map[*rbacv1.PolicyRule]*ruleset{}, byRules: map[string]*ruleset{}}
}

func (r *rulesets) of(rules []rbacv1.PolicyRule) *ruleset {
	if len(rules) == 0 {
		return &ruleset{}
	}
	if set, ok := r.known[&rules[0]]; ok {
		return set
	}
	r.scratch = r.scratch[:0]
	for i := range rules {
		for _, list := range [][]string{rules[i].Verbs, rules[i].APIGroups, rules[i].Resources, rules[i].ResourceNames, rules[i].NonResourceURLs} {
			for _, s := range list {
				r.scratch = append(append(r.scratch, s...), 0)
			}
			r.scratch = append(r.scratch, 1)
		}
	}
	set, ok := r.byRules[string(r.scratch)]
	if !ok {
		set = compile(rules, r.minor)
		r.byRules[string(r.scratch)] = set
	}
	r.known[&rules[0]] = set
	return set
}
