package fix_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

const ops = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ops}
rules:
- apiGroups: [""]
  resources: [nodes, nodes/proxy]
  verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ops}
subjects: [{kind: User, name: jane}, {kind: User, name: joe}]
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web}]}
`

func view(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text)})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	c := view(t, ops)
	role, binding := kube.ClusterRoles.Ref("", "ops"), kube.ClusterRoleBindings.Ref("", "ops")
	changes, err := fix.Outcome(c, binding, audit.Fix{
		Edits: []audit.Edit{
			{Op: audit.Remove, Path: "subjects[0]"},
			{Object: role, Op: audit.Set, Path: "rules[0].resources[1]", Value: "nodes/metrics"},
			{Object: kube.Pods.Ref("shop", "web"), Op: audit.Set, Path: "spec.serviceAccountName", Value: "web"},
		},
		New: []audit.Object{{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": map[string]any{"name": "ops", "namespace": "shop"},
		}},
		Delete: []kube.Ref{secretRef("token")},
	})
	if err != nil {
		t.Fatal(err)
	}
	with, err := c.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := with.ClusterRoleBindings.Get("", "ops")
	if diff := cmp.Diff([]rbacv1.Subject{{Kind: "User", APIGroup: b.Subjects[0].APIGroup, Name: "joe"}}, b.Subjects); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
	r, _ := with.ClusterRoles.Get("", "ops")
	if diff := cmp.Diff([]string{"nodes", "nodes/metrics"}, r.Rules[0].Resources); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if p, _ := with.Pods.Get("shop", "web"); p.Spec.ServiceAccountName != "web" {
		t.Errorf("the pod runs as %q", p.Spec.ServiceAccountName)
	}
	if !with.Has(kube.RoleBindings.Ref("shop", "ops")) || with.Has(secretRef("token")) || !c.Has(secretRef("token")) {
		t.Error("the RoleBinding was not created, or the Secret not deleted")
	}
}

func TestOutcomeThatIsNone(t *testing.T) {
	t.Parallel()
	c := view(t, ops)
	there := audit.Object{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "token", "namespace": "shop"}}
	for name, test := range map[string]struct {
		fix  audit.Fix
		want error
	}{
		"deleting nothing":  {audit.Fix{Delete: []kube.Ref{secretRef("moon")}}, fix.ErrNotInView},
		"editing nothing":   {audit.Fix{Edits: []audit.Edit{{Object: secretRef("moon"), Path: "a"}}}, fix.ErrNotInView},
		"editing a part":    {audit.Fix{Edits: []audit.Edit{{Object: secretRef("token"), Path: "a"}}}, fix.ErrNotWhole},
		"creating it twice": {audit.Fix{New: []audit.Object{there}}, fix.ErrThere},
	} {
		if _, err := fix.Outcome(c, kube.Ref{}, test.fix); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	got, err := fix.Preview(view(t, ops), kube.ClusterRoleBindings.Ref("", "ops"), audit.Fix{
		Edits:  []audit.Edit{{Object: kube.ClusterRoles.Ref("", "ops"), Op: audit.Remove, Path: "rules[0].resources[1]"}},
		Delete: []kube.Ref{kube.ClusterRoleBindings.Ref("", "ops"), secretRef("token")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `--- a/clusterrole-ops.yaml
+++ b/clusterrole-ops.yaml
@@ -7,6 +7,5 @@
   - ""
   resources:
   - nodes
-  - nodes/proxy
   verbs:
   - get
--- a/clusterrolebinding-ops.yaml
+++ b/clusterrolebinding-ops.yaml
@@ -1,13 +0,0 @@
-apiVersion: rbac.authorization.k8s.io/v1
-kind: ClusterRoleBinding
-metadata:
-  name: ops
-roleRef:
-  kind: ClusterRole
-  name: ops
-  apiGroup: rbac.authorization.k8s.io
-subjects:
-- kind: User
-  name: jane
-- kind: User
-  name: joe
# kubectl delete secret/token -n shop
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("preview (-want +got):\n%s", diff)
	}
}
