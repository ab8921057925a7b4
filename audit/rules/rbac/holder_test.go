package rbac_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bound is a role and a binding of it to a subject, in a namespace or, for "",
// in the cluster.
func bound(name, namespace, rules, subject string) string {
	in, kind := "", "Cluster"
	if namespace != "" {
		in, kind = ", namespace: "+namespace, ""
	}
	return `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ` + kind + `Role
metadata: {name: ` + name + in + `}
rules: [` + rules + `]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ` + kind + `RoleBinding
metadata: {name: ` + name + in + `}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ` + kind + `Role, name: ` + name + `}
subjects: [` + subject + `]
`
}

const (
	runner     = `{kind: ServiceAccount, name: runner, namespace: ci}`
	allOfCI    = `{kind: Group, name: "system:serviceaccounts:ci"}`
	everybody  = `{kind: Group, name: "system:authenticated"}`
	strangers  = `{kind: Group, name: "system:unauthenticated"}`
	bindVerb   = `{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}`
	bindRole   = `{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind]}`
	writeBinds = `{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}`
	writeWide  = `{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}`
	approval   = `{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}`
	signer     = `{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ["kubernetes.io/*"], verbs: [approve]}`
	serving    = `{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kubelet-serving], verbs: [approve]}`
	request    = `{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get]}`
)

// The halves of a power may come from different bindings, by the subject or by
// a group that it is in.
func TestAPowerIsPutTogether(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		rule       string
		want       []string
	}{
		{"the verb alone", bound("a", "", bindVerb, runner), "bind-roles-access", []string{}},
		{
			"both by name", bound("a", "", bindVerb, runner) + bound("b", "", writeWide, runner), "bind-roles-access",
			[]string{"bind-roles-access critical in ci of a"},
		},
		{
			"the rest by a group of ServiceAccounts", bound("a", "", bindVerb, runner) + bound("b", "", writeWide, allOfCI), "bind-roles-access",
			[]string{"bind-roles-access critical in ci of a"},
		},
		{
			"the rest as everybody has it", bound("a", "", bindVerb, runner) + bound("b", "", writeWide, everybody), "bind-roles-access",
			[]string{"bind-roles-access critical in ci of a"},
		},
		{
			"what strangers have, they have not", bound("a", "", bindVerb, runner) + bound("b", "", writeWide, strangers), "bind-roles-access",
			[]string{},
		},
		{
			"the rest in one namespace", bound("a", "", bindVerb, runner) + bound("b", "shop", writeBinds, runner), "bind-roles-access",
			[]string{"bind-roles-access high in ci of a"},
		},
		{
			"the rest in that of the control plane", bound("a", "", bindVerb, runner) + bound("b", "kube-system", writeBinds, runner), "bind-roles-access",
			[]string{"bind-roles-access critical in ci of a"},
		},
		{
			"the verb in one namespace", bound("a", "shop", bindVerb, runner) + bound("b", "", writeBinds, runner), "bind-roles-access",
			[]string{"bind-roles-access high in shop of a"},
		},
		{
			"in different namespaces", bound("a", "shop", bindVerb, runner) + bound("b", "ci", writeBinds, runner), "bind-roles-access",
			[]string{},
		},
		{
			"ClusterRoleBindings are in no namespace", bound("a", "shop", bindVerb, runner) + bound("b", "shop", writeWide, runner), "bind-roles-access",
			[]string{},
		},
		{
			"Roles alone", bound("a", "", bindRole+", "+writeBinds, runner), "bind-roles-access",
			[]string{"bind-roles-access high in ci of a"},
		},
		{"no signer", bound("a", "", approval+", "+request, runner), "csr-approval-access", []string{}},
		{
			"others ask", bound("a", "", approval+", "+signer, runner), "csr-approval-access",
			[]string{"csr-approval-access medium in ci of a"},
		},
		{
			"all of it", bound("a", "", approval+", "+signer, runner) + bound("b", "", request, allOfCI), "csr-approval-access",
			[]string{"csr-approval-access high in ci of a"},
		},
		{
			"servers, not clients", bound("a", "", approval+", "+serving+", "+request, runner), "csr-approval-access",
			[]string{"csr-approval-access medium in ci of a"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, lines(judge(t, nil, test.text), test.rule)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Only those of the subjects are named who hold the power, and by what.
func TestWhoHoldsAPowerIsNamed(t *testing.T) {
	t.Parallel()
	text := bound("a", "", bindVerb, runner+", {kind: User, name: jane}, {kind: User, name: joe}") + bound("b", "", writeWide, "{kind: User, name: joe}")
	findings := judge(t, nil, text).Findings()
	var got []string
	for _, f := range findings {
		if f.Rule.ID == "bind-roles-access" {
			got = append(got, f.Message, f.Detail)
		}
	}
	want := []string{
		"User joe can give any role to anybody in the cluster",
		"ClusterRoleBinding a gives User joe the ClusterRole a, whose rules[0] allows bind on clusterroles of rbac.authorization.k8s.io." +
			" The right to create clusterrolebindings comes from ClusterRoleBinding b." +
			" Graded lower, since no program that runs in the cluster is known to carry a token for it.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
}

// A role that is not in the view may have the other half.
func TestAHalfOfAPowerIsUnknownWhereARoleIsNotKnown(t *testing.T) {
	t.Parallel()
	text := bound("a", "", bindVerb, runner) + strings.ReplaceAll(clusterBinding, "power", "elsewhere") + "- " + runner + "\n"
	for _, tally := range judge(t, nil, text).Tallies() {
		if tally.Rule.ID == "bind-roles-access" && tally.Namespace == "ci" {
			if tally.Unknown != 2 || !strings.Contains(tally.Why, "elsewhere") {
				t.Errorf("%d subjects are unknown, want 2: %s", tally.Unknown, tally.Why)
			}
			return
		}
	}
	t.Error("the rule is not tallied")
}

// What a namespace runs decides what it means to take it over.
func TestANamespaceIsAsPowerfulAsItsPrograms(t *testing.T) {
	t.Parallel()
	const createPods = `{apiGroups: [""], resources: [pods], verbs: [create]}`
	const readSecrets = `{apiGroups: [""], resources: [secrets], verbs: [list]}`
	const readPods = `{apiGroups: [""], resources: [pods], verbs: [list]}`
	keeper := `{kind: ServiceAccount, name: keeper, namespace: vault}`
	creator := bound("creator", "vault", createPods, runner)
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nobody of note", creator + bound("keeper", "", readPods, keeper), []string{"pod-create-access medium in vault of creator"}},
		{
			"power over the cluster", creator + bound("keeper", "", readSecrets, keeper),
			[]string{"assign-service-account-to-pod high in vault of creator", "pod-create-access medium in vault of creator by assign-service-account-to-pod"},
		},
		{
			"power over the namespace", creator + bound("keeper", "vault", readSecrets, keeper),
			[]string{"pod-create-access medium in vault of creator"},
		},
		{
			"power of all its programs", creator + bound("keeper", "", readSecrets, `{kind: Group, name: "system:serviceaccounts:vault"}`),
			[]string{"assign-service-account-to-pod high in vault of creator", "pod-create-access medium in vault of creator by assign-service-account-to-pod"},
		},
		{
			"it has that power itself", bound("creator", "vault", createPods, keeper) + bound("keeper", "", readSecrets, keeper),
			[]string{"pod-create-access medium in vault of creator"},
		},
		{
			"power over the control plane", creator + bound("keeper", "kube-system", createPods, keeper),
			[]string{
				"assign-service-account-to-pod high in kube-system of keeper",
				"pod-create-access medium in kube-system of keeper by assign-service-account-to-pod",
				"assign-service-account-to-pod high in vault of creator",
				"pod-create-access medium in vault of creator by assign-service-account-to-pod",
			},
		},
		{
			"of a ServiceAccount that does not exist", creator + bound("keeper", "", readSecrets, keeper) +
				"\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: vault}}\n",
			[]string{"pod-create-access medium in vault of creator"},
		},
		{
			"the controllers of the cluster", bound("creator", "kube-system", createPods, runner),
			[]string{"assign-service-account-to-pod high in kube-system of creator", "pod-create-access medium in kube-system of creator by assign-service-account-to-pod"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := lines(judge(t, nil, test.text), "assign-service-account-to-pod", "pod-create-access")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
