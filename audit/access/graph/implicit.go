package graph

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways through groups that the API server puts requesters in.
var (
	anonymousGrant = &Family{
		ID: "ANONYMOUS_GRANT", Title: "Something is granted to who says not who they are",
		Story: "{from} is {to} to the API server",
		Cost:  0, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/authentication, Anonymous requests",
	}
	authenticatedGrant = &Family{
		ID: "AUTHENTICATED_GRANT", Title: "Something is granted to everybody with an account",
		Story: "{from} is in {to}, as is everybody who said who they are",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "k8s.io/apiserver/pkg/authentication/group, AuthenticatedGroupAdder",
	}
	allAccountsGrant = &Family{
		ID: "ALL_SA_GRANT", Title: "Something is granted to all ServiceAccounts",
		Story: "{from} is in {to}, as is every ServiceAccount",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Referring to subjects",
	}
	namespaceAccountsGrant = &Family{
		ID: "NS_SA_GRANT", Title: "Something is granted to all ServiceAccounts of a namespace",
		Story: "{from} is in {to}, as is every ServiceAccount of its namespace",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Referring to subjects",
	}
	nodesGroup = &Family{
		ID: "NODES_GROUP_GRANT", Title: "Something is granted to all nodes",
		Story: "{from} is in {to}, beside what the Node authorizer lets it do",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/node",
	}
)

var implicitFamilies = []*Family{anonymousGrant, authenticatedGrant, allAccountsGrant, namespaceAccountsGrant, nodesGroup}

func accountSubject(namespace, name string) access.Subject {
	return access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}
}

// memberships joins subjects to the groups that they are in without being
// listed: a ServiceAccount to the nearest of its groups that a binding names, and
// that to the next.
func (b *build) memberships() {
	everybody, _ := b.find(Group, "", access.GroupAuthenticated)
	accounts, named := b.find(Group, "", access.GroupServiceAccounts)
	if !named {
		accounts, _ = b.vertex(key{Group, "", access.GroupServiceAccounts}, kube.Ref{})
	}
	b.edge(accounts, everybody, authenticatedGrant, None)
	for _, namespace := range sortedKeys(b.accountsIn) {
		group, has := b.find(Group, "", access.GroupServiceAccounts+":"+namespace)
		if has {
			b.edge(group, accounts, allAccountsGrant, None)
		}
		for _, v := range b.accountsIn[namespace] {
			if has {
				b.edge(v, group, namespaceAccountsGrant, None)
			} else {
				b.edge(v, accounts, allAccountsGrant, None)
			}
		}
	}
	for _, v := range b.users {
		if b.g.vertices[v].Name == access.UserAnonymous {
			if group, ok := b.find(Group, "", access.GroupUnauthenticated); ok {
				b.edge(v, group, anonymousGrant, None)
			}
			continue
		}
		b.edge(v, everybody, authenticatedGrant, None)
	}
	for _, v := range b.groups {
		name := b.g.vertices[v].Name
		if name != access.GroupUnauthenticated && (&access.Subject{Kind: rbacv1.GroupKind, Name: name}).HomeNamespace() == "" {
			b.edge(v, everybody, authenticatedGrant, None)
		}
	}
}
