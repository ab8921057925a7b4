package rbac_test

import (
	"bytes"
	stdcmp "cmp"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/rbac"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// live is what a view of a cluster that could be read whole says of itself.
func live() *kube.Info { return &kube.Info{Name: "test", Version: "v1.37.1"} }

// judge runs the category over manifests.
func judge(t testing.TB, info *kube.Info, text string) *audit.Result {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader([]byte(text)), Info: info, Now: func() time.Time { return time.Unix(0, 0) },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if problems := source.Problems(); len(problems) > 0 {
		t.Fatal(problems[0].Err)
	}
	return audit.Run(c, []audit.Category{rbac.Category()})
}

// lines describes the findings of some rules, all rules if none is named.
func lines(r *audit.Result, rules ...string) []string {
	described := []string{}
	for _, f := range r.Findings() {
		if len(rules) > 0 && !slices.Contains(rules, f.Rule.ID) {
			continue
		}
		line := f.Rule.ID + " " + f.Severity.String() + " in " + stdcmp.Or(f.Namespace, "the cluster") + " of " + f.Subject.Name
		if f.Implied != "" {
			line += " by " + f.Implied
		}
		described = append(described, line)
	}
	return described
}

func defaults(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../../access/testdata/defaults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDefaultsOfTheServerAreQuiet(t *testing.T) {
	t.Parallel()
	r := judge(t, live(), defaults(t))
	if got := lines(r); len(got) > 0 {
		t.Errorf("findings on what the server creates by itself:\n%s", strings.Join(got, "\n"))
	}
	for _, tally := range r.Tallies() {
		if tally.Coverage != 1 {
			t.Errorf("%s in %q: coverage %v: %s", tally.Rule.ID, tally.Namespace, tally.Coverage, tally.Why)
		}
	}
	// Without the label the same objects are somebody's own, and far from quiet.
	unlabelled := strings.ReplaceAll(defaults(t), "kubernetes.io/bootstrapping: rbac-defaults", "a: b")
	if got := lines(judge(t, live(), unlabelled)); len(got) < 50 {
		t.Errorf("%d findings without the label, want many", len(got))
	}
}

// The label must not hide what was added to a default binding, nor a binding
// that bears it without being a default.
func TestTheLabelOfDefaultsHidesNobodyElse(t *testing.T) {
	t.Parallel()
	const text = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: added, labels: {kubernetes.io/bootstrapping: rbac-defaults}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: Group, name: system:masters}
- {kind: Group, name: system:unauthenticated}
- {kind: ServiceAccount, name: web, namespace: shop}
`
	got := lines(judge(t, nil, text), "cluster-admin-bound", "anonymous-subject-bound")
	want := []string{
		"anonymous-subject-bound critical in the cluster of added",
		"cluster-admin-bound critical in shop of added",
		"cluster-admin-bound critical in the cluster of added",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

const clusterBinding = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: wide}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: power}
subjects:
`

const namespacedBinding = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: narrow, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: power}
subjects:
`

func roleOf(rules string) string {
	return `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: power}
rules:
` + rules
}

const exec = `- {apiGroups: [""], resources: [pods/exec], verbs: [create]}`

func TestWhereABindingCounts(t *testing.T) {
	t.Parallel()
	const rule = "pods-exec-access"
	for _, test := range []struct {
		name    string
		binding string
		want    []string
	}{
		{"ServiceAccounts of two namespaces", clusterBinding + `
- {kind: ServiceAccount, name: a, namespace: ci}
- {kind: ServiceAccount, name: b, namespace: shop}
- {kind: ServiceAccount, name: c, namespace: ci}
`, []string{rule + " medium in ci of wide", rule + " medium in shop of wide"}},
		{"people, for the cluster", clusterBinding + `
- {kind: User, name: jane}
- {kind: Group, name: ops}
`, []string{rule + " medium in the cluster of wide"}},
		{"a user that is a ServiceAccount", clusterBinding + `
- {kind: User, name: "system:serviceaccount:ci:a"}
`, []string{rule + " medium in ci of wide"}},
		{"the ServiceAccounts of a namespace", clusterBinding + `
- {kind: Group, name: "system:serviceaccounts:ci"}
`, []string{rule + " medium in ci of wide"}},
		{"everybody", clusterBinding + `
- {kind: Group, name: system:authenticated}
- {kind: ServiceAccount, name: a, namespace: ci}
`, []string{rule + " high in the cluster of wide", rule + " medium in ci of wide"}},
		{"a RoleBinding, in its namespace only", namespacedBinding + `
- {kind: ServiceAccount, name: a, namespace: shop}
- {kind: User, name: jane}
`, []string{rule + " medium in ci of narrow"}},
		{"system:masters has it anyway", clusterBinding + `
- {kind: Group, name: system:masters}
`, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := lines(judge(t, live(), roleOf(exec)+test.binding), rule)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReachGradesAPower(t *testing.T) {
	t.Parallel()
	deployment := func(pod string) string {
		return `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ci}
spec: ` + pod + "\n"
	}
	const subject = "- {kind: ServiceAccount, name: runner, namespace: ci}\n"
	for _, test := range []struct {
		name    string
		info    *kube.Info
		objects string
		want    string
	}{
		{"nothing runs as it", live(), "", "medium"},
		{"manifests do not say what else runs", nil, "", "high"},
		{"manifests of the whole namespace do", nil, "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: ci}}\n", "medium"},
		{"a workload carries the token", live(), deployment("{template: {spec: {serviceAccountName: runner}}}"), "high"},
		{"as another ServiceAccount", live(), deployment("{template: {spec: {serviceAccountName: other}}}"), "medium"},
		{"without the token", live(), deployment("{template: {spec: {serviceAccountName: runner, automountServiceAccountToken: false}}}"), "medium"},
		{"scaled to zero", live(), deployment("{replicas: 0, template: {spec: {serviceAccountName: runner}}}"), "medium"},
		{
			"a projected token for the API server", live(),
			deployment("{template: {spec: {serviceAccountName: runner, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]}}}"),
			"high",
		},
		{
			"a projected token for something else", live(),
			deployment("{template: {spec: {serviceAccountName: runner, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]}}]}}}"),
			"medium",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := lines(judge(t, test.info, roleOf(exec)+clusterBinding+subject+test.objects), "pods-exec-access")
			want := []string{"pods-exec-access " + test.want + " in ci of wide"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneFaultIsChargedOnce(t *testing.T) {
	t.Parallel()
	const everybody = "- {kind: Group, name: system:authenticated}\n"
	for _, test := range []struct {
		name    string
		text    string
		want    []string // rules with a finding of its own, besides that of the subject
		implied []string // some of those with an implied one
	}{
		{
			"cluster-admin", strings.ReplaceAll(clusterBinding, "power", "cluster-admin") + everybody,
			[]string{"cluster-admin-bound critical"},
			[]string{
				"cluster-role-wildcard-bound critical by cluster-admin-bound",
				"secrets-access-cluster-wide high by cluster-admin-bound",
				"impersonate-access critical by cluster-admin-bound",
			},
		},
		{
			"edit in a namespace", strings.ReplaceAll(namespacedBinding, "power", "edit") + everybody,
			[]string{"namespace-admin-bound high"},
			[]string{
				"impersonate-access high by namespace-admin-bound",
				"secrets-access-namespace medium by namespace-admin-bound",
			},
		},
		{
			"all verbs on Secrets", roleOf(`- {apiGroups: [""], resources: [secrets], verbs: ["*"]}`) + clusterBinding + everybody,
			[]string{"wildcard-verbs high"},
			[]string{"secrets-access-cluster-wide high by wildcard-verbs"},
		},
		{
			"all verbs on what is worse", roleOf(`- {apiGroups: [""], resources: [nodes/proxy], verbs: ["*"]}`) + clusterBinding + everybody,
			[]string{"nodes-proxy-access critical"},
			[]string{"wildcard-verbs high by nodes-proxy-access"},
		},
		{
			"two faults", roleOf(exec+"\n"+`- {apiGroups: [""], resources: [secrets], verbs: ["*"]}`) + clusterBinding + everybody,
			[]string{"pods-exec-access high", "wildcard-verbs high"},
			[]string{"secrets-access-cluster-wide high by wildcard-verbs"},
		},
		{
			"reading everything is no more than high", roleOf(`- {apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}`) + clusterBinding + everybody,
			[]string{"nodes-proxy-access critical", "wildcard-resources-cluster high"},
			[]string{"secrets-access-cluster-wide high by wildcard-resources-cluster"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			own, implied := []string{}, map[string]bool{}
			for _, f := range judge(t, nil, test.text).Findings() {
				switch {
				case f.Rule.ID == "authenticated-group-bound" || f.Rule.Weight > 0:
				case f.Implied == "":
					own = append(own, f.Rule.ID+" "+f.Severity.String())
				default:
					implied[f.Rule.ID+" "+f.Severity.String()+" by "+f.Implied] = true
				}
			}
			if diff := cmp.Diff(test.want, own); diff != "" {
				t.Errorf("findings of their own (-want +got):\n%s", diff)
			}
			for _, want := range test.implied {
				if !implied[want] {
					t.Errorf("no implied finding %q among %v", want, implied)
				}
			}
		})
	}
}

func TestWhatIsNotInTheManifestsIsUnknown(t *testing.T) {
	t.Parallel()
	r := judge(t, nil, namespacedBinding+"- {kind: ServiceAccount, name: runner}\n")
	unknown := map[string]int{}
	for _, tally := range r.Tallies() {
		unknown[tally.Rule.ID] += tally.Unknown
	}
	for _, rule := range []string{"pods-exec-access", "role-ref-missing", "binding-subject-missing", "secrets-access-namespace"} {
		if unknown[rule] != 1 {
			t.Errorf("%s: %d subjects are unknown, want 1", rule, unknown[rule])
		}
	}
	if got := lines(r); len(got) > 0 {
		t.Errorf("findings: %v", got)
	}
}

// A binding to nobody is a way up for whoever can become somebody: that was
// tried against a server.
func TestAStaleBindingWeighsAsMuchAsItsRole(t *testing.T) {
	t.Parallel()
	const stale = `
apiVersion: v1
kind: Namespace
metadata: {name: ci}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: left-behind}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: gone, namespace: ci}]
`
	deployer := func(rules string) string {
		return stale + `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: ci}
rules: [` + rules + `]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployer, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
subjects: [{kind: ServiceAccount, name: deployer, namespace: ci}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: ci}
---
apiVersion: v1
kind: Pod
metadata: {name: deployer, namespace: ci}
spec: {serviceAccountName: deployer, containers: [{name: app, image: a}]}
`
	}
	for _, test := range []struct{ name, text, want string }{
		{"nobody can", stale, "medium"},
		{"somebody can create it, and no more", deployer(`{apiGroups: [""], resources: [serviceaccounts], verbs: [create]}`), "medium"},
		{"and run pods as it", deployer(`{apiGroups: ["", batch], resources: [serviceaccounts, jobs], verbs: [create]}`), "critical"},
		{"and request its token", deployer(`{apiGroups: [""], resources: [serviceaccounts, serviceaccounts/token], verbs: [create]}`), "critical"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := []string{"binding-subject-missing " + test.want + " in ci of left-behind"}
			if diff := cmp.Diff(want, lines(judge(t, nil, test.text), "binding-subject-missing")); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
