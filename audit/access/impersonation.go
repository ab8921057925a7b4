package access

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	fieldvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Impersonation is whom a request wants to be, as its Impersonate headers say.
type Impersonation struct {
	// User is mandatory: nobody becomes a group alone.
	User   string
	Groups []string
	UID    string
	// Extra are the values by key, in lower case.
	Extra map[string][]string
}

const (
	groupAuthentication = "authentication.k8s.io"
	nodeUserPrefix      = "system:node:"
	groupNodes          = "system:nodes"

	// minorConstrained is the minor version that lets impersonation be granted for
	// single verbs (KEP-5284, ConstrainedImpersonation, on since 1.36).
	minorConstrained = 36
	// manyChecks is how many groups or extra values it takes for the server to ask
	// for all at once first, by the name "*".
	manyChecks = 4
)

// Way is one way to be allowed to impersonate.
type Way struct {
	Demand Demand
	// Mode is that of KEP-5284, "" for the verb impersonate alone.
	Mode string
	// OwnNode marks the way that only a ServiceAccount has whose token is bound to a
	// pod on the node that it wants to be, which no rule says.
	OwnNode bool
}

// Ways returns the ways to be allowed to do a request as somebody else, in the order
// in which the server tries them: one is enough. What the other may do is another question, for [Impersonation.Identity].
// Minor is the minor version of the server, 0 if it is not known: then a new one is
// assumed. There is no way without a user.
func (i Impersonation) Ways(on Request, minor int) []Way {
	if i.User == "" {
		return nil
	}
	legacy := Way{Demand: i.demand("impersonate", false)}
	if minor > 0 && minor < minorConstrained {
		return []Way{legacy}
	}
	var ways []Way
	for _, mode := range i.modes() {
		if mode == modeUser && (slices.Contains(i.Groups, GroupMasters) || slices.Contains(i.Groups, "") || !i.validExtra()) {
			continue
		}
		doing := on
		doing.Verb = "impersonate-on:" + mode + ":" + on.Verb
		d := append(Demand{{doing}}, i.demand("impersonate:"+mode, true)...)
		if mode == modeOwnNode {
			d[1][0].Name = all // for whichever node the token is bound to
		}
		ways = append(ways, Way{Demand: d, Mode: mode, OwnNode: mode == modeOwnNode})
	}
	return append(ways, legacy)
}

// The modes of constrained impersonation.
const (
	modeOwnNode = "associated-node"
	modeNode    = "arbitrary-node"
	modeAccount = "serviceaccount"
	modeUser    = "user-info"
)

// modes returns the modes that fit who is wanted: nodes and ServiceAccounts, whose
// groups are fixed, have theirs.
func (i Impersonation) modes() []string {
	plain := len(i.Groups) == 0 && i.UID == "" && len(i.Extra) == 0
	_, node := nodeOfUser(i.User)
	_, _, account := accountImpersonated(i.User)
	switch {
	case node && plain:
		return []string{modeOwnNode, modeNode}
	case account && plain:
		return []string{modeAccount}
	case node || account:
		return nil
	}
	return []string{modeUser}
}

// demand returns what it takes to have each of the wanted values. The constrained
// verbs are asked for in a group of their own, and of nodes by their names.
func (i Impersonation) demand(verb string, constrained bool) Demand {
	group := ""
	if constrained {
		group = groupAuthentication
	}
	who := Request{Verb: verb, Group: group, Resource: "users", Name: i.User}
	if node, ok := nodeOfUser(i.User); ok && constrained {
		who.Resource, who.Name = "nodes", node
	}
	if namespace, name, ok := accountImpersonated(i.User); ok {
		who.Resource, who.Namespace, who.Name = "serviceaccounts", namespace, name
	}
	d := Demand{{who}}
	if i.UID != "" {
		d = append(d, []Request{{Verb: verb, Group: groupAuthentication, Resource: "uids", Name: i.UID}})
	}
	ask := func(many bool, r Request) {
		part := []Request{r}
		if constrained && many {
			every := r
			every.Name = all
			if r.Resource == "userextras" {
				every.Subresource = all
			}
			part = append(part, every)
		}
		d = append(d, part)
	}
	for _, name := range i.Groups {
		ask(len(i.Groups) >= manyChecks, Request{Verb: verb, Group: group, Resource: "groups", Name: name})
	}
	keys := make([]string, 0, len(i.Extra))
	values := 0
	for key := range i.Extra {
		keys = append(keys, key)
		values += len(i.Extra[key])
	}
	slices.Sort(keys)
	for _, key := range keys {
		for _, value := range i.Extra[key] {
			ask(len(keys) >= manyChecks || values >= manyChecks, Request{
				Verb: verb, Group: groupAuthentication, Resource: "userextras", Subresource: key, Name: value,
			})
		}
	}
	return d
}

// validExtra reports whether the constrained modes take the extra values: they
// refuse what the verb impersonate has always let pass.
func (i Impersonation) validExtra() bool {
	for key, values := range i.Extra {
		domain := len(fieldvalidation.IsDomainPrefixedPath(field.NewPath("key"), key)) == 0
		if !domain || key != strings.ToLower(key) || len(values) == 0 || slices.Contains(values, "") {
			return false
		}
	}
	return true
}

// Identity returns who the server takes the request to come from once it lets the
// impersonation pass: in the groups that were asked for and those that nobody
// chooses. A ServiceAccount without groups is in its own, a node only if a
// constrained mode let it pass.
func (i Impersonation) Identity(mode string) Identity {
	id := Identity{Subject: userSubject(i.User), Groups: slices.Clone(i.Groups)}
	if namespace, _, ok := accountImpersonated(i.User); ok && len(i.Groups) == 0 {
		id.Groups = []string{GroupServiceAccounts, accountGroupPrefix + namespace}
	}
	if mode == modeNode || mode == modeOwnNode {
		id.Groups = []string{groupNodes}
	}
	implicit := GroupAuthenticated
	switch {
	case i.User == UserAnonymous:
		implicit = GroupUnauthenticated
	case slices.Contains(id.Groups, GroupUnauthenticated):
		return id
	}
	if !slices.Contains(id.Groups, implicit) {
		id.Groups = append(id.Groups, implicit)
	}
	return id
}

// userSubject returns the subject that a user name is.
func userSubject(user string) Subject {
	s, _ := SubjectOf(rbacv1.Subject{Kind: rbacv1.UserKind, Name: user}, "")
	return s
}

// nodeOfUser returns the node whose kubelet a user name is.
func nodeOfUser(user string) (string, bool) {
	name, ok := strings.CutPrefix(user, nodeUserPrefix)
	return name, ok && len(validation.NameIsDNSSubdomain(name, false)) == 0
}

// accountImpersonated returns the ServiceAccount that a user name is: here, and
// nowhere else, the server looks whether its parts are names that can be.
func accountImpersonated(user string) (namespace, name string, ok bool) {
	namespace, name, ok = accountOfUser(user)
	return namespace, name, ok &&
		len(validation.ValidateNamespaceName(namespace, false)) == 0 &&
		len(validation.ValidateServiceAccountName(name, false)) == 0
}
