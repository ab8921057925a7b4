package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// only returns the incident with a root, which there is one of.
func only(t *testing.T, r *Report, root string) *Incident {
	t.Helper()
	var found *Incident
	for _, i := range r.Incidents {
		if string(i.Root.Kind)+" "+i.Root.Name == root {
			if found != nil {
				t.Fatalf("there are two incidents of %s:\n%s", root, told(r))
			}
			found = i
		}
	}
	if found == nil {
		t.Fatalf("there is no incident of %s:\n%s", root, told(r))
	}
	return found
}

func TestAnIncidentStaysWhileItsPodsAreReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, revision: 1})
	w.sayAll("crash-loop", pods("shop", "web", 1, 0, 1), 0)
	first := only(t, w.at(0), "owner Deployment shop/web")
	for revision := 2; revision < 5; revision++ {
		for _, old := range pods("shop", "web", revision-1, 0, 1) {
			w.b.Delete(kube.Pods, old.Namespace, old.Name)
			w.unsay("crash-loop", old)
		}
		w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, revision: revision})
		after := time.Duration(revision) * minute
		w.sayAll("crash-loop", pods("shop", "web", revision, 0, 1), after)
		now := only(t, w.at(after), "owner Deployment shop/web")
		if now.ID != first.ID || !now.Since.Equal(noon) || now.Pods != 2 {
			t.Errorf("at revision %d it is %s since %s with %d pods, want %s since noon with 2", revision, now.ID, now.Since, now.Pods, first.ID)
		}
	}
}

func TestAnIncidentRecoversAndReopens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 1})
	web := pods("shop", "web", 0, 0)
	const root = "owner Deployment shop/web"
	w.sayAll("crash-loop", web, 0)
	id := only(t, w.at(0), root).ID
	step := func(after time.Duration, state State, ended time.Duration) *Incident {
		t.Helper()
		i := only(t, w.at(after), root)
		want := time.Time{}
		if state != Open {
			want = noon.Add(ended)
		}
		if i.ID != id || i.State != state || !i.Ended.Equal(want) || i.Severity != triage.S2 {
			t.Errorf("after %s it is %s, %s, %s, ended %s; want %s, S2, %s, %s", after, i.ID, i.Severity, i.State, i.Ended, id, state, want)
		}
		return i
	}
	w.unsay("crash-loop")
	step(minute, Recovering, minute)
	step(3*minute, Resolved, minute)
	if got := step(20*minute, Resolved, minute); got.Pods != 0 || len(got.Signals) != 1 || got.Signals[0].State != triage.Resolved {
		t.Errorf("once it is over it has %d pods and the signals %v", got.Pods, got.Signals)
	}
	w.sayAll("crash-loop", web, 25*minute)
	if i := step(25*minute, Open, 0); !i.Since.Equal(noon) {
		t.Errorf("it is open again since %s, want since it first was", i.Since)
	}
	w.unsay("crash-loop")
	step(26*minute, Recovering, 26*minute)
	step(28*minute, Resolved, 26*minute)
	if r := w.at(57 * minute); len(r.Incidents) != 0 {
		t.Errorf("half an hour after its end it is still there:\n%s", told(r))
	}
	w.sayAll("crash-loop", web, 58*minute)
	if again := only(t, w.at(58*minute), root); !again.Since.Equal(noon.Add(58 * minute)) {
		t.Errorf("after it was forgotten it is since %s", again.Since)
	}
}

func TestAnObjectThatWasMadeAnewIsAnotherRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(1)
	w.say("node-silent", node("n0"), 0, severe(triage.S2))
	before := w.at(0).Incidents[0].ID
	w.b.Delete(kube.Nodes, "", "n0")
	w.unsay("node-silent")
	w.at(minute)
	w.at(3 * minute)
	w.set(kube.Nodes, renamed("n0", "another"))
	w.say("node-silent", node("n0"), 4*minute, severe(triage.S2))
	r := w.at(4 * minute)
	if len(r.Incidents) != 2 || r.Incidents[0].ID == before || r.Incidents[1].ID != before || r.Incidents[1].State != Resolved {
		t.Errorf("want a new incident beside %s, which is over:\n%s", before, told(r))
	}
}

func TestIncidentsMergeWhenTheirRootAppears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(3)
	for _, name := range []string{"web", "api"} {
		w.deploy(deployment{namespace: "shop", name: name, replicas: 2, ready: 1, nodes: []string{"n1", "n0"}})
		w.sayAll("probe-readiness", pods("shop", name, 0, 1), 0, words(name))
	}
	r := w.at(0)
	web, api := only(t, r, "owner Deployment shop/web"), only(t, r, "owner Deployment shop/api")
	w.say("node-silent", node("n0"), 30*time.Second, severe(triage.S2))
	merged := only(t, w.at(minute), "node n0")
	ids := append([]string{merged.ID}, merged.Aliases...)
	slices.Sort(ids)
	want := []string{web.ID, api.ID}
	slices.Sort(want)
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("the IDs of what merged (-want +got):\n%s", diff)
	}
	if !merged.Is(web.ID) || !merged.Is(api.ID) || merged.Is("other") || !merged.Since.Equal(noon) {
		t.Errorf("it does not go by the names that it had: %+v", merged)
	}

	// The node comes back, and one of the two does not.
	w.unsay("node-silent")
	w.unsay("probe-readiness", pods("shop", "api", 0, 1)...)
	r = w.at(2 * minute)
	if i := only(t, r, "node n0"); i.State != Open || len(r.Incidents) != 1 {
		t.Errorf("just after its root ceased:\n%s", told(r))
	}
	r = w.at(8 * minute)
	over, left := only(t, r, "node n0"), only(t, r, "owner Deployment shop/web")
	if over.State != Resolved || left.State != Open || over.ID != merged.ID || left.ID == merged.ID || merged.Is(left.ID) {
		t.Errorf("long after its root ceased:\n%s", told(r))
	}
}

func TestOneOfSeveralThatDoesNotRecoverIsSplitOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "well", name: "well", replicas: 10, ready: 10})
	for i, name := range []string{"a", "b", "c"} {
		w.deploy(deployment{namespace: "shop", name: name, replicas: 1, image: "broken.example/" + name})
		w.sayAll("image-pull", pods("shop", name, 0, 0), time.Duration(i)*minute, cause("network"))
	}
	shared := only(t, w.at(2*minute), "registry broken.example")
	w.unsay("image-pull", slices.Concat(pods("shop", "a", 0, 0), pods("shop", "b", 0, 0))...)
	for _, after := range []time.Duration{3, 5, 7} {
		r := w.at(after * minute)
		if i := only(t, r, "registry broken.example"); i.ID != shared.ID || i.State != Open || len(r.Incidents) != 1 {
			t.Errorf("%d minutes after noon:\n%s", after, told(r))
		}
	}
	r := w.at(8*minute + time.Second)
	over, left := only(t, r, "registry broken.example"), only(t, r, "owner Deployment shop/c")
	if over.ID != shared.ID || over.State != Resolved || left.ID == shared.ID || left.State != Open {
		t.Errorf("after five minutes:\n%s", told(r))
	}
}

func TestOthersJoinAnIncidentSoonAfterItBegan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "well", name: "well", replicas: 10, ready: 10})
	fail := func(name string, after time.Duration) {
		w.deploy(deployment{namespace: "shop", name: name, replicas: 1, image: "broken.example/" + name})
		w.sayAll("image-pull", pods("shop", name, 0, 0), after, cause("network"))
	}
	for _, name := range []string{"a", "b", "c"} {
		fail(name, 0)
	}
	id := only(t, w.at(0), "registry broken.example").ID
	fail("d", 14*minute)
	if i := only(t, w.at(14*minute), "registry broken.example"); i.ID != id || i.Pods != 4 {
		t.Errorf("14 minutes later it is %s with %d pods, want %s with 4", i.ID, i.Pods, id)
	}
	fail("e", 16*minute)
	r := w.at(16 * minute)
	if i := only(t, r, "registry broken.example"); i.Pods != 4 {
		t.Errorf("16 minutes later it has %d pods, want 4", i.Pods)
	}
	only(t, r, "owner Deployment shop/e")
}

func TestASuspectNodeGathersItsPodsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(2)
	w.detector("node-notready").After = 30 * time.Second
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 2})
	w.say("node-notready", node("n0"), 0, severe(triage.S2))
	if r := w.at(time.Second); len(r.Incidents) != 0 || len(r.Suspects) != 1 {
		t.Errorf("a suspect alone makes an incident:\n%s", told(r))
	}
	w.sayAll("not-ready-node", pods("shop", "web", 0, 0), 0)
	early := only(t, w.at(2*time.Second), "node n0")
	late := only(t, w.at(time.Minute), "node n0")
	if early.ID != late.ID || len(late.Aliases) != 0 || early.Signals[0].State != triage.Suspect || late.Signals[0].State != triage.Firing {
		t.Errorf("at first %+v, then %+v", early, late)
	}
}

func TestAnIDIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(3)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 3, ready: 2, nodes: []string{"n1", "n2", "n0"}})
	w.sayAll("probe-readiness", pods("shop", "web", 0, 2), 0)
	was := only(t, w.at(0), "owner Deployment shop/web").ID
	w.say("node-silent", node("n0"), 0, severe(triage.S2))
	if i := only(t, w.at(minute), "node n0"); i.ID != was {
		t.Errorf("what was %s is now %s", was, i.ID)
	}
	w.sayAll("probe-readiness", pods("shop", "web", 0, 1), 2*minute)
	r := w.at(2 * minute)
	if node, web := only(t, r, "node n0"), only(t, r, "owner Deployment shop/web"); node.ID != was || web.ID == was {
		t.Errorf("the node is %s, the workload %s, want %s and another", node.ID, web.ID, was)
	}
}

func TestWhatCannotBeSeenIsNotOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 1})
	w.sayAll("crash-loop", pods("shop", "web", 0, 0), 0)
	w.at(0)
	w.b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Forbidden, Reason: "no"})
	w.unsay("crash-loop")
	if i := only(t, w.at(time.Hour), "owner Deployment shop/web"); i.State != Open {
		t.Errorf("by a view that is blind to pods it is %s", i.State)
	}
	w.b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced})
	if i := only(t, w.at(2*time.Hour), "owner Deployment shop/web"); i.State != Recovering {
		t.Errorf("once pods are seen again it is %s", i.State)
	}
}

func TestAListThatIsReadAnewEndsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	build := func() {
		w.deploy(deployment{namespace: "shop", name: "web", replicas: 12})
		for n := range 12 {
			w.sayAll("crash-loop", pods("shop", "web", 0, n), 0)
		}
	}
	build()
	w.at(0)
	for n := range 12 {
		w.b.Delete(kube.Pods, "shop", fmt.Sprintf("web-r0-%d", n))
	}
	w.unsay("crash-loop")
	if i := only(t, w.at(minute), "owner Deployment shop/web"); i.State != Open || i.Pods != 12 {
		t.Errorf("just after all pods were gone it is %s with %d pods", i.State, i.Pods)
	}
	if next := w.tracker.Next(); !next.Equal(noon.Add(minute + disbelief)) {
		t.Errorf("the next moment is %s, want when nobody believes it any more", next)
	}
	build()
	if i := only(t, w.at(minute+5*time.Second), "owner Deployment shop/web"); i.State != Open {
		t.Errorf("when they are back it is %s", i.State)
	}
	for n := range 12 {
		w.b.Delete(kube.Pods, "shop", fmt.Sprintf("web-r0-%d", n))
	}
	w.unsay("crash-loop")
	w.at(2 * minute)
	if i := only(t, w.at(2*minute+disbelief), "owner Deployment shop/web"); i.State != Recovering {
		t.Errorf("ten seconds after they were gone for good it is %s", i.State)
	}
}
