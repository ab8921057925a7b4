package paths_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestBlast(t *testing.T) {
	t.Parallel()
	b := builder(t)
	m := paths.Of(b.Build(time.Unix(0, 0)))
	jane, err := m.Start(access.Subject{Kind: "User", Name: "jane"})
	if err != nil {
		t.Fatal(err)
	}
	blast, err := m.Blast(context.Background(), []int32{jane})
	if err != nil {
		t.Fatal(err)
	}
	if !blast.Cluster || blast.Accounts == 0 {
		t.Errorf("with jane falls %+v, want everything", blast)
	}
	b.Delete(kube.ClusterRoleBindings, "", "deployer")
	m = paths.Of(b.Build(time.Unix(0, 0)))
	if jane, err = m.Start(access.Subject{Kind: "User", Name: "jane"}); err != nil {
		t.Fatal(err)
	}
	blast, err = m.Blast(context.Background(), []int32{jane})
	if want := (paths.Blast{Accounts: 1}); err != nil || !cmp.Equal(want, blast) {
		t.Errorf("without cluster-admin falls %+v (%v), want one ServiceAccount", blast, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Blast(ctx, []int32{jane}); err == nil {
		t.Error("it goes on after the context has ended")
	}
}

func TestCostIsThatOfTheBestWay(t *testing.T) {
	t.Parallel()
	m, ways, _ := toCluster(t)
	for v := range m.Vertices() {
		way, reaches := ways.Best(v)
		cost, known := ways.Cost(v)
		if reaches != known || cost != way.Cost {
			t.Errorf("%s: the best way costs %d (%v), Cost says %d (%v)", m.Vertex(v), way.Cost, reaches, cost, known)
		}
	}
}

func TestInside(t *testing.T) {
	t.Parallel()
	m := paths.Of(builder(t).Build(time.Unix(0, 0)))
	var names []string
	for _, v := range m.Inside("ci") {
		names = append(names, m.Vertex(v).String())
	}
	if diff := cmp.Diff([]string{"ServiceAccount ci/deployer"}, names); diff != "" {
		t.Errorf("inside of ci (-want +got):\n%s", diff)
	}
	if inside := m.Inside("moon"); inside != nil {
		t.Errorf("inside of a namespace that is not there: %v", inside)
	}
}

// Into finds who may have a token of a ServiceAccount, also by the hub of all in its
// namespace.
func TestInto(t *testing.T) {
	t.Parallel()
	m := paths.Of(builder(t).Build(time.Unix(0, 0)))
	deployer, err := m.Start(access.Subject{Kind: "ServiceAccount", Namespace: "ci", Name: "deployer"})
	if err != nil {
		t.Fatal(err)
	}
	hops, found := m.Into(deployer, 10)
	var got []string
	for _, h := range hops {
		got = append(got, m.Vertex(h.From).String()+" "+h.Family.ID+" "+h.Evidence.Object.Name)
	}
	if diff := cmp.Diff([]string{"User jane TOKEN_REQUEST first", "User jane TOKEN_REQUEST second"}, got); diff != "" || found != 2 {
		t.Errorf("%d ways into deployer (-want +got):\n%s", found, diff)
	}
	if hops, found := m.Into(deployer, 1); len(hops) != 1 || found != 2 {
		t.Errorf("of at most one it returns %d of %d", len(hops), found)
	}
}
