package ui_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestASnapshotIsSavedAndCompared saves a snapshot, has something change, compares, and
// opens what is new.
func TestASnapshotIsSavedAndCompared(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "snapshots", Snapshots: &screentest.Snapshots{}}, 100, 30, func(u *user) {
		u.publish().Expect("A start of this session", "B now", "nothing differs", "comparable").Press("x").Expect("saved prod-eu-1-1.seaworthy in memory")
		yes := true
		u.change("search", "index", func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes}
		})
		u.Expect("Changes (3)").ExpectLine("+ new", "deploy/index", "privileged-container").ExpectLine("+", "privileged: true")
		u.Press("a").Expect("Which moment is A").ExpectSelected("start").Press("j").ExpectSelected("prod-eu-1-1.seaworthy").Press("enter")
		u.Expect("A prod-eu-1-1.seaworthy  2026-01-01 12:00 UTC", "B now").ExpectSelected("privileged-container")
		u.ExpectLine("+", "privileged: true").Press("enter").Expect("› Snapshots › privileged-container", "EVIDENCE")
		u.Press("esc").ExpectSelected("privileged-container").Press("e").Expect("written to changes.md")
		u.Press(":").Type("snapshots/now..prod-eu-1-1.seaworthy").Press("enter").ExpectLine("- fixed", "privileged-container")
		u.Press("enter").Expect("EVIDENCE").Press("esc") // it is there now, and was not then
		u.Press("t").Expect("no change is of these kinds").Press("t", "/").Type("rule:privileged").Press("enter").Expect("filtered by rule:privileged").ExpectSelected("fixed")
		u.Press("esc", "esc", "esc").Expect("Namespaces (6)")
	})
}

// TestTheHistoryOfSnapshots saves a snapshot, has something change, and sees the way of the
// score; what was read stays known when the screen is opened again.
func TestTheHistoryOfSnapshots(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/search", Snapshots: &screentest.Snapshots{}}, 100, 30, func(u *user) {
		u.publish().Press(":").Type("snapshots").Press("enter").Expect("[Changes]").Press("x").Expect("saved prod-eu-1-1.seaworthy")
		yes := true
		u.change("search", "index", func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes}
		})
		u.Press("tab", "tab").Expect("[History]", "History (2)").ExpectLine("2026-01-01 12:00", "prod-eu-1-1.seaworthy").ExpectSelected("B now")
		u.Press("/").Type("ns=search change<0").Press("enter").Expect("filtered by ns=search").ExpectSelected("search").ExpectNot("prod-eu-1-1.seaworthy")
		u.Press("-").Expect("Overview › search", "[Findings]").Press("-").Expect("[History]", "filtered by ns=search")
	})
}

// TestMomentsThatAreNotThere asks for recordings that cannot be read.
func TestMomentsThatAreNotThere(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "snapshots/monday.seaworthy", Snapshots: &screentest.Snapshots{}}, 80, 24, func(u *user) {
		u.publish().Expect("opening recording monday.seaworthy: there is none").Press("j", "enter", "tab", "s", "x").Expect("saved")
		u.Press("a", "G", "enter").Expect("nothing differs").Press("B", "esc").Expect("nothing differs").Press("esc").Expect("Namespaces (6)")
	})
	run(t, ui.Options{At: "snapshots/monday.seaworthy"}, 80, 24, func(u *user) {
		u.publish().Expect("recordings cannot be read here").Press("x").Expect("seaworthy snapshot does")
	})
}

// TestWhatCannotBeSeenIsNotFixed loses the right to read what findings are about.
func TestWhatCannotBeSeenIsNotFixed(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "snapshots"}, 140, 40, func(u *user) {
		u.publish().Expect("nothing differs")
		u.cluster.SetState(kube.State{Resource: kube.Deployments, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list deployments"})
		u.cluster.Delete(kube.Deployments, "checkout", "cart")
		u.publish().ExpectLine("? unknown", "checkout").ExpectNot("- fixed").Expect("cannot be seen, so it is not", "one could judge 100 % of what there is to judge, the other 88 %").Resize(80, 24).Expect("not comparable: one could judge")
	})
}
