package graph_test

import (
	"os"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// stock returns a cluster as kubeadm makes it: what the API server and the
// controller manager create, the pods of the control plane and of every node,
// and a namespace with an ordinary workload that is exposed.
func stock(t *testing.T) *kube.Cluster {
	t.Helper()
	defaults, err := os.ReadFile("../testdata/defaults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	system, err := os.ReadFile("testdata/stock/system.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return read(t, append(append(defaults, "\n---\n"...), system...))
}

func TestAStockClusterIsQuiet(t *testing.T) {
	t.Parallel()
	c := stock(t)
	g := graph.Of(c)
	for _, entry := range g.Entries() {
		if g.Reaches(entry, g.Cluster()) {
			t.Errorf("%s leads to the cluster", g.Vertex(entry))
		}
		for _, node := range g.Nodes() {
			if g.Reaches(entry, node) {
				t.Errorf("%s leads to %s", g.Vertex(entry), g.Vertex(node))
			}
		}
	}
	quiet := 0
	for v, vertex := range g.Vertices() {
		if vertex.Kind != graph.ServiceAccount || vertex.Namespace == "kube-system" {
			continue
		}
		quiet++
		if g.Reaches(v, g.Cluster()) {
			t.Errorf("%s leads to the cluster", vertex)
		}
	}
	if quiet < 4 || len(g.Entries()) < 4 {
		t.Errorf("%d ServiceAccounts and %d entries prove little", quiet, len(g.Entries()))
	}
}

// The ways of the control plane itself are there: it is not left out, it is out
// of reach.
func TestTheControlPlaneHasTheCluster(t *testing.T) {
	t.Parallel()
	g := graph.Of(stock(t))
	for _, name := range []string{
		"DaemonSet kube-system/kube-proxy", "Pod kube-system/etcd-control",
		"ServiceAccount kube-system/clusterrole-aggregation-controller", "ServiceAccount kube-system/daemon-set-controller",
		"Group kubeadm:cluster-admins", "Group system:masters", "User system:kube-controller-manager", "namespace kube-system",
	} {
		v := named(g, name)
		if v < 0 || !g.Reaches(v, g.Cluster()) {
			t.Errorf("%s does not lead to the cluster", name)
		}
	}
	if v := named(g, "Deployment kube-system/coredns"); v < 0 || g.Reaches(v, g.Cluster()) {
		t.Error("coredns leads to the cluster")
	}
}
