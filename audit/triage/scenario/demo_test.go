package scenario_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/scenario"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
)

// told is what triage made of a moment of the demo.
type told struct {
	after  time.Duration // since the first moment
	report *briefing.Report
	worst  []*briefing.Briefing // that are S1 and not resolved
}

// TestTheDemoTellsAnIncident follows the demo as it is shown: nothing is down at
// first, then the cart is, for the reason that it is, and at the end nothing is.
func TestTheDemoTellsAnIncident(t *testing.T) {
	t.Parallel()
	moments := demoMoments(t)
	first := slices.IndexFunc(moments, func(m told) bool { return len(m.worst) > 0 })
	if first < 1 {
		t.Fatalf("something is down from moment %d on, want a while after the first", first)
	}
	id := moments[first].worst[0].ID
	for _, m := range moments {
		for _, b := range m.worst {
			if root := string(b.Root.Kind) + " " + b.Root.Name; b.ID != id || root != "owner Deployment checkout/cart" {
				t.Errorf("after %s: there is an incident %s of %s: %s", m.after, b.ID, root, b.Title)
			}
		}
	}
	if killed := after(moments, func(m told) bool { return fires(m.report.Find(id), "oom-killed") }); killed > 20*time.Second {
		t.Errorf("the first container is killed after %s, want it within 20 s", killed)
	}
	mended := after(moments, func(m told) bool { b := m.report.Find(id); return b != nil && b.State == incident.Recovering })
	if mended < time.Minute || mended > 2*time.Minute {
		t.Errorf("it is mended after %s, want it in the second minute", mended)
	}
	last := moments[len(moments)-1].report
	if b := last.Find(id); b == nil || b.State != incident.Resolved || last.Worst() == triage.S1 {
		t.Errorf("at the end the incident is %+v and the worst that is open %s, want it resolved and nothing down", b, last.Worst())
	}
}

// demoMoments plays the demo, and looks at what is said in the midst of it.
func demoMoments(t *testing.T) []told {
	t.Helper()
	var moments []told
	midst := false
	r := scenario.NewRun()
	err := demo.New(recording.Paced(math.MaxInt32)).Watch(t.Context(), func(c *kube.Cluster) {
		r.See(c)
		now := told{report: r.Report()}
		now.after = now.report.Time.Sub(append(moments, now)[0].report.Time)
		for _, b := range now.report.Briefings {
			if b.Severity == triage.S1 && b.State != incident.Resolved {
				now.worst = append(now.worst, b)
			}
		}
		if moments = append(moments, now); now.after >= 50*time.Second && !midst {
			midst = true
			expectStory(t, now.report.Briefings[0]) // what changed is worked out when it is asked for
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return moments
}

// after returns when something is first so, an hour if never.
func after(moments []told, is func(told) bool) time.Duration {
	if i := slices.IndexFunc(moments, is); i >= 0 {
		return moments[i].after
	}
	return time.Hour
}

func fires(b *briefing.Briefing, detector string) bool {
	return b != nil && slices.ContainsFunc(b.Signals, func(s incident.Signal) bool {
		return s.Detector.ID == detector && s.State == triage.Firing
	})
}

// expectStory looks at what is said while the cart is down.
func expectStory(t *testing.T, b *briefing.Briefing) {
	t.Helper()
	if b.State != incident.Open || b.Severity != triage.S1 {
		t.Errorf("in the midst of it the incident is %s %s", b.Severity, b.State)
	}
	for _, id := range []string{"oom-killed", "crash-loop", "svc-no-endpoints"} {
		if !fires(b, id) {
			t.Errorf("%s does not fire", id)
		}
	}
	const wantChange = "Deployment checkout/cart: rollout 1 → 2: memory limit 512Mi → 256Mi (cart)"
	d := b.Diagnosis()
	var changes []string
	for _, ranked := range d.Changes {
		changes = append(changes, fmt.Sprintf("%s: %s, by %s", ranked.Change.Object, ranked.Change.Title, ranked.Change.By))
	}
	if len(changes) == 0 || !strings.HasPrefix(changes[0], wantChange) || !strings.HasSuffix(changes[0], ", by kubectl-set") {
		t.Errorf("the changes are %q, want first what begins with %q, by kubectl-set", changes, wantChange)
	}
	if got := d.Causes[0].Pattern; got != "memory-limit" {
		t.Errorf("the cause is %s", got)
	}
	radius := b.Radius()
	if !slices.Contains(radius.HostNames, "shop.tidewater.example") || radius.ServicesDown != 1 {
		t.Errorf("who is hit: %s; want the shop's host and a service without endpoints", radius)
	}
	for _, caller := range []kube.Ref{kube.Deployments.Ref("checkout", "checkout-api"), kube.Deployments.Ref("storefront", "web")} {
		if !slices.ContainsFunc(radius.Dependents, func(d blast.Dependent) bool { return d.Object == caller }) {
			t.Errorf("%s names the cart and is not among its dependents", caller)
		}
	}
}
