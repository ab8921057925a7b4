package trend_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// told writes changes as the screen does.
func told(changes []trend.Change) []string {
	var lines []string
	for _, c := range changes {
		sign := "-"
		if c.Came {
			sign = "+"
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s", sign, c.Severity, c.Rule, c.Namespace, c.Subject.Short()))
	}
	return lines
}

func TestChanges(t *testing.T) {
	t.Parallel()
	var l trend.Log
	b := screentest.Cluster(t)
	assessor := score.NewAssessor(screentest.Categories(), nil)
	at := screentest.Noon
	look := func() {
		at = at.Add(time.Second)
		l.Record(assessor.Assess(b.Build(at)))
	}
	look()
	if changes, came, went := l.Changes(9); len(changes)+came+went > 0 {
		t.Errorf("what was there at first has come: %v", changes)
	}
	b.Delete(kube.Deployments, "checkout", "cart")
	look()
	changes, came, went := l.Changes(9)
	if diff := cmp.Diff([]string{"- medium pdb-missing checkout deploy/cart"}, told(changes)); diff != "" || came != 0 || went != 1 {
		t.Errorf("%d came and %d went (-want +got):\n%s", came, went, diff)
	}
	if err := b.Set(kube.Deployments, screentest.Deployment("search", "spider")); err != nil {
		t.Fatal(err)
	}
	look()
	look() // nothing happened
	newest, came, went := l.Changes(1)
	if diff := cmp.Diff([]string{"+ medium default-service-account-token-mounted search deploy/spider"}, told(newest)); diff != "" || came == 0 || went != 1 {
		t.Errorf("%d came and %d went (-want +got):\n%s", came, went, diff)
	}
	b.Delete(kube.Deployments, "search", "spider")
	b.Delete(kube.Namespaces, "", "vacant")
	look()
	if _, again, went := l.Changes(0); again != came || went != 1+came {
		t.Errorf("%d came and %d went, want %d and %d", again, went, came, 1+came)
	}
}

// TestManyChanges keeps only the newest, and of those seen at once the worst.
func TestManyChanges(t *testing.T) {
	t.Parallel()
	var l trend.Log
	b := screentest.Cluster(t)
	assessor := score.NewAssessor(screentest.Categories(), nil)
	for i := range 12 {
		l.Record(assessor.Assess(b.Build(screentest.Noon.Add(time.Duration(i) * time.Minute))))
		for j := range 50 {
			if err := b.Set(kube.Deployments, screentest.Deployment(fmt.Sprintf("team-%d", i), fmt.Sprintf("service-%d", j))); err != nil {
				t.Fatal(err)
			}
		}
	}
	changes, came, went := l.Changes(1000)
	if len(changes) != 100 || came < 11*50 || went != 0 {
		t.Errorf("%d changes are kept of %d that came and %d that went", len(changes), came, went)
	}
	if newest := changes[0]; newest.Namespace != "team-10" {
		t.Errorf("the newest is %v", newest)
	}
}

// BenchmarkRecord measures what a view costs in which one of 2,000 namespaces has
// changed.
func BenchmarkRecord(b *testing.B) {
	cluster := screentest.Cluster(b)
	for n := range 2000 {
		if err := cluster.Set(kube.Deployments, screentest.Deployment(fmt.Sprintf("team-%04d", n), "service")); err != nil {
			b.Fatal(err)
		}
	}
	assessor := score.NewAssessor(screentest.Categories(), nil)
	views := make([]*score.Assessment, 40)
	for i := range views {
		if i%2 == 0 {
			cluster.Delete(kube.Deployments, "team-0000", "service")
		} else if err := cluster.Set(kube.Deployments, screentest.Deployment("team-0000", "service")); err != nil {
			b.Fatal(err)
		}
		views[i] = assessor.Assess(cluster.Build(screentest.Noon.Add(time.Duration(i) * 6 * time.Second)))
	}
	b.ReportAllocs()
	var l trend.Log
	i := 0
	for b.Loop() {
		l.Record(views[i%len(views)])
		i++
	}
}
