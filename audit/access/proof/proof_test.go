package proof_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// shop is a cluster in which a Deployment has its ServiceAccount read all Secrets.
const shop = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers: [{name: web, image: web}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true, uid: a}]}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers: [{name: web, image: web}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true, uid: b}]}
spec:
  nodeName: n1
  serviceAccountName: web
  containers: [{name: web, image: web}, {name: injected, image: proxy}]
  volumes: [{name: kube-api-access-x7f2q, projected: {sources: [{serviceAccountToken: {path: token}}]}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [""], resources: [secrets, nodes], verbs: [get, list]}
- {nonResourceURLs: [/metrics], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`

func view(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	info := kube.Info{Name: "test", Version: "v1.37.1"}
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text), Info: &info})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// prove proves a fix of an object of manifests.
func prove(t *testing.T, text string, subject kube.Ref, f audit.Fix) *proof.Proof {
	t.Helper()
	c := view(t, text)
	changes, err := fix.Outcome(c, subject, f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proof.Of(context.Background(), score.Assess(c, rules.All()), changes)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Bound in one namespace, a subject keeps there what it loses everywhere else.
func TestBoundInItsNamespace(t *testing.T) {
	t.Parallel()
	p := prove(t, shop, kube.Ref{}, audit.Fix{
		Delete: []kube.Ref{kube.ClusterRoleBindings.Ref("", "reader")},
		New: []audit.Object{{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
			"metadata": map[string]any{"name": "reader", "namespace": "shop"},
			"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "reader"},
			"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}},
		}},
	})
	read := []string{"get", "list"}
	want := []proof.Right{
		{Resource: "nodes", Verbs: read},
		{Resource: "secrets", Verbs: read, Except: []string{"shop"}},
		{Path: "/metrics", Verbs: []string{"get"}},
	}
	if len(p.Rights) != 1 || p.Rights[0].Subject.Name != "web" {
		t.Fatalf("rights of %+v, want those of web", p.Rights)
	}
	if diff := cmp.Diff(want, p.Rights[0].Lost); diff != "" {
		t.Errorf("lost (-want +got):\n%s", diff)
	}
	if p.Gains() || p.Score.After <= p.Score.Before || p.Score.Cleared == 0 {
		t.Errorf("gains %v, score %v → %v, %d cleared", p.Gains(), p.Score.Before, p.Score.After, p.Score.Cleared)
	}
}

func TestRightsThatAreGained(t *testing.T) {
	t.Parallel()
	role := kube.ClusterRoles.Ref("", "reader")
	p := prove(t, shop, role, audit.Fix{Edits: []audit.Edit{
		{Op: audit.Set, Path: "rules[0].verbs[1]", Value: "delete"},
		{Op: audit.Remove, Path: "rules[1]"},
	}})
	verbs := func(verb string) []proof.Right {
		return []proof.Right{{Resource: "nodes", Verbs: []string{verb}}, {Resource: "secrets", Verbs: []string{verb}}}
	}
	want := []proof.Rights{{
		Subject: p.Rights[0].Subject,
		Lost:    append(verbs("list"), proof.Right{Path: "/metrics", Verbs: []string{"get"}}),
		Gained:  verbs("delete"),
	}}
	if diff := cmp.Diff(want, p.Rights); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
	if !p.Gains() {
		t.Error("nobody gains")
	}
}

// The parts of the kubelet's API are no more than all of it.
func TestTheKubeletInParts(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(shop, "[secrets, nodes]", "[nodes/proxy, nodes]")
	p := prove(t, text, kube.ClusterRoles.Ref("", "reader"), audit.Fix{Edits: []audit.Edit{
		{Op: audit.Set, Path: "rules[0].resources[0]", Value: "nodes/metrics"},
	}})
	want := []proof.Right{{Resource: "nodes/proxy", Verbs: []string{"get", "list"}}}
	if diff := cmp.Diff(want, p.Rights[0].Lost); diff != "" || p.Gains() {
		t.Errorf("gains %v, lost (-want +got):\n%s", p.Gains(), diff)
	}
}

// What comes by a group as well is not lost, and the way that is left is told.
func TestSurvivor(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(shop, "name: reader}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}",
		"name: reader}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}")
	again := `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: again}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: Group, name: "system:serviceaccounts:shop"}]
`
	p := prove(t, text+again, kube.Ref{}, audit.Fix{Delete: []kube.Ref{kube.ClusterRoleBindings.Ref("", "reader")}})
	admin := p.Targets[0]
	if len(p.Rights) > 0 || len(admin.Disconnected) > 0 || admin.Before != admin.After {
		t.Errorf("rights %+v, cut off %v; want none", p.Rights, admin.Disconnected)
	}
	if len(admin.Survivors) == 0 {
		t.Fatal("no way is left")
	}
	var web proof.Survivor
	for _, s := range admin.Survivors {
		if s.Start.Kind == graph.ServiceAccount {
			web = s
		}
	}
	last := web.Way.Hops[len(web.Way.Hops)-1]
	if web.Start.Name != "web" || last.Evidence.Binding.Ref.Name != "again" {
		t.Errorf("%v is left with %v, want web by again", web.Start, last.Evidence)
	}
	// Without either of them it is cut off, and so are those with whom it shared one.
	p = prove(t, text+again, kube.Ref{}, audit.Fix{Delete: []kube.Ref{
		kube.ClusterRoleBindings.Ref("", "reader"), kube.ClusterRoleBindings.Ref("", "again"),
	}})
	var cut []string
	for _, v := range p.Targets[0].Disconnected {
		cut = append(cut, v.String())
	}
	want := []string{"ServiceAccount shop/default", "ServiceAccount shop/web", "Group system:serviceaccounts:shop"}
	if diff := cmp.Diff(want, cut); diff != "" {
		t.Errorf("cut off (-want +got):\n%s", diff)
	}
}

// Pods have the token until they are made again; what admission added stays.
func TestPodsAreMadeAgain(t *testing.T) {
	t.Parallel()
	web := kube.Deployments.Ref("shop", "web")
	const field = "spec.template.spec."
	token := func(p *corev1.PodSpec) bool { return len(p.Volumes) > 0 }
	for name, test := range map[string]struct {
		subject kube.Ref
		edit    audit.Edit
		account string
		token   bool
		again   int
	}{
		"of another template": {web, audit.Edit{Path: field + "automountServiceAccountToken", Value: false}, "web", false, 1},
		"as somebody else":    {web, audit.Edit{Path: field + "serviceAccountName", Value: "default"}, "default", true, 1},
		"by the account": {
			kube.ServiceAccounts.Ref("shop", "web"), audit.Edit{Path: "automountServiceAccountToken", Value: false}, "web", false, 1,
		},
		"by another account": {
			kube.ServiceAccounts.Ref("shop", "default"), audit.Edit{Path: "automountServiceAccountToken", Value: false}, "web", true, 0,
		},
		"but not for a label": {
			kube.ServiceAccounts.Ref("shop", "web"), audit.Edit{Path: "metadata.labels.a", Value: "b"}, "web", true, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := prove(t, shop, test.subject, audit.Fix{Edits: []audit.Edit{test.edit}})
			pod, _ := p.View.Pods.Get("shop", "web-1-a")
			if p.Recreated != test.again || pod.Spec.ServiceAccountName != test.account || token(pod.Spec) != test.token || len(pod.Spec.Containers) != 2 {
				t.Errorf("%d made again; the pod runs as %s with %d containers, token %v; want %d, %s, 2, %v",
					p.Recreated, pod.Spec.ServiceAccountName, len(pod.Spec.Containers), token(pod.Spec), test.again, test.account, test.token)
			}
		})
	}
}

// accepting accepts the findings of one rule.
type accepting string

func (rule accepting) Review(r *audit.Result) *audit.Result {
	reviewed := *r
	reviewed.Namespaces = nil
	for _, n := range r.Namespaces {
		of := *n
		of.Findings = nil
		for _, f := range n.Findings {
			kept := *f
			if f.Rule.ID == string(rule) {
				kept.Accepted = &audit.Acceptance{Reason: "known"}
			}
			of.Findings = append(of.Findings, &kept)
		}
		reviewed.Namespaces = append(reviewed.Namespaces, &of)
	}
	return &reviewed
}

func (accepting) Group(*kube.Cluster, string) string { return "" }

// What was accepted costs nothing after the change, either.
func TestAcceptedStaysAccepted(t *testing.T) {
	t.Parallel()
	c := view(t, shop)
	before := score.NewAssessor(rules.All(), nil).Under(accepting("secrets-access-cluster-wide")).Assess(c)
	if before.Accepted == 0 {
		t.Fatal("nothing is accepted")
	}
	changes, err := fix.Outcome(c, kube.ClusterRoles.Ref("", "reader"), audit.Fix{Edits: []audit.Edit{{Op: audit.Remove, Path: "rules[1]"}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := proof.Of(context.Background(), before, changes)
	if err != nil {
		t.Fatal(err)
	}
	if p.Score.Raised != 0 || len(p.Score.Namespaces) != 0 {
		t.Errorf("%d findings raised, scores %+v; want none", p.Score.Raised, p.Score.Namespaces)
	}
}

func TestGivenUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	before := score.Assess(view(t, shop), rules.All())
	if _, err := proof.Of(ctx, before, []kube.Change{gone(kube.ClusterRoleBindings.Ref("", "reader"))}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context has ended: %v", err)
	}
}
