package paths_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// read returns the view of a cluster that is made of manifests.
func read(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader([]byte(text)), Info: &kube.Info{Name: "test", Version: "v1.37.1"}, Now: func() time.Time { return time.Unix(0, 0) },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if problems := source.Problems(); len(problems) > 0 {
		t.Fatal(problems[0].Err)
	}
	return c
}

// granted returns a cluster where the ServiceAccount ci/robot has a role, through a
// RoleBinding or a ClusterRoleBinding.
func granted(binding, group, rules, namespace, nodes string) string {
	text := fmt.Sprintf(`
{apiVersion: v1, kind: Namespace, metadata: {name: ci, labels: {%s}}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: ci, name: robot}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: role}, rules: [%s]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata: {name: robot%s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: role}
subjects: [%s]
`, namespace, rules, binding, map[string]string{"RoleBinding": ", namespace: ci"}[binding], group)
	if nodes != "" {
		text += "---\n" + nodes
	}
	return text
}

func TestDistances(t *testing.T) {
	t.Parallel()
	const (
		robot   = `{kind: ServiceAccount, namespace: ci, name: robot}`
		group   = `{kind: Group, name: "system:serviceaccounts"}`
		all     = `{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}`
		pods    = `{apiGroups: [""], resources: [pods], verbs: [create]}`
		binding = `{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}, {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}`
		control = `{apiVersion: v1, kind: Node, metadata: {name: first, labels: {node-role.kubernetes.io/control-plane: ""}}}`
		worker  = `{apiVersion: v1, kind: Node, metadata: {name: first}}`
		safe    = `pod-security.kubernetes.io/enforce: restricted`
	)
	for _, test := range []struct {
		name string
		text string
		want int // -1 for no way
		end  string
	}{
		{"everything is granted", granted("ClusterRoleBinding", robot, all, "", ""), 0, "the cluster"},
		{"to a group that it is in", granted("ClusterRoleBinding", group, all, "", ""), 0, "the cluster"},
		{"a way by two grants", granted("ClusterRoleBinding", robot, binding, "", ""), 1, "the cluster"},
		{"all of a namespace, with a control plane", granted("RoleBinding", robot, all, "", control), 5, "the cluster"},
		{"all of a namespace, with workers", granted("RoleBinding", robot, all, "", worker), 5, "a worker node"},
		{"all of a namespace, its label with it", granted("RoleBinding", robot, all, safe, worker), 6, "a worker node"},
		{"new pods", granted("RoleBinding", robot, pods, "", worker), 5, "a worker node"},
		{"new pods that cannot break out", granted("RoleBinding", robot, pods, safe, worker), -1, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := paths.Of(read(t, test.text))
			far, err := m.Distances(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			start, err := m.Start(access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: "ci", Name: "robot"})
			if err != nil {
				t.Fatal(err)
			}
			got, ok := far.From(start)
			way, found := far.Way(start)
			if ok != found || !ok && test.want >= 0 || ok && got != test.want {
				t.Fatalf("cost %d, way %v (%v), want %d", got, ok, found, test.want)
			}
			if ok && m.Vertex(way.Hops[len(way.Hops)-1].To).String() != test.end {
				t.Errorf("the way ends at %s, want %s", m.Vertex(way.Hops[len(way.Hops)-1].To), test.end)
			}
			without, err := far.Without(t.Context(), func(e graph.Evidence) bool { return e.Binding != nil && e.Binding.Ref.Name == "robot" })
			if err != nil {
				t.Fatal(err)
			}
			if left, ok := without.From(start); ok {
				t.Errorf("without the binding the cost is %d, want no way", left)
			}
		})
	}
}
