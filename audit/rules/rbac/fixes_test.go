package rbac_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

const anAgent = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: agent}
rules:
- {apiGroups: [""], resources: [nodes/proxy], verbs: [get]}
- {apiGroups: [""], resources: [pods], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: agent}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
subjects: [{kind: ServiceAccount, namespace: ci, name: agent}]
`

const aReader = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: reader, namespace: ci}
spec: {template: {spec: {serviceAccountName: reader, containers: [{name: app, image: a}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, namespace: ci, name: reader}]
`

const anApp = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: ci}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: ci}
spec: {template: {spec: {containers: [{name: app, image: a}]}}}
`

const another = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: %NAME%, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %ROLE%}
subjects: [{kind: ServiceAccount, namespace: ci, name: default}]
`

func bindingOf(name, role string) string {
	return strings.NewReplacer("%NAME%", name, "%ROLE%", role).Replace(another)
}

// What a fix would do to others unseen is no fix.
func TestFixesThatHitNobodyElse(t *testing.T) {
	t.Parallel()
	const agent, reader, app = "nodes-proxy-access", "secrets-access-cluster-wide", "default-service-account-used"
	labelled := func(label string) string {
		return strings.Replace(anAgent, "{name: agent}", "{name: agent, labels: {"+label+"}}", 1)
	}
	for _, test := range []struct {
		name, rule, text string
		want             bool
	}{
		{"a role of one binding", agent, anAgent, true},
		{"a role of two bindings", agent, anAgent + bindingOf("other", "agent"), false},
		{"a role of the server", agent, labelled("kubernetes.io/bootstrapping: rbac-defaults"), false},
		{"a role that goes into edit", agent, labelled(`rbac.authorization.k8s.io/aggregate-to-edit: "true"`), false},
		{"a role that goes into another", agent, labelled("a: b") + `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: gathering}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}
`, false},
		{"a gathered role", agent, strings.Replace(anAgent, "rules:", "aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\nrules:", 1), false},
		{"all subresources proxy", agent, strings.Replace(anAgent, "nodes/proxy", `"*/proxy"`, 1), false},
		{
			"a shared role that gives nothing else", agent,
			strings.Replace(strings.Replace(anAgent, "verbs: [get]", "verbs: [create]", 1), `- {apiGroups: [""], resources: [pods], verbs: [get]}`, "", 1) +
				bindingOf("other", "agent"),
			true, // the binding goes
		},

		{"a workload's account", reader, aReader, true},
		{"its role is shared", reader, aReader + bindingOf("other", "reader"), true},
		{"nothing runs as it", reader, strings.Replace(aReader, "serviceAccountName: reader", "serviceAccountName: web", 1), false},
		{"a user as well", reader, strings.Replace(aReader, "subjects: [", "subjects: [{kind: User, name: jane}, ", 1), false},
		{"in the control plane", reader, strings.ReplaceAll(aReader, "namespace: ci", "namespace: kube-system"), false},
		{"there is one of the name", reader, aReader + bindingOf("reader", "view"), true},
		{"and one of the next", reader, aReader + bindingOf("reader", "view") + bindingOf("reader-in-namespace", "view"), false},

		{"default has nothing", app, anApp, true},
		{"default has a role", app, anApp + "---" + aReader + bindingOf("app", "reader"), false},
		{"default is an identity of a cloud", app, strings.Replace(anApp, "{name: default,", "{annotations: {eks.amazonaws.com/role-arn: a}, name: default,", 1), false},
		{"the account is there", app, anApp + "\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: app, namespace: ci}}\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for name, info := range map[string]*kube.Info{"in a cluster": live(), "in manifests": nil} {
				found := false
				for _, f := range judge(t, info, test.text).Findings() {
					if f.Rule.ID != test.rule {
						continue
					}
					found = true
					if f.Fixable != test.want {
						t.Errorf("%s: fixable %v, want %v: %s", name, f.Fixable, test.want, f.Message)
					}
				}
				if !found {
					t.Errorf("%s: nothing is found", name)
				}
			}
		})
	}
}
