package screen_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestADryRunThatIsNotWantedAnyMore: what was asked for before the screen turned to
// something else does not begin, and what was asked for twice begins once.
func TestADryRunThatIsNotWantedAnyMore(t *testing.T) {
	t.Parallel()
	view := screentest.Cluster(t).Build(screentest.Noon)
	what := func() (*plan.DryRun, error) {
		return plan.DryRunOf(view, kube.Deployments.Ref("checkout", "cart"), audit.SetField("have five", "spec.replicas", int64(5)))
	}
	told := 0
	d := screen.NewDryRun(func() { told++ })
	ask := func() screen.DryRunMsg { return d.Ask(what)().(screen.DryRunMsg) }
	server := &screentest.Server{}

	first, second := ask(), ask()
	if first.Begin(server); d.Pending() || d.Shown() || told > 0 {
		t.Error("what was asked for before begins")
	}
	if second.Begin(server); !d.Pending() || told != 1 {
		t.Error("what was asked for last does not begin")
	}
	crew := screen.NewCrew(t.Context())
	if cmd := crew.Do(d.Work()); cmd == nil {
		t.Error("there is nothing to do")
	}
	dropped := ask()
	d.Drop()
	if dropped.Begin(server); d.Pending() || d.Shown() {
		t.Error("what was dropped begins")
	}
	if cmd := crew.Do(d.Work()); cmd != nil || len(server.Asked()) > 0 {
		t.Errorf("there is something to do, and %d changes were asked about", len(server.Asked()))
	}
}
