package graph_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

func story(t *testing.T, name string) *kube.Cluster {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return read(t, text)
}

// What people point at is found: the vertex of each object, and none for what is no
// vertex.
func TestFind(t *testing.T) {
	t.Parallel()
	c := stock(t)
	g := graph.Of(c)
	for _, test := range []struct {
		ref  kube.Ref
		want string // "" for none
	}{
		{kube.ServiceAccounts.Ref("kube-system", "coredns"), "ServiceAccount kube-system/coredns"},
		{kube.Deployments.Ref("shop", "web"), "Deployment shop/web"},
		{kube.DaemonSets.Ref("kube-system", "kube-proxy"), "DaemonSet kube-system/kube-proxy"},
		{kube.Pods.Ref("kube-system", "kube-apiserver-control"), "Pod kube-system/etcd-control"}, // they are alike
		{kube.Pods.Ref("kube-system", "kube-scheduler-control"), "Pod kube-system/kube-scheduler-control"},
		{kube.Namespaces.Ref("", "shop"), "namespace shop"},
		{kube.Nodes.Ref("", "worker-2"), "a worker node"},
		{kube.Nodes.Ref("", "control"), "a control plane node"},
		{kube.Services.Ref("shop", "web"), ""},
		{kube.Deployments.Ref("shop", "absent"), ""},
		{kube.Nodes.Ref("", "absent"), ""},
		{kube.ServiceAccounts.Ref("shop", "absent"), ""},
	} {
		got := ""
		if v, ok := g.Find(c, test.ref); ok {
			got = g.Vertex(v).String()
		}
		if got != test.want {
			t.Errorf("%s is %q, want %q", test.ref, got, test.want)
		}
	}
	if v, ok := g.Subject(access.Subject{Kind: "Group", Name: "system:masters"}); !ok || !g.Reaches(v, g.Cluster()) {
		t.Error("system:masters is not found, or leads nowhere")
	}
	var nodes []string
	for _, v := range g.Nodes() {
		nodes = append(nodes, g.Vertex(v).String())
	}
	if diff := cmp.Diff([]string{"a control plane node", "a worker node"}, nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	var entries []string
	for _, v := range g.Entries() {
		entries = append(entries, g.Vertex(v).String())
	}
	if diff := cmp.Diff([]string{"anybody", "anybody with an account", "any pod", "traffic through LoadBalancers"}, entries); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	for _, namespace := range c.NamespaceNames() {
		if v, ok := g.SecretsOf(namespace); !ok || !g.Reaches(g.Cluster(), v) {
			t.Errorf("the Secrets of %s are not found, or out of reach of the cluster", namespace)
		}
	}
}

// A hop reads as a sentence that names its evidence.
func TestDescribe(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ story, from, family, want string }{
		{
			"cluster-admin", "Group ops", "RBAC_CLUSTER_ADMIN",
			"Group ops may do everything with everything in the cluster (ClusterRoleBinding ops (ClusterRole innocuous, rule 1))",
		},
		{
			"cluster-admin", "Deployment ci/runner", "CONTAINER_SA",
			"Deployment ci/runner carries the token of ServiceAccount ci/runner (Deployment ci/runner spec.template.spec.automountServiceAccountToken)",
		},
		{
			"bind", "ClusterRole deployer, bound in the cluster", "WORKLOAD_CREATE_SA",
			"ClusterRole deployer, bound in the cluster may create workloads, and so new pods in every namespace, as any ServiceAccount there (ClusterRole deployer, rule 1)",
		},
		{
			"tokens", "Secret ci/strong-token", "SECRET_TOKEN_LIST",
			"Secret ci/strong-token holds a token of ServiceAccount ci/strong that does not expire (Secret ci/strong-token)",
		},
		{
			"workloads", "new pods in shop", "SECRET_MOUNT", "new pods in shop may mount Secrets of shop",
		},
	} {
		g := graph.Of(story(t, test.story))
		got := "no such edge"
		if v := named(g, test.from); v >= 0 {
			for _, e := range g.From(v) {
				if e.Family.ID == test.family {
					got = g.Describe(e)
				}
			}
		}
		if got != test.want {
			t.Errorf("%s: %s\nwant %s", test.story, got, test.want)
		}
	}
}

// A way that needs several grants names each on its own step.
func TestConjunctionsNameEachGrant(t *testing.T) {
	t.Parallel()
	g := graph.Of(story(t, "bind"))
	at := named(g, "User split")
	var steps []string
	for at != g.Cluster() {
		next := int32(-1)
		for _, e := range g.From(at) {
			if e.Family.ID == "BIND_CRB" {
				steps, next = append(steps, g.Evidence(e.Label).String()), e.To
			}
		}
		if next < 0 {
			t.Fatalf("after %v there is no way on", steps)
		}
		at = next
	}
	want := []string{"ClusterRoleBinding split-1 (ClusterRole split-1, rule 1)", "ClusterRoleBinding split-2 (ClusterRole split-2, rule 1)"}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// The edges in slices are the same as one by one, in order, and every label has
// evidence.
func TestEdgesInSlices(t *testing.T) {
	t.Parallel()
	g := graph.Of(story(t, "pod-security"))
	from, to, cost, label := g.Edges()
	if len(from) != g.Size() || len(from) < 50 {
		t.Fatalf("%d of %d edges", len(from), g.Size())
	}
	n := 0
	for v := range g.Vertices() {
		for i, e := range g.From(v) {
			want := graph.Edge{From: from[n], To: to[n], Family: e.Family, Cost: cost[n], Confidence: e.Confidence, Label: label[n]}
			if i != n || e != want || e.From != v || e.Cost > 4 {
				t.Errorf("edge %d is %+v, want %+v from %d as number %d", i, e, want, v, n)
			}
			if e.Label != graph.None && g.Evidence(e.Label).String() == "" {
				t.Errorf("label %d has no evidence", e.Label)
			}
			n++
		}
	}
	if n != g.Size() {
		t.Errorf("%d of %d edges belong to a vertex", n, g.Size())
	}
}

// Every pod of a view is counted under one vertex.
func TestPodsAreCounted(t *testing.T) {
	t.Parallel()
	b, err := fleet.Of(600).Builder()
	if err != nil {
		t.Fatal(err)
	}
	c := b.Build(fleet.Began())
	g, pods, members := graph.Of(c), 0, 0
	for v, vertex := range g.Vertices() {
		pods += g.Pods(c, v)
		members += vertex.Members
		if vertex.Kind == graph.Workload && !c.Has(vertex.Witness) {
			t.Errorf("%s is not in the view", vertex.Witness)
		}
	}
	if pods != c.Pods.Len() || members != len(c.Workloads()) {
		t.Errorf("%d pods and %d workloads, want %d and %d", pods, members, c.Pods.Len(), len(c.Workloads()))
	}
}
