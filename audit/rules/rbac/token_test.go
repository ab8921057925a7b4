package rbac_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/rbac"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const plainDeployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ci}
spec: {template: {spec: {containers: [{name: app, image: a}]}}}
`

// fixes returns the first fix of each finding of a rule.
func fixes(r *audit.Result, rule string) []audit.Fix {
	var all []audit.Fix
	fixer := audit.NewFixer(r.Cluster)
	for _, f := range r.Findings() {
		if f.Rule.ID == rule && f.Fixable {
			all = append(all, fixer.Fixes(f)[0])
		}
	}
	return all
}

func TestATokenIsWithheldOnlyWhereItIsGoodForNothing(t *testing.T) {
	t.Parallel()
	const grant = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: ci}]
`
	const unread = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: unseen}
subjects: [{kind: Group, name: system:serviceaccounts}]
`
	const owned = `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web
  namespace: ci
  ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web, controller: true, uid: u}]
spec: {template: {spec: {containers: [{name: app, image: a}]}}}
`
	for _, test := range []struct {
		name string
		text string
		want bool
	}{
		{"no grant", plainDeployment, true},
		{"a grant", plainDeployment + grant, false},
		{"a role that is not known", plainDeployment + unread, false},
		{"the object belongs to a controller", owned, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := judge(t, nil, test.text)
			for _, rule := range []string{"default-service-account-token-mounted", "service-account-token-automounted"} {
				if got := lines(r, rule); len(got) != 1 {
					t.Fatalf("findings: %v, want one", got)
				}
				got := fixes(r, rule)
				if !test.want {
					if len(got) > 0 {
						t.Errorf("%s: a fix is offered: %v", rule, got)
					}
					continue
				}
				want := []audit.Edit{{Path: "spec.template.spec.automountServiceAccountToken", Value: false}}
				if len(got) != 1 {
					t.Fatalf("%s: %d fixes, want 1", rule, len(got))
				}
				if diff := cmp.Diff(want, got[0].Edits); diff != "" {
					t.Errorf("%s: edits (-want +got):\n%s", rule, diff)
				}
			}
		})
	}
}

// The kubelet runs static pods without a ServiceAccount; the API server shows
// them as mirror pods.
func TestStaticPodsCarryNoToken(t *testing.T) {
	t.Parallel()
	const pod = `
apiVersion: v1
kind: Pod
metadata:
  name: kube-scheduler-n1
  namespace: kube-system
  annotations: {kubernetes.io/config.mirror: x}
  ownerReferences: [{apiVersion: v1, kind: Node, name: n1, controller: true, uid: u}]
spec: {containers: [{name: kube-scheduler, image: a}]}
`
	if got := lines(judge(t, live(), pod)); len(got) > 0 {
		t.Errorf("findings: %v", got)
	}
}

func TestDanglingSubjectsAreTakenOutFromTheEnd(t *testing.T) {
	t.Parallel()
	const text = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: a, namespace: ci}
- {kind: ServiceAccount, name: b, namespace: shop}
- {kind: ServiceAccount, name: c, namespace: ci}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
`
	r := judge(t, live(), text)
	want := []string{"binding-subject-missing medium in ci of all", "binding-subject-missing medium in shop of all"}
	if diff := cmp.Diff(want, lines(r, "binding-subject-missing")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	var paths []string
	for _, fix := range fixes(r, "binding-subject-missing") {
		for _, edit := range fix.Edits {
			if edit.Op != audit.Remove {
				t.Errorf("edit of %s is no removal", edit.Path)
			}
			paths = append(paths, edit.Path)
		}
	}
	if want := []string{"subjects[2]", "subjects[0]", "subjects[1]"}; !slices.Equal(paths, want) {
		t.Errorf("edits of %v, want %v", paths, want)
	}
}

// What a user who sees one namespace may not read is neither pass nor fault.
func TestABlindViewProvesNothing(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Scope: []string{"ci"}})
	for _, r := range []kube.Resource{kube.ClusterRoles, kube.ClusterRoleBindings} {
		b.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Reason: "forbidden"})
	}
	for _, r := range []kube.Resource{kube.Roles, kube.RoleBindings, kube.ServiceAccounts, kube.Deployments} {
		b.SetState(kube.State{Resource: r, Namespace: "ci", Phase: kube.Synced})
	}
	if err := b.Set(kube.Deployments, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: "web"},
		Spec:       appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{ServiceAccountName: "gone"}}},
	}); err != nil {
		t.Fatal(err)
	}
	r := audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{rbac.Category()})
	coverage := map[string]float64{}
	for _, tally := range r.Tallies() {
		if tally.Namespace == "ci" {
			coverage[tally.Rule.ID] = tally.Coverage
		}
	}
	want := map[string]float64{
		"cluster-admin-bound": 0, "secrets-access-namespace": 0, "binding-subject-missing": 0.5,
		"service-account-token-mounted-with-permissions": 0, "service-account-missing": 1,
	}
	for rule, w := range want {
		if coverage[rule] != w {
			t.Errorf("%s: coverage %v, want %v", rule, coverage[rule], w)
		}
	}
	if diff := cmp.Diff([]string{"service-account-missing high in ci of web"}, lines(r, "service-account-missing")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
