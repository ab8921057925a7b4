package diagnostics_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/diagnostics"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// busy are the figures of a program on a large cluster.
func busy(rules ...feed.RuleTiming) feed.Statistics {
	return feed.Statistics{
		Time: screentest.Noon, Views: 1204, Assessments: 48, Last: 4300 * time.Microsecond, Longest: 1234 * time.Millisecond,
		Lag: 61 * time.Millisecond, Heap: 57_123_456, Memory: 1_570_000_000, Goroutines: 134, Rules: rules,
		Triage: feed.TriageTiming{Last: 23 * time.Millisecond, Longest: 410 * time.Millisecond, Signals: 5325},
	}
}

func timings() []feed.RuleTiming {
	return []feed.RuleTiming{
		{Rule: "service-account-token-mounted-with-permissions", Duration: 12 * time.Second, Subjects: 30000},
		{Rule: "run-as-non-root-not-enforced", Duration: 380 * time.Millisecond, Subjects: 3000},
		{Rule: "pdb-missing", Duration: 120 * time.Microsecond, Subjects: 12},
	}
}

func cluster(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	for _, s := range []kube.State{
		{Resource: kube.Pods, Phase: kube.Syncing, Count: 92110, Total: 146000},
		{Resource: kube.Secrets, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list secrets"},
		{Resource: kube.Nodes, Phase: kube.Stale, Count: 300, Reason: "no answer for 42 s"},
		{Resource: kube.Jobs, Namespace: "payments", Phase: kube.Synced, Count: 7},
	} {
		b.SetState(s)
	}
	return b
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width, height int
		figures       feed.Statistics
		options       style.Options
	}{
		"80x24":          {80, 24, busy(timings()...), style.Options{}},
		"140x40":         {140, 40, busy(timings()...), style.Options{}},
		"no-rules-80x24": {80, 24, busy(), style.Options{}},
		"ascii-80x24":    {80, 24, busy(timings()...), style.Options{NoColor: true, Tier: style.ASCII}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := diagnostics.New(nav.Address{}, func() feed.Statistics { return tt.figures })
				robot, host := screentest.Show(t, s, screentest.Assess(cluster(t)), tt.width, tt.height, tt.options)
				robot.ExpectLine("pods", "syncing", "63 %").ExpectSelected("pods").Press("j").ExpectLine("nodes", "stale", "300").ExpectSelected("nodes")
				robot.GoldenStyled("diagnostics-" + name)
				screen.Leave(s)
				host.Close()
			})
		})
	}
}

// How the clocks differ is told only where they do.
func TestClock(t *testing.T) {
	t.Parallel()
	for offset, want := range map[time.Duration]string{
		0: "", 2100 * time.Millisecond: "clock    this computer is 2 s behind the server", -90 * time.Second: "clock    this computer is 1m30s ahead of the server",
		3*time.Hour + 20*time.Second: "clock    this computer is 3h0m behind the server", 2 * time.Minute: "clock    this computer is 2m behind the server",
	} {
		synctest.Test(t, func(t *testing.T) {
			b := cluster(t)
			b.SetClock(kube.Clock{Ticks: true, Offset: offset})
			s := diagnostics.New(nav.Address{}, func() feed.Statistics { return busy() })
			robot, host := screentest.Show(t, s, screentest.Assess(b), 80, 24, style.Options{})
			if want == "" {
				robot.ExpectNot("clock")
			} else {
				robot.Expect(want)
			}
			robot.ExpectSelected("pods")
			screen.Leave(s)
			host.Close()
		})
	}
}

func TestManifestsHaveNoKinds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := diagnostics.New(nav.Address{}, func() feed.Statistics { return feed.Statistics{Lag: 90 * time.Second} })
		robot, host := screentest.Show(t, s, screentest.Assess(kube.NewBuilder(kube.Info{Offline: true})), 80, 24, style.Options{})
		robot.Expect("lag 90 s", "manifests are read as a whole").Press("j", "G")
		host.Close()
	})
}

// TestFiguresComeOnlyWhileTheyAreShown lets a minute pass on the screen, and an
// hour after it was left.
func TestFiguresComeOnlyWhileTheyAreShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		s := diagnostics.New(nav.Address{}, func() feed.Statistics {
			asked++
			return feed.Statistics{Views: uint64(asked)}
		})
		a := screentest.Assess(cluster(t))
		robot, host := screentest.Show(t, s, a, 80, 24, style.Options{})
		robot.Patience = 100 * time.Millisecond // the next figures come after a second
		robot.Expect("1 received").WaitFor("60 received", time.Minute)
		robot.Send(a) // news do not ask for more
		if asked != 60 {
			t.Errorf("in a minute the figures were asked for %d times", asked)
		}
		screen.Leave(s)
		time.Sleep(time.Hour)
		synctest.Wait()
		if asked != 60 {
			t.Errorf("after the screen was left the figures were asked for %d times", asked-60)
		}
		robot.Send(a).Expect("61 received").WaitFor("62 received", 2*time.Second)
		host.Close()
	})
}
