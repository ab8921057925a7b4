package graph_test

import (
	"strings"
	"testing"
)

// claims are all that is claimed.
func claims(t *testing.T) []claim {
	t.Helper()
	var all []claim
	for _, some := range [][]claim{
		wildcardClaims(), bindingClaims(), joiningClaims(), escalationClaims(), impersonationClaims(), constrainedClaims(), implicitClaims(),
		tokenClaims(), secretClaims(), ghostClaims(), podClaims(), enteringClaims(), workloadClaims(), securityClaims(), namespaceClaims(),
		nodeClaims(), admissionClaims(), certificateClaims(), volumeClaims(), carryingClaims(),
	} {
		all = append(all, some...)
	}
	return append(all, updates(all)...)
}

// Bodies of roles and bindings.
const (
	toClusterAdmin = `{metadata: {name: made-{me}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: mallory}]}`
	toStrong       = `{metadata: {name: made-{me}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: strong}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: mallory}]}`
	joined         = `{subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: mallory}]}`
	allRules       = `{rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}`

	strongRole = `
kind: Role
metadata: {name: strong}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list]}]
`
)

func wildcardClaims() []claim {
	return []claim{
		{
			family: "RBAC_CLUSTER_ADMIN", to: "the cluster",
			calls: calls(get("/api/v1/namespaces/kube-system/secrets"), post(rbac+"clusterrolebindings"+dry, toClusterAdmin)),
			may:   []attempt{{name: "everything", wide: "* *.*"}},
			mayNot: []attempt{
				{name: "of the core group", wide: "* *"},
				{name: "every group named, every verb but star", wide: "get,list,create,update,patch *.*"},
				{name: "in a namespace", in: "* *.*"},
				{name: "of objects with a name", wide: "* *.* named x"},
			},
		},
		{
			family: "RBAC_NS_WILDCARD", to: "namespace {ns}",
			calls: calls(get("{in}/secrets"), post(rbac+inNS+"rolebindings"+dry, toClusterAdmin), merge("{in}"+dry, `{metadata: {labels: {a: b}}}`)),
			may:   []attempt{{name: "everything", in: "* *.*"}},
			mayNot: []attempt{
				{name: "of the core group", in: "* *"},
				{name: "to read", in: "get,list,watch *.*"},
			},
		},
		{
			family: "MASTERS_GROUP", from: "Group system:masters", to: "the cluster",
			calls:  calls(post(rbac+"clusterrolebindings"+dry, toClusterAdmin)),
			may:    []attempt{{name: "a member", as: "nobody-in-particular in system:masters", vertex: "Group system:masters"}},
			mayNot: []attempt{{name: "of another group", as: "nobody-in-particular in masters", vertex: "Group masters"}},
		},
	}
}

func bindingClaims() []claim {
	const create, createWide = "create rolebindings.rbac.authorization.k8s.io", "create clusterrolebindings.rbac.authorization.k8s.io"
	const bind = "bind clusterroles.rbac.authorization.k8s.io"
	empty := func(name string) string {
		return `{metadata: {name: made-{me}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ` + name + `}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: mallory}]}`
	}
	const emptyRole = `
kind: ClusterRole
metadata: {name: "{ns}-empty"}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {into: "{ns}"}}]}
`
	return []claim{
		{
			family: "BIND_CRB", to: "the cluster", calls: calls(post(rbac+"clusterrolebindings"+dry, toClusterAdmin)),
			may: []attempt{{name: "create and bind", wide: createWide + "; " + bind}, {name: "all verbs of RBAC", wide: "* *.rbac.authorization.k8s.io"}},
			mayNot: []attempt{
				{name: "without bind", wide: createWide},
				{name: "without create", wide: bind},
				{name: "bind in a namespace", wide: createWide, in: bind},
				{name: "create in a namespace", wide: bind, in: createWide},
				{name: "bind on Roles", wide: createWide + "; bind roles.rbac.authorization.k8s.io"},
				{name: "bind on bindings", wide: createWide + "; bind clusterrolebindings.rbac.authorization.k8s.io"},
				{name: "bind on another role", wide: createWide + "; " + bind + " named view"},
				{name: "create with a name", wide: createWide + " named made-{me}; " + bind},
			},
		},
		{
			family: "BIND_CRB", how: "one role", to: "ClusterRole cluster-admin, bound in the cluster", calls: calls(post(rbac+"clusterrolebindings"+dry, toClusterAdmin)),
			may:    []attempt{{name: "bind on it", wide: createWide + "; " + bind + " named cluster-admin"}},
			mayNot: []attempt{{name: "bind on another", wide: createWide + "; " + bind + " named view"}},
		},
		{
			family: "BIND_RB_CLUSTERROLE", to: "namespace {ns}", calls: calls(post(rbac+inNS+"rolebindings"+dry, toClusterAdmin)),
			may: []attempt{{name: "both in the namespace", in: create + "; " + bind}, {name: "bind in the cluster", wide: bind, in: create}},
			mayNot: []attempt{
				{name: "without bind", in: create},
				{name: "without create", in: bind},
				{name: "bind on Roles", in: create + "; bind roles.rbac.authorization.k8s.io"},
				{name: "bind on another role", in: create + "; " + bind + " named view"},
			},
		},
		{
			family: "BIND_RB_ROLE", to: "Roles of {ns}", objects: strongRole, calls: calls(post(rbac+inNS+"rolebindings"+dry, toStrong)),
			may: []attempt{{name: "create and bind", in: create + "; bind roles.rbac.authorization.k8s.io"}},
			mayNot: []attempt{
				{name: "without bind", in: create},
				{name: "bind on ClusterRoles", in: create + "; " + bind},
				{name: "bind on another Role", in: create + "; bind roles.rbac.authorization.k8s.io named weak"},
			},
		},
		{
			family: "BIND_RB_ROLE", how: "one role", to: "Role {ns}/strong, bound in {ns}", objects: strongRole, calls: calls(post(rbac+inNS+"rolebindings"+dry, toStrong)),
			may:    []attempt{{name: "bind on it", in: create + "; bind roles.rbac.authorization.k8s.io named strong"}},
			mayNot: []attempt{{name: "bind on another", in: create + "; bind roles.rbac.authorization.k8s.io named weak"}},
		},
		{
			family: "BIND_EMPTY_AGGREGATE", to: "ClusterRole {ns}-empty, bound in the cluster", objects: emptyRole,
			calls:  calls(post(rbac+"clusterrolebindings"+dry, empty("{ns}-empty"))),
			may:    []attempt{{name: "create alone", wide: createWide}},
			mayNot: []attempt{{name: "get", wide: "get clusterrolebindings.rbac.authorization.k8s.io"}, {name: "create in a namespace", in: create}},
		},
		{
			family: "BIND_EMPTY_AGGREGATE", how: "in a namespace", to: "ClusterRole {ns}-empty, bound in {ns}", objects: emptyRole,
			calls:  calls(post(rbac+inNS+"rolebindings"+dry, empty("{ns}-empty"))),
			may:    []attempt{{name: "create alone", in: create}},
			mayNot: []attempt{{name: "get", in: "get rolebindings.rbac.authorization.k8s.io"}},
		},
		{
			family: "BIND_EMPTY_AGGREGATE", how: "a role that is not empty", to: "ClusterRole view, bound in the cluster",
			calls:  calls(post(rbac+"clusterrolebindings"+dry, empty("view"))),
			mayNot: []attempt{{name: "create alone", wide: createWide}},
		},
	}
}

func joiningClaims() []claim {
	const patch, patchWide = "patch rolebindings.rbac.authorization.k8s.io", "patch clusterrolebindings.rbac.authorization.k8s.io"
	const bind = "bind clusterroles.rbac.authorization.k8s.io"
	existing := func(role string) string {
		return strongRole + `
---
kind: RoleBinding
metadata: {name: existing}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ` + role + `}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: owner}]
`
	}
	return []claim{
		{
			family: "BIND_CRB_UPDATE", to: "ClusterRole cluster-admin, bound in the cluster",
			calls: calls(merge(rbac+"clusterrolebindings/cluster-admin"+dry, joined)),
			may: []attempt{
				{name: "patch and bind", wide: patchWide + "; " + bind},
				{name: "that binding, that role", wide: patchWide + " named cluster-admin; " + bind + " named cluster-admin"},
			},
			mayNot: []attempt{
				{name: "without bind", wide: patchWide},
				{name: "another binding", wide: patchWide + " named view; " + bind},
				{name: "another role", wide: patchWide + "; " + bind + " named view"},
				{name: "in a namespace", in: patchWide + "; " + bind},
			},
		},
		{
			family: "BIND_RB_CLUSTERROLE", how: "joining", to: "bound ClusterRoles of {ns}", objects: existing("ClusterRole, name: cluster-admin"),
			calls:  calls(merge(rbac+inNS+"rolebindings/existing"+dry, joined)),
			may:    []attempt{{name: "patch and bind", in: patch + "; " + bind}},
			mayNot: []attempt{{name: "without bind", in: patch}, {name: "another binding", in: patch + " named other; " + bind}},
		},
		{
			family: "BIND_RB_ROLE", how: "joining", to: "bound Roles of {ns}", objects: existing("Role, name: strong"),
			calls:  calls(merge(rbac+inNS+"rolebindings/existing"+dry, joined)),
			may:    []attempt{{name: "patch and bind", in: patch + "; bind roles.rbac.authorization.k8s.io"}},
			mayNot: []attempt{{name: "without bind", in: patch}, {name: "another role", in: patch + "; bind roles.rbac.authorization.k8s.io named weak"}},
		},
	}
}

func escalationClaims() []claim {
	const patch, escalate = "patch clusterroles.rbac.authorization.k8s.io", "escalate clusterroles.rbac.authorization.k8s.io"
	const create = "create clusterroles.rbac.authorization.k8s.io"
	held := `
kind: ClusterRole
metadata: {name: "{ns}-held-{me}"}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
kind: RoleBinding
metadata: {name: "held-{me}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{ns}-held-{me}"}
subjects: [{kind: ServiceAccount, namespace: "{ns}", name: "{me}"}]
`
	gathering := `
kind: ClusterRole
metadata: {name: "{ns}-gather-{me}"}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {into: "{ns}-{me}"}}]}
---
kind: ClusterRoleBinding
metadata: {name: "{ns}-gather-{me}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{ns}-gather-{me}"}
subjects: [{kind: ServiceAccount, namespace: "{ns}", name: "{me}"}]
`
	gatheringHere := strings.Replace(strings.ReplaceAll(gathering, "ClusterRoleBinding", "RoleBinding"), `metadata: {name: "{ns}-gather-{me}"}
roleRef`, `metadata: {name: "gather-{me}"}
roleRef`, 1)
	const poor = `
kind: ClusterRole
metadata: {name: "{ns}-poor-{me}"}
`
	injected := `{metadata: {name: "{ns}-injected-{me}", labels: {into: "{ns}-{me}"}}, rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}`
	return []claim{
		{
			family: "ESCALATE_CLUSTERROLE", to: "the cluster", calls: calls(merge(rbac+"clusterroles/{ns}-{me}"+dry, allRules)),
			may: []attempt{
				{name: "patch and escalate", wide: patch + "; " + escalate},
				{name: "of the own role", wide: patch + " named {ns}-{me}; " + escalate + " named {ns}-{me}"},
			},
			mayNot: []attempt{
				{name: "without escalate", wide: patch},
				{name: "without patch", wide: escalate},
				{name: "escalate on another", wide: patch + "; " + escalate + " named view"},
				{name: "patch of another", wide: patch + " named view; " + escalate},
				{name: "escalate on Roles", wide: patch + "; escalate roles.rbac.authorization.k8s.io"},
			},
		},
		{
			family: "ESCALATE_CLUSTERROLE_NS", to: "namespace {ns}", calls: calls(merge(rbac+"clusterroles/{ns}-held-{me}"+dry, allRules)),
			may: []attempt{{name: "of a role held in the namespace", objects: held, wide: patch + " named {ns}-held-{me}; " + escalate + " named {ns}-held-{me}"}},
			mayNot: []attempt{
				{name: "without escalate", objects: held, wide: patch + " named {ns}-held-{me}"},
				{name: "of another", objects: held, wide: patch + " named view; " + escalate + " named {ns}-held-{me}"},
				{name: "granted in the namespace", objects: held, in: patch + "; " + escalate},
			},
		},
		{
			family: "ESCALATE_ROLE", to: "namespace {ns}", calls: calls(merge(rbac+inNS+"roles/{me}"+dry, allRules)),
			may: []attempt{
				{name: "patch and escalate", in: "patch,escalate roles.rbac.authorization.k8s.io"},
				{name: "of the own Role", in: "patch,escalate roles.rbac.authorization.k8s.io named {me}"},
			},
			mayNot: []attempt{
				{name: "without escalate", in: "patch roles.rbac.authorization.k8s.io"},
				{name: "without patch", in: "escalate roles.rbac.authorization.k8s.io"},
				{name: "escalate on another", in: "patch roles.rbac.authorization.k8s.io; escalate roles.rbac.authorization.k8s.io named weak"},
				{name: "escalate on ClusterRoles", in: "patch roles.rbac.authorization.k8s.io; " + escalate},
			},
		},
		{
			family: "AGGREGATION_INJECT", to: "the cluster",
			calls: calls(post(rbac+"clusterroles", injected), get("/api/v1/namespaces/kube-system/secrets").inTime()),
			may:   []attempt{{name: "create and escalate", objects: gathering, wide: create + "; " + escalate}},
			mayNot: []attempt{
				{name: "without escalate", objects: gathering, wide: create},
				{name: "escalate on a name", objects: gathering, wide: create + "; " + escalate + " named {ns}-injected-{me}"},
				{name: "bound to no role that gathers", wide: create + "; " + escalate},
			},
		},
		{
			family: "AGGREGATION_INJECT", how: "in a namespace", to: "namespace {ns}",
			calls:  calls(post(rbac+"clusterroles", injected), get("{in}/secrets").inTime()),
			may:    []attempt{{name: "create and escalate", objects: gatheringHere, wide: create + "; " + escalate}},
			mayNot: []attempt{{name: "without escalate", objects: gatheringHere, wide: create}},
		},
		{
			family: "AGGREGATION_INJECT", how: "into a role that is there", to: "the cluster",
			calls: calls(merge(rbac+"clusterroles/{ns}-poor-{me}", strings.Replace(injected, "injected", "poor", 1)), get("/api/v1/namespaces/kube-system/secrets").inTime()),
			may:   []attempt{{name: "patch and escalate", objects: gathering + "---" + poor, wide: patch + " named {ns}-poor-{me}; " + escalate + " named {ns}-poor-{me}"}},
			mayNot: []attempt{
				{name: "without escalate", objects: gathering + "---" + poor, wide: patch + " named {ns}-poor-{me}"},
				{name: "of another name", objects: gathering + "---" + poor, wide: patch + " named {ns}-poor-{me}; " + escalate + " named view"},
			},
		},
	}
}
