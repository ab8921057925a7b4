package graph

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// right is one thing that a rule of a role may allow and that a way needs. The
// requests of a right are alternatives: any one will do.
type right struct {
	requests []access.Request
	// wide rights are over what belongs to no namespace: a RoleBinding never
	// grants them.
	wide bool
	// unnamed requests name no object, so that a rule with resourceNames grants
	// them only to who may also patch: server-side apply creates what is missing
	// by its name (KEP-555).
	unnamed bool
	// prefix is set instead of requests where any verb that begins so will do.
	prefix string
	// before is the first minor version that no longer honours the right, 0 for none;
	// since is the first that does.
	before, since int
}

// The rights that ways need, by place in [rights].
const (
	everything = iota
	createPods
	createWorkloads
	patchWorkloads
	execPods
	execPodsByGet
	attachPods
	attachPodsByGet
	patchEphemeral
	patchPods
	readLogs
	listSecrets
	getSecrets
	createSecrets
	patchSecrets
	createTokens
	createAccounts
	patchConfigMaps
	createRoleBindings
	patchRoleBindings
	patchRoles
	escalateRoles
	bindRoles
	bindClusterRoles
	patchNamespaces
	impersonateAccounts
	impersonateUsers
	impersonateGroups
	assumeUsers
	assumeUsersOn
	assumeGroups
	assumeAccounts
	assumeAccountsOn
	assumeNodes
	assumeNodesOn
	createClusterRoleBindings
	patchClusterRoleBindings
	createClusterRoles
	patchClusterRoles
	escalateClusterRoles
	proxyNodes
	readNodeLogs
	createVolumes
	createNamespaces
	createRequests
	approveRequests
	approveClients
	approveKubelets
	requestAsNode
	createMutatingWebhooks
	patchMutatingWebhooks
	createValidatingWebhooks
	patchValidatingWebhooks
	writeMutatingPolicies
	writeMutatingBindings
	writeAPIServices
	usePrivilegedConstraints
	firstDeputy // and one for each of the deputies
)

const rbacGroup = rbacv1.GroupName

// rights are the definitions, the deputies last.
var rights = append([]right{
	everything:                {},
	createPods:                unnamed(ask("", "pods", "", "create")),
	createWorkloads:           unnamed(workloadRequests("create")),
	patchWorkloads:            named(withTemplates(workloadRequests("update", "patch"))),
	execPods:                  named(ask("", "pods", "exec", "create")),
	execPodsByGet:             {requests: ask("", "pods", "exec", "get"), before: 35},
	attachPods:                named(ask("", "pods", "attach", "create")),
	attachPodsByGet:           {requests: ask("", "pods", "attach", "get"), before: 35},
	patchEphemeral:            named(ask("", "pods", "ephemeralcontainers", "update", "patch")),
	patchPods:                 named(ask("", "pods", "", "update", "patch")),
	readLogs:                  named(ask("", "pods", "log", "get")),
	listSecrets:               named(ask("", "secrets", "", "list", "watch", "deletecollection")),
	getSecrets:                named(ask("", "secrets", "", "get", "patch")),
	createSecrets:             unnamed(ask("", "secrets", "", "create")),
	patchSecrets:              named(ask("", "secrets", "", "update", "patch")),
	createTokens:              named(ask("", "serviceaccounts", "token", "create")),
	createAccounts:            unnamed(ask("", "serviceaccounts", "", "create")),
	patchConfigMaps:           named(ask("", "configmaps", "", "update", "patch")),
	createRoleBindings:        unnamed(ask(rbacGroup, "rolebindings", "", "create")),
	patchRoleBindings:         named(ask(rbacGroup, "rolebindings", "", "update", "patch")),
	patchRoles:                named(ask(rbacGroup, "roles", "", "update", "patch")),
	escalateRoles:             named(ask(rbacGroup, "roles", "", "escalate")),
	bindRoles:                 named(ask(rbacGroup, "roles", "", "bind")),
	bindClusterRoles:          named(ask(rbacGroup, "clusterroles", "", "bind")),
	patchNamespaces:           named(labelRequests()),
	impersonateAccounts:       named(ask("", "serviceaccounts", "", "impersonate")),
	impersonateUsers:          ofCluster(ask("", "users", "", "impersonate")),
	impersonateGroups:         ofCluster(ask("", "groups", "", "impersonate")),
	assumeUsers:               {requests: ask("authentication.k8s.io", "users", "", "impersonate:user-info"), wide: true, since: 36},
	assumeUsersOn:             {prefix: "impersonate-on:user-info:", wide: true, since: 36},
	assumeGroups:              {requests: ask("authentication.k8s.io", "groups", "", "impersonate:user-info"), wide: true, since: 36},
	assumeAccounts:            {requests: ask("authentication.k8s.io", "serviceaccounts", "", "impersonate:serviceaccount"), since: 36},
	assumeAccountsOn:          {prefix: "impersonate-on:serviceaccount:", since: 36},
	assumeNodes:               {requests: ask("authentication.k8s.io", "nodes", "", "impersonate:arbitrary-node"), wide: true, since: 36},
	assumeNodesOn:             {prefix: "impersonate-on:arbitrary-node:", wide: true, since: 36},
	createClusterRoleBindings: {requests: ask(rbacGroup, "clusterrolebindings", "", "create"), wide: true, unnamed: true},
	patchClusterRoleBindings:  ofCluster(ask(rbacGroup, "clusterrolebindings", "", "update", "patch")),
	createClusterRoles:        {requests: ask(rbacGroup, "clusterroles", "", "create"), wide: true, unnamed: true},
	patchClusterRoles:         ofCluster(ask(rbacGroup, "clusterroles", "", "update", "patch")),
	escalateClusterRoles:      ofCluster(ask(rbacGroup, "clusterroles", "", "escalate")),
	proxyNodes:                ofCluster(ask("", "nodes", "proxy", "get", "create")),
	readNodeLogs:              ofCluster(ask("", "nodes", "log", "get")),
	createVolumes:             {requests: ask("", "persistentvolumes", "", "create"), wide: true, unnamed: true},
	createNamespaces:          {requests: ask("", "namespaces", "", "create"), wide: true, unnamed: true},
	createRequests:            {requests: ask(certificatesGroup, "certificatesigningrequests", "", "create"), wide: true, unnamed: true},
	approveRequests:           ofCluster(ask(certificatesGroup, "certificatesigningrequests", "approval", "update", "patch")),
	approveClients:            ofCluster(signedBy("kubernetes.io/kube-apiserver-client")),
	approveKubelets:           ofCluster(signedBy("kubernetes.io/kube-apiserver-client-kubelet")),
	requestAsNode:             ofCluster(ask(certificatesGroup, "certificatesigningrequests", "nodeclient", "create")),
	createMutatingWebhooks:    {requests: ask(admissionGroup, "mutatingwebhookconfigurations", "", "create"), wide: true, unnamed: true},
	patchMutatingWebhooks:     ofCluster(ask(admissionGroup, "mutatingwebhookconfigurations", "", "update", "patch")),
	createValidatingWebhooks:  {requests: ask(admissionGroup, "validatingwebhookconfigurations", "", "create"), wide: true, unnamed: true},
	patchValidatingWebhooks:   ofCluster(ask(admissionGroup, "validatingwebhookconfigurations", "", "update", "patch")),
	writeMutatingPolicies:     {requests: ask(admissionGroup, "mutatingadmissionpolicies", "", writes...), wide: true, since: 36},
	writeMutatingBindings:     {requests: ask(admissionGroup, "mutatingadmissionpolicybindings", "", writes...), wide: true, since: 36},
	writeAPIServices:          ofCluster(ask("apiregistration.k8s.io", "apiservices", "", writes...)),
	usePrivilegedConstraints:  named(constraintRequests()),
}, deputyRights()...)

const (
	certificatesGroup = "certificates.k8s.io"
	admissionGroup    = "admissionregistration.k8s.io"
)

var writes = []string{"create", "update", "patch"}

// ask returns the requests of several verbs for a resource.
func ask(group, resource, subresource string, verbs ...string) []access.Request {
	requests := make([]access.Request, len(verbs))
	for i, verb := range verbs {
		requests[i] = access.Request{Verb: verb, Group: group, Resource: resource, Subresource: subresource}
	}
	return requests
}

func named(requests []access.Request) right { return right{requests: requests} }

func unnamed(requests []access.Request) right { return right{requests: requests, unnamed: true} }

func ofCluster(requests []access.Request) right { return right{requests: requests, wide: true} }

func workloadRequests(verbs ...string) []access.Request {
	return slices.Concat(
		ask("apps", "deployments", "", verbs...), ask("apps", "daemonsets", "", verbs...),
		ask("apps", "statefulsets", "", verbs...), ask("apps", "replicasets", "", verbs...),
		ask("batch", "jobs", "", verbs...), ask("batch", "cronjobs", "", verbs...),
		ask("", "replicationcontrollers", "", verbs...),
	)
}

// withTemplates leaves out Jobs: what they say of a pod cannot be changed, but for
// where it runs while they are suspended (KEP-2926).
func withTemplates(requests []access.Request) []access.Request {
	return slices.DeleteFunc(requests, func(r access.Request) bool { return r.Resource == "jobs" })
}

// labelRequests are those that change the labels of a Namespace. Its subresources
// take them, too: they keep the spec or the status as it was and nothing else
// (k8s.io/kubernetes/pkg/registry/core/namespace, strategy.go).
func labelRequests() []access.Request {
	return slices.Concat(
		ask("", "namespaces", "", "update", "patch"), ask("", "namespaces", "status", "update", "patch"), ask("", "namespaces", "finalize", "update"),
	)
}

// signedBy returns the requests by which the API server decides who may approve
// for a signer: its name, then all of its domain
// (k8s.io/kubernetes/pkg/registry/certificates, IsAuthorizedForSignerName).
func signedBy(signer string) []access.Request {
	domain, _, _ := strings.Cut(signer, "/")
	requests := ask(certificatesGroup, "signers", "", "approve", "approve")
	requests[0].Name, requests[1].Name = signer, domain+"/*"
	return requests
}

// entry is a rule of a role that grants a right.
type entry struct {
	right int
	rule  int32
	names []string // resourceNames, where the right is of named objects; nil for any
	// implied entries come from a rule that grants everything.
	implied bool
}

// holds is a set of rights.
type holds [2]uint64

func (h *holds) add(r int)              { h[r/64] |= 1 << (r % 64) }
func (h *holds) has(r int) bool         { return h[r/64]&(1<<(r%64)) != 0 }
func (h *holds) merge(other *holds)     { h[0] |= other[0]; h[1] |= other[1] }
func (h *holds) overlaps(o *holds) bool { return h[0]&o[0]|h[1]&o[1] != 0 }

// ruleset is what the rules of a role grant of what ways need.
type ruleset struct {
	entries []entry // by rule, then right
	holds   holds
}

// compile finds the rights that rules grant on a server of a minor version, 0
// if that is not known: then as a new one does.
func compile(rules []rbacv1.PolicyRule, minor int) *ruleset {
	set := &ruleset{}
	for i := range rules {
		rule := &rules[i]
		if len(rule.Resources) == 0 {
			continue
		}
		total := isTotal(rule)
		if total {
			set.add(entry{right: everything, rule: int32(i)}) //nolint:gosec // a role has few rules
		}
		whole := *rule
		whole.ResourceNames = nil
		for r := everything + 1; r < len(rights); r++ {
			if names, ok := rights[r].grantedBy(rule, &whole, minor); ok {
				set.add(entry{right: r, rule: int32(i), names: names, implied: total}) //nolint:gosec // a role has few rules
			}
		}
	}
	return set
}

func (s *ruleset) add(e entry) {
	s.entries = append(s.entries, e)
	s.holds.add(e.right)
}

// isTotal reports whether a rule grants every verb on everything.
func isTotal(rule *rbacv1.PolicyRule) bool {
	return slices.Contains(rule.Verbs, rbacv1.VerbAll) && slices.Contains(rule.APIGroups, rbacv1.APIGroupAll) &&
		slices.Contains(rule.Resources, rbacv1.ResourceAll) && len(rule.ResourceNames) == 0
}

// grantedBy reports whether a rule grants the right, and for which names if not
// for all. Whole is the rule without its resourceNames.
func (r *right) grantedBy(rule, whole *rbacv1.PolicyRule, minor int) ([]string, bool) {
	if !r.honoured(minor) {
		return nil, false
	}
	if r.prefix != "" {
		return nil, slices.ContainsFunc(rule.Verbs, func(v string) bool {
			return v == rbacv1.VerbAll || strings.HasPrefix(v, r.prefix)
		})
	}
	for _, request := range r.requests {
		if request.Name != "" { // the right is over that one object
			if access.Allows(rule, request) {
				return nil, true
			}
			continue
		}
		if !access.Allows(whole, request) {
			continue
		}
		if r.unnamed && len(rule.ResourceNames) > 0 && !alsoPatches(whole, request) {
			continue
		}
		if request.Verb == "deletecollection" && len(rule.ResourceNames) > 0 {
			continue // it never names what it deletes
		}
		return rule.ResourceNames, true
	}
	return nil, false
}

// honoured reports whether servers of a minor version know the right. Of a server
// that is not known the newest is assumed.
func (r *right) honoured(minor int) bool {
	if minor == 0 {
		return r.before == 0
	}
	return minor >= r.since && (r.before == 0 || minor < r.before)
}

func alsoPatches(rule *rbacv1.PolicyRule, request access.Request) bool {
	request.Verb = "patch"
	return access.Allows(rule, request)
}
