package graph_test

func impersonationClaims() []claim {
	const users, groups, accounts = "impersonate users", "impersonate groups", "impersonate serviceaccounts"
	const victim = "system:serviceaccount:{ns}:victim"
	const node = "system:node:replay-worker in system:nodes"
	jane := `
kind: RoleBinding
metadata: {name: jane}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: "jane-{ns}"}]
`
	return []claim{
		{
			family: "IMPERSONATE_USER", to: "any user", calls: calls(whoAmI().acting("jane").saying(`"username":"jane"`)),
			may: []attempt{{name: "users", wide: users}},
			mayNot: []attempt{
				{name: "in a namespace", in: users},
				{name: "ServiceAccounts", wide: accounts},
				{name: "of another API group", wide: "impersonate users.authentication.k8s.io"},
				{name: "another user", wide: users + " named joe"},
			},
		},
		{
			family: "IMPERSONATE_USER", how: "one user", to: "User jane-{ns}", objects: jane,
			calls:  calls(whoAmI().acting("jane-{ns}").saying(`"username":"jane-{ns}"`)),
			may:    []attempt{{name: "by name", wide: users + " named jane-{ns}"}},
			mayNot: []attempt{{name: "another", wide: users + " named joe"}},
		},
		{
			family: "IMPERSONATE_GROUP", to: "any group", calls: calls(whoAmI().acting("jane in system:masters").saying("system:masters")),
			may: []attempt{{name: "users and groups", wide: users + "; " + groups}},
			mayNot: []attempt{
				{name: "groups alone", wide: groups},
				{name: "users alone", wide: users},
				{name: "groups in a namespace", wide: users, in: groups},
				{name: "another group", wide: users + "; " + groups + " named devs"},
			},
		},
		{
			family: "IMPERSONATE_GROUP", how: "beside a ServiceAccount", to: "Group system:masters",
			calls:  calls(whoAmI().acting(victim + " in system:masters").saying("system:masters")),
			may:    []attempt{{name: "of the namespace", wide: groups, in: accounts}},
			mayNot: []attempt{{name: "groups alone", wide: groups}, {name: "ServiceAccounts alone", in: accounts}},
		},
		{
			family: "IMPERSONATE_SA", to: "ServiceAccounts of {ns}", calls: calls(whoAmI().acting(victim).saying(`"username":"` + victim + `"`)),
			may:    []attempt{{name: "in the namespace", in: accounts}},
			mayNot: []attempt{{name: "users", wide: users}, {name: "another ServiceAccount", in: accounts + " named other"}},
		},
		{
			family: "IMPERSONATE_SA", how: "one ServiceAccount", to: "ServiceAccount {ns}/victim", calls: calls(whoAmI().acting(victim).saying(`"username":"` + victim + `"`)),
			may:    []attempt{{name: "by name", in: accounts + " named victim"}},
			mayNot: []attempt{{name: "another", in: accounts + " named other"}},
		},
		{
			family: "IMPERSONATE_NODE", to: "kubelet of a worker node", calls: calls(whoAmI().acting(node).saying("system:node:replay-worker")),
			may: []attempt{{name: "the user and the group", wide: users + " named system:node:replay-worker; " + groups + " named system:nodes"}},
			mayNot: []attempt{
				{name: "without the group", wide: users + " named system:node:replay-worker"},
				{name: "another node", wide: users + " named system:node:replay-gpu; " + groups + " named system:nodes"},
			},
		},
	}
}

func constrainedClaims() []claim {
	on := func(mode string) string {
		return "impersonate-on:" + mode + ":create selfsubjectreviews.authentication.k8s.io"
	}
	as := func(mode, what string) string { return "impersonate:" + mode + " " + what + ".authentication.k8s.io" }
	const victim = "system:serviceaccount:{ns}:victim"
	return []claim{
		{
			family: "IMPERSONATE_NODE", how: "constrained", to: "kubelet of any worker node",
			calls: calls(whoAmI().acting("system:node:replay-worker").saying("system:node:replay-worker")),
			may:   []attempt{{name: "any node", wide: as("arbitrary-node", "nodes") + "; " + on("arbitrary-node")}},
			mayNot: []attempt{
				{name: "on nothing", wide: as("arbitrary-node", "nodes")},
				{name: "on what users may", wide: as("arbitrary-node", "nodes") + "; " + on("user-info")},
				{name: "in a namespace", in: as("arbitrary-node", "nodes") + "; " + on("arbitrary-node")},
			},
		},
		{
			family: "IMPERSONATE_CONSTRAINED_USER", to: "any user", calls: calls(whoAmI().acting("jane").saying(`"username":"jane"`)),
			may: []attempt{{name: "users", wide: as("user-info", "users") + "; " + on("user-info")}},
			mayNot: []attempt{
				{name: "on nothing", wide: as("user-info", "users")},
				{name: "nobody", wide: on("user-info")},
				{name: "of the core group", wide: "impersonate:user-info users; " + on("user-info")},
				{name: "in a namespace", in: as("user-info", "users") + "; " + on("user-info")},
			},
		},
		{
			family: "IMPERSONATE_CONSTRAINED_USER", how: "system:masters", to: "Group system:masters",
			calls:  calls(whoAmI().acting("jane in system:masters").saying("system:masters")),
			mayNot: []attempt{{name: "users and groups", wide: as("user-info", "users") + "; " + as("user-info", "groups") + "; " + on("user-info")}},
		},
		{
			family: "IMPERSONATE_CONSTRAINED_SA", to: "ServiceAccounts of {ns}", calls: calls(whoAmI().acting(victim).saying(victim)),
			may: []attempt{{name: "in the namespace", wide: on("serviceaccount"), in: as("serviceaccount", "serviceaccounts")}},
			mayNot: []attempt{
				{name: "on nothing", in: as("serviceaccount", "serviceaccounts")},
				{name: "as users are", wide: on("serviceaccount"), in: as("user-info", "serviceaccounts")},
			},
		},
	}
}

// implicitClaims are about groups that the server puts requesters in: what is
// granted there is to read the ConfigMaps of the claim's namespace.
func implicitClaims() []claim {
	granted := func(group string) string {
		return `
kind: Role
metadata: {name: granted}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [list]}]
---
kind: RoleBinding
metadata: {name: granted}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: granted}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "` + group + `"}]
`
	}
	claimed := func(family, from, group string, may, mayNot []attempt) claim {
		return claim{family: family, from: from, to: "Group " + group, objects: granted(group), calls: calls(get("{in}/configmaps")), may: may, mayNot: mayNot}
	}
	anybody := attempt{name: "who says not who they are", as: "nobody", vertex: "anybody"}
	jane := attempt{name: "somebody", as: "somebody", vertex: "anybody with an account"}
	own := attempt{name: "a ServiceAccount", vertex: "ServiceAccount {ns}/{me}"}
	other := attempt{name: "a ServiceAccount of another namespace", as: "system:serviceaccount:default:default", vertex: "ServiceAccount default/default"}
	node := attempt{name: "a node", as: "system:node:replay-worker in system:nodes", vertex: "kubelet of a worker node"}
	return []claim{
		claimed("ANONYMOUS_GRANT", "anybody", "system:unauthenticated", []attempt{anybody}, []attempt{jane, own}),
		claimed("AUTHENTICATED_GRANT", "anybody with an account", "system:authenticated", []attempt{jane}, []attempt{anybody}),
		claimed("ALL_SA_GRANT", "any pod", "system:serviceaccounts", []attempt{{name: "code in a pod", as: "system:serviceaccount:default:default", vertex: "any pod"}}, []attempt{anybody, jane}),
		claimed("NS_SA_GRANT", "", "system:serviceaccounts:{ns}", []attempt{own}, []attempt{other, jane}),
		claimed("NODES_GROUP_GRANT", "kubelet of a worker node", "system:nodes", []attempt{node}, []attempt{jane, own}),
	}
}
