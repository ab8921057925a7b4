package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// blank starts the first read anew: nothing is there yet.
func (u *user) blank() *user {
	u.cluster = screentest.Empty()
	for _, r := range kube.Resources() {
		u.cluster.SetState(kube.State{Resource: r, Phase: kube.Waiting})
	}
	return u
}

func TestBeforeTheFirstAnswer(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		t := u.t
		u.Golden("connecting-80x24")
		u.Press("j", "enter", "/", "x", ":", "?", "esc").Expect("waiting for the first answer")
		if u.View().Cursor != nil {
			t.Error("there is a cursor, and nothing that it could be on")
		}
	})
}

func TestTheFirstRead(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		t := u.t
		u.blank().publish().Expect("Reading the cluster", "asking the server what there is", "reading")
		u.cluster.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Synced})
		u.cluster.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Count: 92110, Total: 146000})
		u.cluster.SetState(kube.State{Resource: kube.Secrets, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list secrets"})
		u.publish().ExpectLine("pods", "92,110 of about 146,000", "63 %").ExpectLine("secrets", "forbidden", "jane may not").Golden("reading-80x24")
		u.Press("j", "enter", "s", "w", "/").Expect("Reading the cluster")
		u.Press(":").Type("cov").Expect(":coverage").Press("enter").ExpectLine("forbidden", "secrets").ExpectLine("syncing", "pods", "92110", "63 % of about 146000")
		u.Press("esc").Expect("Reading the cluster").Press("?").Expect("up one row").Press("?")
		u.Press(":").Type("ns/payments").Press("enter").Expect("Reading the cluster")
		u.cluster.SetState(kube.State{Resource: kube.Namespaces, Phase: kube.Synced})
		screentest.Add(t, u.cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: search}\n")
		u.publish().Expect("namespace payments is not read yet").Press("esc").Expect("Reading the cluster", "enter shows what is read so far").ExpectNot("Namespaces (")
		u.Press("enter").Expect("Namespaces (1)", "read 3 of 43 resources").Press("q").ExpectQuit()
	})
}

// TestALargeRead: the kinds that carry the scores come first, those that are done are
// summed up, and the overview comes once, when what it shows will stay.
func TestALargeRead(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.blank()
		at := screentest.Noon
		publish := func(after time.Duration) *user {
			at = at.Add(after)
			u.source.views <- u.cluster.Build(at)
			return u.wait()
		}
		publish(0)
		screentest.Add(u.t, u.cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: search}\n")
		if err := u.cluster.Set(kube.Deployments, screentest.Deployment("search", "spider")); err != nil {
			u.t.Fatal(err)
		}
		for _, r := range []kube.Resource{kube.Nodes, kube.Namespaces, kube.Services, kube.Deployments} {
			u.cluster.SetState(kube.State{Resource: r, Phase: kube.Synced, Count: 1204})
		}
		u.cluster.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Count: 92110, Total: 146000})
		u.cluster.SetState(kube.State{Resource: kube.ReplicaSets, Phase: kube.Syncing, Count: 500})
		u.cluster.SetState(kube.State{Resource: kube.Events, Phase: kube.Syncing, Count: 12000, Total: 120000})
		u.cluster.SetState(kube.State{Resource: kube.Secrets, Phase: kube.Failed, Reason: "context deadline exceeded"})
		publish(4200*time.Millisecond).Expect("4.2 s", "so far", "evaluated", "enter shows what is read so far").Golden("reading-large-100x30")
		u.Resize(80, 24).Golden("reading-large-80x24").Resize(60, 15).Golden("reading-large-60x15").Resize(40, 10).Golden("reading-small-40x10").Resize(20, 3).Expect("reading").Resize(100, 30)
		for _, r := range []kube.Resource{kube.Pods, kube.ReplicaSets, kube.StatefulSets, kube.DaemonSets, kube.Jobs, kube.CronJobs} {
			u.cluster.SetState(kube.State{Resource: r, Phase: kube.Synced, Count: 10})
		}
		publish(time.Minute).Expect("Namespaces (1)", "read 11 of 43 resources").ExpectNot("Reading the cluster")
		u.cluster.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Count: 10})
		publish(time.Second).Expect("Namespaces (1)").ExpectNot("Reading the cluster") // it does not come back
	})
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.cluster.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Count: 10})
		u.publish().Expect("Reading the cluster")
		u.source.end <- nil
		u.wait().Expect("Namespaces (6)").ExpectNot("Reading the cluster")
	})
}

// TestOffline: nothing answers any more, and everything that is there can still be
// looked at.
func TestOffline(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().ExpectNot("offline")
		heard := screentest.Noon.Add(-42 * time.Second)
		for _, r := range kube.Resources() {
			if !r.Custom() && r != kube.Measurements {
				u.cluster.SetState(kube.State{Resource: r, Phase: kube.Stale, Reason: "connection refused", Heard: heard})
			}
		}
		u.publish().Expect("offline since 11:59:18", "the server is asked again by itself", "Namespaces (6)").Golden("offline-100x30")
		u.Press("enter").Expect("Findings (26)", "offline since 11:59:18").Press("enter").Expect("privileged: false")
	})
}

func TestWhatMayNotBeRead(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.cluster.SetState(kube.State{Resource: kube.Secrets, Phase: kube.Forbidden, Verb: "list", Reason: "User \"jane\" cannot list resource \"secrets\" at the cluster scope"})
		u.cluster.SetState(kube.State{Resource: kube.RoleBindings, Phase: kube.Forbidden, Verb: "watch", Reason: "no"})
		u.cluster.SetState(kube.State{Resource: kube.PodMetrics, Phase: kube.Absent, Reason: "the server has no metrics"})
		u.publish().Expect("2 blind").Golden("blind-80x24")
		u.Press(":").Type("coverage").Press("enter").Expect("needs watch on rolebindings", "forbidden").Press("j").Expect("needs list on secrets")
		u.Golden("coverage-blind-80x24")
	})
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.blank()
		for _, r := range kube.Resources() {
			u.cluster.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list " + r.Plural})
		}
		u.cluster.SetState(kube.State{Resource: kube.Gateways, Phase: kube.Absent})
		u.publish().Expect("Nothing may be read", "For one: jane may not list").Golden("refused-80x24")
		u.Press("j", "enter", "/").Expect("Nothing may be read").Press(":").Type("coverage").Press("enter").Expect("needs list on")
	})
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		t := u.t
		u.blank()
		for _, r := range kube.Resources() {
			u.cluster.SetState(kube.State{Resource: r, Phase: kube.Synced})
		}
		u.publish().Expect("Namespaces (0)", "there is no namespace", "nothing to score").ExpectNot("yet", "no findings").Golden("empty-80x24")
		u.Press("j", "G", "enter", "s", "S", "w").ExpectNot("enter open")
		if u.View().Cursor != nil {
			t.Error("there is a cursor, and no row that it could be on")
		}
		u.Resize(200, 50).Expect("nothing to gain").Press(":").Type("findings").Press("enter").Expect("nothing was found here")
	})
	for at, want := range map[string]string{
		"ns/nowhere": "there is no namespace nowhere", "finding/x/y": "there is no finding x/y", "ns/vacant": "nothing to score", "ns/search": "nothing was found here",
	} {
		run(t, ui.Options{At: at}, 80, 24, func(u *user) { u.publish().Expect(want) })
	}
}

func TestStale(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().Expect("● live")
		u.cluster.SetState(kube.State{Resource: kube.Pods, Phase: kube.Stale, Reason: "no answer for 42 s"})
		u.publish().Expect("stale since 12:00:00", "Namespaces (6)").Press(":").Type("coverage").Press("enter").ExpectLine("stale", "pods", "no answer for 42 s")
	})
}

func TestTheEndOfASource(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish()
		u.source.end <- nil
		u.wait().Expect("◌ still", "Namespaces (6)").Press("enter").Expect("Findings (26)")
	})
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish()
		u.source.end <- errors.New("reading recording x: unexpected end\x1b[2J")
		u.wait().Expect("◌ ended", "reading recording x: unexpected end", "Namespaces (6)")
		u.Press("enter").Expect("Findings (26)").ExpectNot("unexpected end")
	})
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.source.end <- errors.New("connecting to https://prod.example.com: dial tcp 10.0.0.1:443: i/o timeout \x1b]52;c;eA==\a" + strings.Repeat("very long ", 20))
		u.wait().Expect("Could not look", "connecting to https://prod.example.com").Golden("failed-80x24").Press("q").ExpectQuit()
	})
}

func TestTooSmall(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 40, 10, func(u *user) {
		u.Expect("seaworthy: connecting")
		u.publish().ExpectLine("72.9 C", "prod-eu-1").ExpectLine("C2 H2", "live").ExpectLine("payments", "49.3 F").Expect("60x15 shows all").Golden("small-40x10")
		for _, size := range [][2]int{{59, 14}, {59, 15}, {20, 3}, {20, 1}, {30, 2}} {
			u.Resize(size[0], size[1]).Golden(fmt.Sprintf("small-%dx%d", size[0], size[1]))
		}
		u.Resize(60, 15).Expect("Namespaces (6)").Resize(60, 14).Expect("60x15 shows all")
		u.Resize(1, 1).Resize(0, 0).Resize(2, 2).Press("j", "enter", "/", ":", "?").Resize(80, 24).ExpectSelected("payments")
		u.Press(":").Resize(40, 10).Press("q").ExpectQuit()
	})
}

func TestPoorTerminals(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"overview", "heatmap", "ns/payments", "findings", privileged, "plan", "plan?target=90", "snapshots", "rules", "rule/privileged-container", "coverage", "diagnostics", "themes", "help"} {
		run(t, ui.Options{At: at, ASCII: true, NoColor: true}, 80, 24, func(u *user) {
			u.publish()
			for _, size := range sizes() {
				u.Resize(size[0], size[1])
				u.expectPoor()
			}
		})
	}
	run(t, ui.Options{NoColor: true}, 80, 24, func(u *user) { u.publish().GoldenStyled("overview-nocolor-80x24") })
	run(t, ui.Options{ASCII: true, NoColor: true}, 80, 24, func(u *user) { u.publish().GoldenStyled("overview-ascii-80x24") })
	run(t, ui.Options{At: privileged, ASCII: true, NoColor: true}, 80, 24, func(u *user) { u.publish().GoldenStyled("finding-ascii-80x24") })
}

// expectPoor fails the test if a frame has a colour or a character that is not of ASCII.
func (u *user) expectPoor() {
	u.t.Helper()
	if view := u.View(); view.BackgroundColor != nil || view.ForegroundColor != nil {
		u.t.Errorf("the terminal gets the colours %v and %v", view.BackgroundColor, view.ForegroundColor)
	}
	for i, line := range u.Styled() {
		if at := strings.IndexFunc(line, func(r rune) bool { return r > '~' }); at >= 0 {
			u.t.Errorf("line %d is not ASCII: %q", i+1, line[at:])
		}
		for _, code := range []string{"[3", ";3", "[4", ";4", "[9", "[10"} {
			if strings.Contains(strings.NewReplacer("1;4;4m", "1m", "[4;4m", "", "[3m", "", ";3m", "", "[4m", "", ";4m", "").Replace(line), code) {
				u.t.Errorf("line %d has a colour: %q", i+1, line)
			}
		}
	}
}

// TestHostileNames shows names that no API server would let in, but a recording
// or a manifest may have. The robot refuses whatever is wider than the screen, or
// is a sequence that is no style.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	for name, evil := range map[string]string{
		"escapes": "x\x1b[2J\x1b]52;c;eA==\a\x1b]0;title\x07\x1bP\x9b31m",
		"bidi":    "pay\u202Etnemyap\u2066\u200F\u061C",
		"cjk":     strings.Repeat("長い名前", 20),
		"long":    strings.Repeat("a-very-long-name-", 60),
		"joined":  "e\u0301\u0301\u0301\u200D\U0001F469\u200D\U0001F4BB\u0000\u0085\u2028\n\tx",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, ui.Options{}, 80, 24, func(u *user) {
				t := u.t
				u.cluster.SetInfo(kube.Info{Name: evil, Version: evil, User: evil, Scope: []string{evil, "b"}})
				privileged := true
				d := screentest.Deployment(evil, evil)
				d.Spec.Template.Spec.Containers = []corev1.Container{{Name: evil, Image: evil, SecurityContext: &corev1.SecurityContext{Privileged: &privileged}}}
				for r, o := range map[kube.Resource]kube.Object{
					kube.Deployments: d, kube.Namespaces: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: evil}},
				} {
					if err := u.cluster.Set(r, o); err != nil {
						t.Fatal(err)
					}
				}
				u.cluster.SetState(kube.State{Resource: kube.Secrets, Phase: kube.Forbidden, Verb: evil, Reason: evil, Namespace: evil})
				u.publish()
				u.Press("/").Type("privil").Press("ctrl+u").Send()
				u.Press("esc", "S", "enter", "enter", "tab", "n", "p", "y", "?", "esc", "esc", "esc")
				for _, at := range []string{"findings", "heatmap", "plan", "plan?target=99", "coverage", "diagnostics"} {
					u.Press(":").Type(at).Press("enter", "j", "enter", "y", "f")
				}
				u.Press("ctrl+p").Type("x").Press("down", "down", "pgdown").Resize(60, 15).Press("ctrl+u").Type("長い").Press("esc", ":").Type("overview").Press("enter", "C", "j", "esc")
				u.Press(":").Type("ns/").Press("tab", "tab", "tab", "tab", "tab", "tab", "enter", "enter")
				for _, size := range append(sizes(), [2]int{60, 15}, [2]int{59, 14}, [2]int{30, 4}, [2]int{20, 3}, [2]int{300, 80}) {
					u.Resize(size[0], size[1]).Press("-", "-")
				}
				if strings.ContainsAny(u.View().WindowTitle, "\x1b\a\u009b") {
					t.Errorf("the title of the window is %q", u.View().WindowTitle)
				}
			})
		})
	}
}

// TestPaste pastes what a terminal may send between its brackets.
func TestPaste(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().Send(paste("j")).ExpectSelected("payments")
		u.Press("/").Send(paste("check\nout\x1b[2J")).Expect("/check out[2J")
		u.Press("ctrl+u").Send(paste("checkout")).Expect("Namespaces (1 of 6)")
	})
}

// TestPatience: a program that nothing happens to draws nothing anew.
func TestPatience(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		t := u.t
		u.publish()
		before := u.View().Content
		u.Patience = time.Hour
		if u.wait().View().Content != before {
			t.Error("the screen changed although nothing happened")
		}
	})
}
