package graph_test

import "net/http"

const legacyToken = `
kind: Secret
metadata: {name: legacy, annotations: {kubernetes.io/service-account.name: victim}}
type: kubernetes.io/service-account-token
`

func tokenClaims() []claim {
	const ask = "create serviceaccounts/token"
	request := calls(post("{in}/serviceaccounts/victim/token", `{spec: {}}`).saying(`"token":"`))
	return []claim{
		{
			family: "TOKEN_REQUEST", to: "ServiceAccounts of {ns}", calls: request,
			may: []attempt{{name: "create", in: ask}, {name: "of any subresource token", in: "create */token"}},
			mayNot: []attempt{
				{name: "create ServiceAccounts", in: "create serviceaccounts"},
				{name: "a star in place of a subresource", in: "* serviceaccounts/*"},
				{name: "get", in: "get serviceaccounts/token"},
				{name: "of another", in: ask + " named other"},
			},
		},
		{
			family: "TOKEN_REQUEST", how: "of one ServiceAccount", to: "ServiceAccount {ns}/victim", calls: request,
			may: []attempt{{name: "by name", in: ask + " named victim"}}, mayNot: []attempt{{name: "another", in: ask + " named other"}},
		},
		{
			family: "SECRET_TOKEN_LIST", from: "Secret {ns}/legacy", to: "ServiceAccount {ns}/victim", objects: legacyToken,
			calls: calls(whoAmI().saying("system:serviceaccount:{ns}:victim")),
			may:   []attempt{{name: "who has the Secret", as: "secret legacy", vertex: "Secret {ns}/legacy"}},
		},
		{
			family: "SECRET_TOKEN_LIST", how: "no longer honoured", from: "Secret {ns}/legacy", to: "ServiceAccount {ns}/victim", objects: `
kind: Secret
metadata: {name: legacy, labels: {kubernetes.io/legacy-token-invalid-since: "2026-01-01"}, annotations: {kubernetes.io/service-account.name: victim}}
type: kubernetes.io/service-account-token
`,
			calls:  calls(whoAmI()),
			mayNot: []attempt{{name: "who has the Secret", as: "secret legacy", vertex: "Secret {ns}/legacy"}},
		},
		{
			family: "BOOTSTRAP_TOKEN_READ", from: "Secrets of kube-system", to: "Group system:bootstrappers:{ns}",
			objects: bootstrappers, calls: calls(whoAmI().saying("system:bootstrap:replay")),
			may:    []attempt{{name: "who has a token", as: "token replay.0123456789abcdef", vertex: "Secrets of kube-system"}},
			mayNot: []attempt{{name: "who has another", as: "token replay.0000000000000000", vertex: "Secrets of {ns}"}},
		},
		{
			family: "BOOTSTRAP_TOKEN_CREATE", to: "Group system:bootstrappers:{ns}", objects: bootstrappers,
			calls: calls(post("/api/v1/namespaces/kube-system/secrets"+dry, `{metadata: {name: bootstrap-token-abcdef}, type: bootstrap.kubernetes.io/token, stringData: {token-id: abcdef, token-secret: "0123456789abcdef", usage-bootstrap-authentication: "true"}}`)),
			may:   []attempt{{name: "create Secrets", wide: "create secrets"}},
			mayNot: []attempt{
				{name: "in another namespace", in: "create secrets"},
				{name: "get", wide: "get secrets"},
			},
		},
	}
}

// bootstrappers are granted something, as kubeadm does it.
const bootstrappers = `
kind: ClusterRoleBinding
metadata: {name: "{ns}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:node-bootstrapper}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:bootstrappers:{ns}"}]
`

func secretClaims() []claim {
	made := `{metadata: {name: "made-{me}", annotations: {kubernetes.io/service-account.name: victim}}, type: kubernetes.io/service-account-token}`
	mounting := `{metadata: {name: made}, spec: {serviceAccountName: victim, containers: [{name: main, image: i}], volumes: [{name: all, secret: {secretName: any}}]}}`
	return []claim{
		{
			family: "SECRET_READ", to: "Secrets of {ns}", calls: calls(get("{in}/secrets")),
			may: []attempt{{name: "list", in: "list secrets"}, {name: "everywhere, in a namespace", wide: "list secrets", in: "list secrets"}},
			mayNot: []attempt{
				{name: "get", in: "get secrets"},
				{name: "list by name", in: "list secrets named legacy"},
				{name: "a star in place of a subresource", in: "* secrets/*"},
			},
		},
		{
			family: "SECRET_READ", how: "watch", to: "Secrets of {ns}", objects: legacyToken,
			calls:  calls(get("{in}/secrets?watch=1&timeoutSeconds=1").saying("legacy")),
			may:    []attempt{{name: "watch", in: "watch secrets"}},
			mayNot: []attempt{{name: "get", in: "get secrets"}},
		},
		{
			// What is deleted is told, and in a dry run nothing is deleted.
			family: "SECRET_READ", how: "deleting", to: "Secrets of {ns}", objects: legacyToken,
			calls:  calls(step{method: http.MethodDelete, path: "{in}/secrets" + dry, status: http.StatusOK}.saying(`"token":`).inTime()),
			may:    []attempt{{name: "deletecollection", in: "deletecollection secrets"}},
			mayNot: []attempt{{name: "delete", in: "delete secrets"}, {name: "deletecollection by name", in: "deletecollection secrets named legacy"}},
		},
		{
			family: "SECRET_TOKEN_GET", how: "deleting", to: "Secrets of {ns}", objects: legacyToken,
			calls:  calls(step{method: http.MethodDelete, path: "{in}/secrets/legacy" + dry, status: http.StatusOK}.saying(`"token":`)),
			mayNot: []attempt{{name: "delete", in: "delete secrets"}},
		},
		{
			family: "SECRET_READ", how: "one Secret", to: "Secret {ns}/legacy", objects: legacyToken,
			calls:  calls(get("{in}/secrets?fieldSelector=metadata.name%3Dlegacy").saying("legacy")),
			may:    []attempt{{name: "list by name", in: "list secrets named legacy"}},
			mayNot: []attempt{{name: "another", in: "list secrets named other"}, {name: "get by name", in: "get secrets named legacy"}},
		},
		{
			family: "SECRET_TOKEN_GET", to: "Secrets of {ns}", objects: legacyToken, calls: calls(get("{in}/secrets/legacy")),
			may:    []attempt{{name: "get", in: "get secrets"}},
			mayNot: []attempt{{name: "list by name", in: "list secrets named other"}, {name: "another", in: "get secrets named other"}},
		},
		{
			family: "SECRET_TOKEN_GET", how: "one Secret", to: "Secret {ns}/legacy", objects: legacyToken, calls: calls(get("{in}/secrets/legacy")),
			may:    []attempt{{name: "by name", in: "get secrets named legacy"}},
			mayNot: []attempt{{name: "another", in: "get secrets named other"}},
		},
		{
			// What is changed is told, also if nothing changes.
			family: "SECRET_TOKEN_GET", how: "changing", to: "Secrets of {ns}", objects: legacyToken,
			calls:  calls(merge("{in}/secrets/legacy"+dry, `{}`).saying(`"token":`).inTime()),
			may:    []attempt{{name: "patch", in: "patch secrets"}},
			mayNot: []attempt{{name: "update", in: "update secrets"}, {name: "another", in: "patch secrets named other"}},
		},
		{
			family: "SECRET_CREATE_TOKEN", to: "ServiceAccounts of {ns}",
			calls: calls(post("{in}/secrets", made), get("{in}/secrets/made-{me}").saying(`"token":`).inTime()),
			may:   []attempt{{name: "create and get", in: "create,get secrets"}},
			mayNot: []attempt{
				{name: "without get", in: "create secrets"},
				{name: "without create", in: "get secrets"},
				{name: "create with a name", in: "create secrets named made-{me}; get secrets"},
			},
		},
		{
			// The old token and whose it was must go, too: then the controller fills in one
			// of the ServiceAccount that the annotation names now.
			family: "SECRET_TOKEN_RETARGET", to: "ServiceAccounts of {ns}", objects: `
kind: ServiceAccount
metadata: {name: weak}
---
kind: Secret
metadata: {name: weak, annotations: {kubernetes.io/service-account.name: weak}}
type: kubernetes.io/service-account-token
`,
			calls: calls(
				merge("{in}/secrets/weak", `{metadata: {annotations: {kubernetes.io/service-account.name: victim, kubernetes.io/service-account.uid: null}}, data: {token: null}}`),
				merge("{in}/secrets/weak"+dry, `{}`).saying(`"token":`).inTime(),
			),
			may: []attempt{{name: "patch", in: "patch secrets"}},
			mayNot: []attempt{
				{name: "without patch", in: "get secrets"},
				{name: "patch of another", in: "patch secrets named other; get secrets"},
			},
		},
		{
			family: "SECRET_MOUNT", from: "new pods in {ns}", to: "Secrets of {ns}", calls: calls(post("{in}/pods"+dry, mounting)),
			may: []attempt{{name: "create pods", in: "create pods"}}, mayNot: []attempt{{name: "list Secrets", in: "list secrets"}},
		},
		{
			family: "CONFIGMAP_CODE", to: "Pod {ns}/runs", objects: `
kind: ConfigMap
metadata: {name: scripts}
data: {run.sh: "true"}
---
kind: Pod
metadata: {name: runs}
spec:
  serviceAccountName: victim
  containers: [{name: main, image: i, volumeMounts: [{name: scripts, mountPath: /scripts}]}]
  volumes: [{name: scripts, configMap: {name: scripts, defaultMode: 0o755}}]
`,
			calls: calls(merge("{in}/configmaps/scripts"+dry, `{data: {run.sh: "false"}}`)),
			may:   []attempt{{name: "patch", in: "patch configmaps"}, {name: "by name", in: "patch configmaps named scripts"}},
			mayNot: []attempt{
				{name: "another", in: "patch configmaps named other"},
				{name: "create", in: "create configmaps"},
			},
		},
	}
}

func ghostClaims() []claim {
	ghost := func(namespace string) string {
		return `
kind: ClusterRoleBinding
metadata: {name: "{ns}-stale"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, namespace: "` + namespace + `", name: ghost}]
`
	}
	const create, use, spaces = "create serviceaccounts", "create serviceaccounts/token", "create namespaces"
	account := `{metadata: {name: ghost}}`
	return []claim{
		{
			family: "GHOST_SA_CREATE", to: "missing ServiceAccounts of {ns}", objects: ghost("{ns}"),
			calls: calls(post("{in}/serviceaccounts", account), post("{in}/serviceaccounts/ghost/token", `{spec: {}}`).saying(`"token":"`)),
			may:   []attempt{{name: "make it and request its token", in: create + "; " + use}},
			mayNot: []attempt{
				{name: "without create", in: use},
				{name: "create with a name", in: create + " named ghost; " + use},
			},
		},
		{
			family: "GHOST_SA_CREATE", how: "without its token", to: "missing ServiceAccounts of {ns}", objects: ghost("{ns}"),
			calls:  calls(post("{in}/serviceaccounts", account), post("{in}/serviceaccounts/ghost/token", `{spec: {}}`)),
			mayNot: []attempt{{name: "create alone", in: create}},
		},
		{
			family: "GHOST_NAMESPACE_CREATE", to: "missing ServiceAccounts of missing namespaces", objects: ghost("{ns}-gone"),
			calls: calls(
				post("/api/v1/namespaces", `{metadata: {name: "{ns}-gone"}}`),
				post("/api/v1/namespaces/{ns}-gone/serviceaccounts", account),
				post("/api/v1/namespaces/{ns}-gone/serviceaccounts/ghost/token", `{spec: {}}`).saying(`"token":"`),
			),
			may: []attempt{{name: "make both and request the token", wide: spaces + "; " + create + "; " + use}},
			mayNot: []attempt{
				{name: "without namespaces", wide: create + "; " + use},
				{name: "namespaces in a namespace", in: spaces, wide: create + "; " + use},
			},
		},
	}
}

// carryingClaims are about the token that the server has pods carry, whoever makes
// them.
func carryingClaims() []claim {
	pod := func(spec string) string {
		return "kind: Pod\nmetadata: {name: web}\nspec: {" + spec + "containers: [{name: main, image: i}]}"
	}
	carries := calls(get("{in}/pods/web").saying(`"serviceAccountToken":`).answered(http.StatusOK))
	is := []attempt{{name: "its code", as: "admin", vertex: "Pod {ns}/web"}}
	return []claim{
		{family: "CONTAINER_SA", to: "ServiceAccount {ns}/victim", objects: pod("serviceAccountName: victim, "), calls: carries, may: is},
		{
			family: "CONTAINER_SA", how: "that is not mounted", to: "ServiceAccount {ns}/victim", calls: carries, mayNot: is,
			objects: pod("serviceAccountName: victim, automountServiceAccountToken: false, "),
		},
		{family: "DEFAULT_SA_BOUND", to: "ServiceAccount {ns}/default", objects: defaultAccount + pod(""), calls: carries, may: is},
		{
			family: "DEFAULT_SA_BOUND", how: "that is not mounted", to: "ServiceAccount {ns}/default", calls: carries, mayNot: is,
			objects: defaultAccount + pod("automountServiceAccountToken: false, "),
		},
	}
}

const defaultAccount = `
kind: ServiceAccount
metadata: {name: default}
---
`
