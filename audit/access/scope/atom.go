package scope

import (
	"math/bits"
	"slices"
	"sync"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// atom is the least that can be granted: a verb on a resource of the server, or on
// a part of it. Rights over custom resources are no atoms: what is defined differs
// by cluster, and the more it is, the less the same grant would be. Whom their
// controllers act for is a way that the attack graph has.
type atom struct {
	request access.Request
	weight  int  // how much harm there is in it
	local   bool // a RoleBinding can grant it
	danger  Danger
}

// Danger is what somebody has by a right, where it comes to bear.
type Danger uint8

// The dangers, from none.
const (
	None  Danger = iota
	Reads        // what is of little use to an attacker
	Minor        // writes, and reads of what programs know and say
	Major        // Secrets, and what decides on what runs
	Total        // code in what runs, or the identity of it
)

// kindOfAtom is the atoms of a resource, or of one of its subresources.
type kindOfAtom struct {
	request  access.Request // without a verb
	from, to int
}

// universe is all atoms. The set of them does not depend on the view: what one
// grant adds must not make another one less.
type universe struct {
	atoms  []atom
	kinds  []kindOfAtom
	local  bitset
	weight int               // of all atoms
	of     [Total + 1]bitset // by danger
	// What takes several rights: see [rights.danger] and [measuring.claimer].
	binds, writesBindings, escalates, writesRoles      bitset
	createsAccounts, actsAsAccounts, createsNamespaces bitset
}

var atoms = sync.OnceValue(func() *universe {
	u := &universe{}
	for _, r := range access.ServerResources() {
		u.add(r, "", verbsOf(r)...)
		for _, sub := range r.Subresources {
			u.add(r, sub, verbsOfPart(sub)...)
		}
	}
	words := (len(u.atoms) + 63) / 64
	u.local = make(bitset, words)
	for d := range u.of {
		u.of[d] = make(bitset, words)
	}
	for i := range u.atoms {
		a := &u.atoms[i]
		u.weight += a.weight
		u.of[a.danger].set(i)
		if a.local {
			u.local.set(i)
		}
	}
	u.binds, u.writesBindings = u.where(bindsRoles), u.where(writesBindings)
	u.escalates, u.writesRoles = u.where(escalatesRoles), u.where(writesRoles)
	u.createsAccounts, u.actsAsAccounts = u.where(createsAccounts), u.where(actsAsAccounts)
	u.createsNamespaces = u.where(createsNamespaces)
	return u
})

// where returns the atoms of some requests.
func (u *universe) where(is func(access.Request) bool) bitset {
	found := make(bitset, len(u.local))
	for i := range u.atoms {
		if is(u.atoms[i].request) {
			found.set(i)
		}
	}
	return found
}

func (u *universe) add(r access.APIResource, sub string, verbs ...string) {
	k := kindOfAtom{request: access.Request{Group: r.Group, Resource: r.Plural, Subresource: sub}, from: len(u.atoms)}
	for _, verb := range verbs {
		// In which namespace a request counts tells who can grant it.
		asked := r.Request(verb, sub, "here", "here")
		weight, danger := weigh(r.Group, r.Plural, sub, verb)
		u.atoms = append(u.atoms, atom{
			request: access.Request{Verb: verb, Group: r.Group, Resource: r.Plural, Subresource: sub},
			weight:  weight, danger: danger, local: asked.Namespace != "",
		})
	}
	k.to = len(u.atoms)
	u.kinds = append(u.kinds, k)
}

func verbsOf(r access.APIResource) []string {
	switch {
	case r.Group == rbacv1.GroupName && (r.Plural == "roles" || r.Plural == "clusterroles"):
		return append(slices.Clone(crud), "bind", "escalate")
	case r.Group == "" && r.Plural == "serviceaccounts":
		return append(slices.Clone(crud), "impersonate")
	case r.Group == "" && (r.Plural == "users" || r.Plural == "groups"), r.Group == "authentication.k8s.io" && (r.Plural == "uids" || r.Plural == "userextras"):
		return []string{"impersonate"}
	case r.Plural == "signers":
		return []string{"approve", "sign", "attest"}
	case r.Kind == "":
		return nil // names of constrained impersonation, which the graph knows
	case r.Group == "authorization.k8s.io", r.Group == "authentication.k8s.io", r.Plural == "bindings":
		return []string{"create"}
	}
	return crud
}

var crud = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}

func verbsOfPart(sub string) []string {
	switch sub {
	case "exec", "attach", "portforward":
		return []string{"get", "create"}
	case "proxy":
		return []string{"get", "create", "update", "patch", "delete"}
	case "eviction", "binding", "token", "checkpoint":
		return []string{"create"}
	case "log", "metrics", "stats", "spec", "healthz", "configz", "pods", "driver":
		return []string{"get"}
	}
	return []string{"get", "update", "patch"}
}

// bitset is a set of atoms.
type bitset []uint64

func (b bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) none() bool {
	for _, word := range b {
		if word != 0 {
			return false
		}
	}
	return true
}

func (b bitset) meets(other bitset) bool {
	for i, word := range b {
		if word&other[i] != 0 {
			return true
		}
	}
	return false
}

// rights are what rules allow: atoms over all objects, and over some by their
// names. Rules that cover each other have the same rights, however they are
// written and spread over roles.
type rights struct{ free, named bitset }

func noRights() *rights {
	words := len(atoms().local)
	return &rights{make(bitset, words), make(bitset, words)}
}

func (r *rights) none() bool { return r == nil || r.free.none() && r.named.none() }

// and returns what two have together; either may be nil.
func (r *rights) and(other *rights) *rights {
	switch {
	case r == nil || r == other:
		return other
	case other == nil:
		return r
	}
	both := noRights()
	for i := range both.free {
		both.free[i] = r.free[i] | other.free[i]
		both.named[i] = r.named[i] | other.named[i]
	}
	return both
}

// within returns what a RoleBinding grants of the rights.
func (r *rights) within() *rights {
	part := noRights()
	for i, word := range atoms().local {
		part.free[i], part.named[i] = r.free[i]&word, r.named[i]&word
	}
	return part
}

// tenths returns the weight of the rights in tenths: over single objects they
// weigh one.
func (r *rights) tenths() int {
	if r == nil {
		return 0
	}
	u, sum := atoms(), 0
	for i, word := range r.free {
		for free := word; free != 0; free &= free - 1 {
			sum += 10 * u.atoms[64*i+bits.TrailingZeros64(free)].weight
		}
		for named := r.named[i] &^ word; named != 0; named &= named - 1 {
			sum += u.atoms[64*i+bits.TrailingZeros64(named)].weight
		}
	}
	return sum
}

// may reports whether the rights have one of some atoms over all objects.
func (r *rights) may(any bitset) bool { return r != nil && r.free.meets(any) }

// danger returns the worst that somebody has by the rights. Over single objects it
// is one less. To write bindings or roles is nothing without the verb that goes
// with it, nor that verb without the writing.
func (r *rights) danger() Danger {
	if r == nil {
		return None
	}
	u := atoms()
	if r.may(u.binds) && r.may(u.writesBindings) || r.may(u.escalates) && r.may(u.writesRoles) {
		return Total
	}
	for d := Total; d > None; d-- {
		if r.free.meets(u.of[d]) || d < Total && r.named.meets(u.of[d+1]) {
			return d
		}
	}
	if r.named.meets(u.of[Reads]) {
		return Reads
	}
	return None
}

func bindsRoles(r access.Request) bool     { return r.Verb == "bind" }
func escalatesRoles(r access.Request) bool { return r.Verb == "escalate" }

func writesBindings(r access.Request) bool {
	return (r.Resource == "rolebindings" || r.Resource == "clusterrolebindings") && isWrite(r.Verb)
}

func writesRoles(r access.Request) bool {
	return (r.Resource == "roles" || r.Resource == "clusterroles") && isWrite(r.Verb)
}

func isRead(verb string) bool  { return verb == "get" || verb == "list" || verb == "watch" }
func isWrite(verb string) bool { return verb == "create" || verb == "update" || verb == "patch" }

// compiler finds the rights of rules, once for all roles that are alike.
type compiler struct {
	known map[*rbacv1.PolicyRule]*rights
	alike map[string]*rights
	key   []byte
}

func newCompiler() *compiler {
	return &compiler{known: map[*rbacv1.PolicyRule]*rights{}, alike: map[string]*rights{}}
}

// of returns the rights of rules, nil if there are none but what everybody has.
func (c *compiler) of(rules []rbacv1.PolicyRule) *rights {
	if len(rules) == 0 {
		return nil
	}
	if r, ok := c.known[&rules[0]]; ok {
		return r
	}
	c.key = c.key[:0]
	for i := range rules {
		for _, list := range [...][]string{rules[i].Verbs, rules[i].APIGroups, rules[i].Resources, rules[i].ResourceNames, rules[i].NonResourceURLs} {
			for _, s := range list {
				c.key = append(append(c.key, s...), 0)
			}
			c.key = append(c.key, 1)
		}
	}
	r, ok := c.alike[string(c.key)]
	if !ok {
		r = rightsOf(rules)
		c.alike[string(c.key)] = r
	}
	c.known[&rules[0]] = r
	return r
}

func rightsOf(rules []rbacv1.PolicyRule) *rights {
	r := noRights()
	for i := range rules {
		if len(rules[i].Resources) > 0 && !Harmless(rules[i:i+1]) {
			r.take(&rules[i])
		}
	}
	if r.none() {
		return nil
	}
	return r
}

// take adds what one rule allows. A name is in no request to create an object, or
// to delete many.
func (r *rights) take(rule *rbacv1.PolicyRule) {
	u, free, any := atoms(), *rule, *rule
	free.ResourceNames, any.ResourceNames, any.Verbs = nil, nil, []string{rbacv1.VerbAll}
	named := len(rule.ResourceNames) > 0
	for _, k := range u.kinds {
		if !access.Allows(&any, k.request) {
			continue
		}
		for i := k.from; i < k.to; i++ {
			verb := u.atoms[i].request.Verb
			switch {
			case !access.Allows(&free, u.atoms[i].request):
			case !named:
				r.free.set(i)
			case verb != "deletecollection" && (verb != "create" || k.request.Subresource != ""):
				r.named.set(i)
			}
		}
	}
}
