package coverage_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/coverage"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestEveryPhaseIsTold goes through the phases in the order of the screen: what
// needs a look first.
func TestEveryPhaseIsTold(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	for _, s := range []kube.State{
		{Resource: kube.Secrets, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list secrets"},
		{Resource: kube.Pods, Namespace: "payments", Phase: kube.Failed, Reason: "the answer makes no sense"},
		{Resource: kube.Nodes, Phase: kube.Stale},
		{Resource: kube.Services, Phase: kube.Syncing, Count: 30, Total: 120},
		{Resource: kube.Jobs, Phase: kube.Waiting},
		{Resource: kube.PodMetrics, Phase: kube.Absent},
		{Resource: kube.Events, Phase: kube.Skipped},
	} {
		b.SetState(s)
	}
	robot, _ := screentest.Show(t, coverage.New(nav.Address{Screen: "coverage"}), screentest.Assess(b), 100, 40, style.Options{})
	for _, want := range []struct{ row, told string }{
		{"forbidden", "needs list on secrets: jane may not list secrets"},
		{"failed", "pods is failed: the answer makes no sense"},
		{"stale", "nodes: read as a whole once; since then the server has stopped answering"},
		{"syncing", "services: on its way; objects so far: 30"},
		{"waiting", "jobs.batch: not asked for yet"},
		{"absent", "pods.metrics.k8s.io: the server does not serve it"},
		{"skipped", "events: not asked for, by choice"},
		{"synced", "read as a whole and followed from then on"},
	} {
		robot.ExpectSelected(want.row).Expect(want.told).Press("j")
	}
	robot.ExpectLine("failed", "pods", "payments").ExpectLine("syncing", "30", "25 % of about 120").Press("enter", "y", "n", "/")
}

func TestManifestsHaveNoState(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "files", Offline: true})
	robot, host := screentest.Show(t, coverage.New(nav.Address{Screen: "coverage"}), screentest.Assess(b), 80, 24, style.Options{})
	robot.Expect("manifests are read as a whole").Press("j", "k", "G", "enter")
	if len(host.Asked) != 0 {
		t.Errorf("the screen asked for %v", host.Asked)
	}
}
