package graph

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// Ways of who may act as somebody else.
var (
	impersonateUser = &Family{
		ID: "IMPERSONATE_USER", Title: "Users can be impersonated",
		Story: "{from} may act as {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/user-impersonation",
	}
	impersonateGroup = &Family{
		ID: "IMPERSONATE_GROUP", Title: "Groups can be impersonated, with a user or ServiceAccount",
		Story: "{from} may act as somebody of its choice in {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "k8s.io/apiserver/pkg/endpoints/filters/impersonation: a group without a user is refused",
	}
	impersonateAccount = &Family{
		ID: "IMPERSONATE_SA", Title: "ServiceAccounts can be impersonated",
		Story: "{from} may act as {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/user-impersonation",
	}
	impersonateNode = &Family{
		ID: "IMPERSONATE_NODE", Title: "Nodes can be impersonated",
		Story: "{from} may act as {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/node; KEP-5284",
	}
	assumeUser = &Family{
		ID: "IMPERSONATE_CONSTRAINED_USER", Title: "Users and groups can be impersonated for some requests",
		Story: "{from} may act as {to} for the requests that it is allowed so ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "KEP-5284, constrained impersonation",
	}
	assumeAccount = &Family{
		ID: "IMPERSONATE_CONSTRAINED_SA", Title: "ServiceAccounts can be impersonated for some requests",
		Story: "{from} may act as {to} for the requests that it is allowed so ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "KEP-5284, constrained impersonation",
	}
)

var impersonationFamilies = []*Family{
	impersonateUser, impersonateGroup, impersonateAccount, impersonateNode, assumeUser, assumeAccount,
}

// impersonation adds the ways that need more than one header of impersonation.
func (b *build) impersonation(p *proofs) {
	b.assume(p, b.hub(ServiceAccounts, p.namespace), assumeAccount, p.of(assumeAccounts), p.of(assumeAccountsOn))
	if p.namespace != "" {
		b.borrow(p)
		return
	}
	user := slices.Concat(p.of(impersonateUsers), p.of(impersonateAccounts))
	for _, group := range p.of(impersonateGroups) {
		if len(group.entry.names) == 0 {
			b.together(p, b.hub(AnyGroup, ""), impersonateGroup, user, []proof{group})
		}
		for _, name := range group.entry.names {
			if v, ok := b.find(Group, "", name); ok {
				b.together(p, v, impersonateGroup, user, []proof{group})
			}
		}
	}
	b.impersonateNodes(p)
	on := p.of(assumeUsersOn)
	b.assume(p, b.hub(AnyUser, ""), assumeUser, p.of(assumeUsers), on)
	b.assume(p, b.hub(AnyGroup, ""), assumeUser, p.of(assumeUsers), p.of(assumeGroups), on)
	b.eachPool(func(pool int) {
		b.assume(p, b.node(ChosenNodeIdentity, pool), impersonateNode, p.of(assumeNodes), p.of(assumeNodesOn))
	})
}

// borrow adds the way of who may name a ServiceAccount of one namespace and any
// group: the header of the user is allowed there, that of the group everywhere.
func (b *build) borrow(p *proofs) {
	for _, group := range p.of(impersonateGroups) {
		to := []string{access.GroupMasters}
		if len(group.entry.names) > 0 {
			to = group.entry.names
		}
		for _, name := range to {
			if v, ok := b.find(Group, "", name); ok {
				b.together(p, v, impersonateGroup, p.of(impersonateAccounts), []proof{group})
			}
		}
	}
}

// assume adds a way of constrained impersonation where the names are free.
func (b *build) assume(p *proofs, to int32, f *Family, needed ...[]proof) {
	for i := range needed {
		needed[i] = over(needed[i], "")
	}
	b.together(p, to, f, needed...)
}

// impersonateNodes adds the way of who may name nodes one by one: who may name any
// user and any group has a shorter one.
func (b *build) impersonateNodes(p *proofs) {
	groups := over(p.of(impersonateGroups), "system:nodes")
	for _, user := range p.of(impersonateUsers) {
		for _, name := range user.entry.names {
			node, ok := strings.CutPrefix(name, "system:node:")
			if pool, known := b.in.named.nodes[node]; ok && known {
				b.together(p, b.node(NodeIdentity, pool), impersonateNode, []proof{user}, groups)
			}
		}
	}
}
