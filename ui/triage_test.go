package ui_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// web is the incident that the stories are about.
const web = "cea4c1b1"

// records keep acknowledgements in memory.
type records struct {
	guard sync.Mutex
	kept  []screen.Acknowledgement
	of    kube.Info
}

func (d *records) Load(_ context.Context, of kube.Info) ([]screen.Acknowledgement, error) {
	d.guard.Lock()
	defer d.guard.Unlock()
	d.of = of
	return d.kept, nil
}

func (d *records) Save(_ context.Context, of kube.Info, all []screen.Acknowledgement) error {
	d.guard.Lock()
	defer d.guard.Unlock()
	d.of, d.kept = of, all
	return nil
}

// broken shows the program the cluster with what is broken in it.
func (u *user) broken() *user {
	screentest.Break(u.t, u.cluster)
	return u.publish()
}

// showing shows the program its cluster: where incidents are told, one with something
// broken.
func (u *user) showing(at string) *user {
	if strings.HasPrefix(at, "triage") || strings.HasPrefix(at, "incident/") {
		return u.broken()
	}
	if strings.HasPrefix(at, "fleet") {
		// Two contexts are one cluster, and whoever is left must not take the view along.
		u.wait().publish().WaitFor("Differences 13", time.Minute)
		return u
	}
	return u.publish()
}

// TestFromTheAlarmToTheCommand is the way of who was just called.
func TestFromTheAlarmToTheCommand(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().ExpectNot("opens triage")
		u.broken().ExpectLine("S1", "web 0/3 available", "11m", "! opens triage")
		u.Press("enter").Expect("opens triage").Press("esc", "!").Expect("Incidents (2 open)").ExpectNot("opens triage").ExpectSelected("web 0/3")
		u.Expect("memory limit 512Mi → 64Mi", "y kubectl --context=prod-eu-1 -n shop")
		u.Press("j").ExpectSelected("mail 0/1").Expect("does not exist").Press("k", "y").Expect("copied the command")
		u.Press("enter").Expect("› incident "+web, "impact", "1 service (1 at 0)").ExpectSelected("copy 1")
		u.Press("i").Expect("copied the incident").Press("tab").Expect("Signals (8)").ExpectSelected("po/web-7d-a").ExpectLine("svc/web", "none of 3 pods is ready")
		u.Press("3").ExpectLine("11:48", "change", "memory limit 512Mi → 64Mi").ExpectLine("it began about then")
		u.Press("4").ExpectLine("likely", "shop/svc/web", "selects").ExpectLine("hint ?", "..? shop/deploy/mail", "names svc/web")
		u.Press("5").Expect("As it is copied").Press("1", "esc").ExpectSelected("web 0/3").Press("esc").Expect("opens triage")
	})
}

// TestWhatIsOneKeyAway goes from an incident to what it is about, and back.
func TestWhatIsOneKeyAway(t *testing.T) {
	t.Parallel()
	o := ui.Options{At: "triage", Sighting: ui.Sighting{Objects: &screentest.Objects{}}}
	run(t, o, 100, 30, func(u *user) {
		u.broken().Press("L").Expect("› po/web-7d-a", "[logs]").Press("esc", "E").Expect("[events]").Press("esc", "o").Expect("[YAML]")
		u.Press("esc", "W").Expect("Deployment shop/web").Press("esc", "4").Expect("[blast]").Press("j", "enter").Expect("svc/web").Press("esc", "esc")
		u.ExpectSelected("web 0/3").Press("enter", "G", "k").ExpectSelected("shop/deploy/web").Press("enter").Expect("Deployment shop/web")
		u.Press("esc", "2", "enter").Expect("po/web-7d-a").Press("esc", "1", "g", "j", "j", "j", "j").ExpectSelected("finding").Press("enter").Expect("EVIDENCE")
	})
}

// TestAnIncidentIsAcknowledged: it stands below what is still to be seen to, the alarm
// is silent, and both is remembered by who started the program.
func TestAnIncidentIsAcknowledged(t *testing.T) {
	t.Parallel()
	kept := &records{}
	run(t, ui.Options{Acknowledgements: kept}, 100, 30, func(u *user) {
		u.cluster.SetClock(kube.Clock{Ticks: true})
		u.broken().Expect("opens triage").Press("!", "a").Expect("the cluster is not told", "(2 open, 1 acknowledged)").ExpectSelected("web 0/3")
		u.ExpectLine("web 0/3", "acknowledged").Press("g").ExpectSelected("mail 0/1").Press("esc").ExpectNot("opens triage")
	})
	if len(kept.kept) != 1 || kept.kept[0].ID != web || kept.of.Name != "prod-eu-1" {
		t.Fatalf("of the acknowledgement is kept: %+v of %q", kept.kept, kept.of.Name)
	}
	run(t, ui.Options{At: "triage", Acknowledgements: kept}, 100, 30, func(u *user) {
		u.cluster.SetClock(kube.Clock{Ticks: true})
		u.broken().ExpectSelected("mail 0/1").ExpectLine("web 0/3", "acknowledged").Press("j").Press("a").Expect("it is open again").ExpectNot("1 acknowledged")
	})
	if len(kept.kept) != 0 {
		t.Errorf("after it was taken back there is kept: %+v", kept.kept)
	}
	run(t, ui.Options{At: "triage", Acknowledgements: kept}, 140, 30, func(u *user) {
		u.broken().Press("a").Expect("it is forgotten when the program ends") // time stands still, as in a recording
	})
	if len(kept.kept) != 0 {
		t.Errorf("of a recording there is kept: %+v", kept.kept)
	}
}

// TestAFrozenListStays while what it shows is mended, and says how much has changed.
func TestAFrozenListStays(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "triage"}, 100, 30, func(u *user) {
		u.broken().Press("space").Expect("frozen as it is now").Press("j").Expect("frozen at 12:00:00").ExpectSelected("mail 0/1")
		u.cluster.Delete(kube.Pods, "shop", "mail-5c-x")
		u.cluster.Delete(kube.Deployments, "shop", "mail")
		u.cluster.Delete(kube.ReplicaSets, "shop", "mail-5c")
		u.publish().Expect("frozen at 12:00:00, 1 change since", "(2 open)").ExpectSelected("mail 0/1")
		u.Press("space").ExpectNot("frozen").Expect("(1 open, 1 recovering)").ExpectLine("deploy/mail", "recovering")
	})
}

// TestNothingIsKnownToBeBroken says what was looked at, and never that all is well.
func TestNothingIsKnownToBeBroken(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "triage"}, 80, 24, func(u *user) {
		u.cluster.Delete(kube.Services, "payments", "pay")
		u.publish().Expect("nothing is known to be broken", "5 namespaces", "none is blind")
		u.cluster.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list nodes"})
		u.publish().Expect("nothing is known to be broken", "blind: what they would find is unknown", "jane may not list nodes").Golden("triage-blind-80x24")
	})
	run(t, ui.Options{At: "incident/ffff"}, 80, 24, func(u *user) {
		u.publish().Expect("no incident ffff is known").Press("enter", "y", "a", "i", "2", "esc")
	})
	run(t, ui.Options{At: "triage?window=15m&filter=where%3Dshop"}, 80, 24, func(u *user) {
		u.broken().Expect("Incidents: 2 of 3 filtered by where=shop").Press("t").Expect("told for 1h").Press("/").Type(" mail").Expect("1 of 3").Press("enter", "s", "S", "w", "esc")
	})
}

// TestTheAlarmInEveryMode holds what the line looks like.
func TestTheAlarmInEveryMode(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]ui.Options{
		"alarm-80x24": {}, "alarm-ascii-80x24": {ASCII: true, NoColor: true}, "alarm-accessible-80x24": {Accessible: true},
	} {
		o.At = "ns/shop"
		run(t, o, 80, 24, func(u *user) { u.broken().Expect("S1", "web 0/3 available", "! opens triage").Golden(name) })
	}
}

// TestWhatIsDeniedIsNotProposed: who may not change workloads nor look at their revisions
// is shown other commands, and why; who is given the right meanwhile sees it.
func TestWhatIsDeniedIsNotProposed(t *testing.T) {
	t.Parallel()
	rights := &screentest.Rights{}
	const undo, revisions = "patch deployments.apps web in shop", "list replicasets.apps in shop"
	rights.Set(kube.Denied, undo, revisions)
	run(t, ui.Options{At: "incident/" + web, Sighting: ui.Sighting{Rights: rights}}, 120, 36, func(u *user) {
		u.broken().Expect("2 commands are left out: this user may not "+revisions+", patch deployments").ExpectNot("rollout history", "rollout undo")
		u.Golden("incident-denied-120x36").Press("5").Expect("2 commands are left out").ExpectNot("rollout undo", "rollout history")
		u.Press("esc", "!").Expect("Incidents (2 open)").ExpectNot("rollout history")
		rights.Set(kube.PermissionUnknown, undo)
		rights.Set(kube.Permitted, revisions)
		u.Press("enter").Expect("rollout history", "rollout undo", "may be denied").ExpectNot("left out")
	})
	if n := rights.Asked(); n == 0 || n > 60 {
		t.Errorf("it is asked about %d rights", n)
	}
}
