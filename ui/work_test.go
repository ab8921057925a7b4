package ui_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// grow adds Deployments to the namespace crowd, each with ten findings and more.
func (u *user) grow(deployments int) *user {
	u.t.Helper()
	for i := range deployments {
		o := screentest.Deployment("crowd", fmt.Sprintf("member-%03d", i))
		o.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "registry.example.com/member"}}
		if err := u.cluster.Set(kube.Deployments, o); err != nil {
			u.t.Fatal(err)
		}
	}
	return u.publish()
}

// TestManyFindings goes the whole way on a cluster whose findings are sorted,
// searched and scored in the background.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 200, 50, func(u *user) {
		u.grow(screen.Few/10).Expect("What gains most", "crowd").ExpectLine("+39.3", "cluster-admin-bound")
		u.Press("/").Type("crowd").Press("enter").ExpectLine("crowd  ").Expect("may gain privileges").Press("enter")
		u.ExpectLine("Findings (2").ExpectSelected("deploy/member-000").Press("j", "j", "s").Expect("POINTS").ExpectSelected("deploy/member-002")
		u.Press("/").Type("member-19").Press("enter").Expect("filtered by member-19").ExpectNot("deploy/member-000")
		u.Press("g", "enter").ExpectLine("deploy/member-190", "(191 of 2200)").Expect("without any of its rule").Press("n").Expect("(192 of 2200)")
		u.Press("esc").ExpectSelected("deploy/member-190").Press("esc").Expect("deploy/member-000").Press("esc", "esc").Expect("Namespaces (7)")
	})
}

// TestLeavingDuringWork quits while a list is made: the model waits for nothing,
// and nothing is left that the bubble would complain of.
func TestLeavingDuringWork(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "findings"}, 100, 30, func(u *user) {
		u.grow(screen.Few / 10)
		u.Patience = 0
		u.Press("s", "/").Type("mem").Press("esc", "S", "enter", "q")
		synctest.Wait()
		u.Patience = time.Second
		u.wait().ExpectQuit()
	})
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.blank().publish().Press(":").Type("diag").Press("enter").Expect("Overview › Diagnostics", "1 received, 1 judged", "goroutines").ExpectLine("configmaps", "waiting")
		u.cluster.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Count: 30})
		u.publish().ExpectLine("pods", "syncing", "30").Press("j").WaitFor("2 received, 2 judged", 2*time.Second)
		u.Press("esc").Expect("Reading the cluster").Press(":").Type("diagnostics").Press("enter").Expect("2 judged").Press("q").ExpectQuit()
	})
}
