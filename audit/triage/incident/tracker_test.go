package incident_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// detectors are some that look at what the objects of a fleet say.
func detectors() []*triage.Detector {
	pods := []kube.Resource{kube.Pods}
	return []*triage.Detector{
		{
			ID: "probe-readiness", Title: "Pods are not ready", About: "They are not.", Reads: pods, Rung: triage.Revisions, After: time.Minute,
			Check: notReady("", "is not ready"),
		},
		{ID: "not-ready-node", Title: "The node is lost", About: "It is.", Reads: pods, Rung: triage.Nodes, Check: notReady("NodeLost", "its node is lost")},
		{
			ID: "oom-killed", Title: "Out of memory", About: "They are.", Reads: pods, Rung: triage.Revisions, Hold: 10 * time.Minute,
			Check: outOfMemory,
		},
		{
			ID: "node-silent", Title: "A node is silent", About: "It is.", Reads: []kube.Resource{kube.Nodes}, Helps: pods, Rung: triage.Nodes, Wide: true,
			Check: silent,
		},
	}
}

func notReady(reason, message string) func(*triage.Pass) {
	return func(p *triage.Pass) {
		for _, pod := range p.Living() {
			if said, since, known := triage.Condition(pod, corev1.PodReady); known && said.Status == corev1.ConditionFalse && said.Reason == reason {
				p.Report(triage.Signal{Object: pod.Ref(), Since: since, Message: message})
			}
		}
	}
}

func outOfMemory(p *triage.Pass) {
	for _, pod := range p.Living() {
		for i := range pod.Status.Containers {
			if last := pod.Status.Containers[i].LastTerminated(); last != nil && last.Reason == "OOMKilled" {
				p.Report(triage.Signal{
					Object: pod.Ref(), Container: pod.Status.Containers[i].Name, Since: last.FinishedAt.Time, Until: last.FinishedAt.Add(time.Hour),
					Message: fmt.Sprintf("ran out of memory, %d restarts", pod.Status.Containers[i].Restarts), Severity: triage.S3,
				})
			}
		}
	}
}

func silent(p *triage.Pass) {
	for n := range p.Cluster.Nodes.All() {
		for _, c := range n.Status.Conditions {
			if c.Type == corev1.NodeReady && c.Status == corev1.ConditionUnknown {
				p.Report(triage.Signal{Object: kube.Nodes.Ref("", n.Name), Since: c.LastTransitionTime.Time, Message: "is silent", Severity: triage.S2})
			}
		}
	}
}

// loss makes a node silent and as many pods of the fleet not ready.
func loss(t testing.TB, b *kube.Builder, f fleet.Fleet, pods int, at time.Time) {
	t.Helper()
	const lost = "node-0000"
	set := func(r kube.Resource, o kube.Object) {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	for r, o := range f.Objects() {
		switch o := o.(type) {
		case *corev1.Node:
			if o.Name == lost {
				o.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionUnknown, LastTransitionTime: metav1.NewTime(at)}}
				set(r, o)
			}
		case *corev1.Pod:
			if pods == 0 {
				return
			}
			if o.Status.ContainerStatuses[0].RestartCount > 0 {
				continue
			}
			pods--
			o.Spec.NodeName = lost
			for i := range o.Status.Conditions {
				if c := &o.Status.Conditions[i]; c.Type == corev1.PodReady {
					c.Status, c.Reason, c.LastTransitionTime = corev1.ConditionFalse, "NodeLost", metav1.NewTime(at)
				}
			}
			set(r, o)
		}
	}
}

func TestALostNodeIsOneIncident(t *testing.T) {
	t.Parallel()
	f := fleet.Of(1000)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	tracker := incident.NewTracker(detectors())
	at := fleet.Began().Add(24 * time.Hour)
	if r := tracker.Update(b.Build(at), at); len(r.Incidents) != 0 || r.Signals != 0 {
		t.Errorf("a day after it was made a fleet has %d incidents of %d signals, want none", len(r.Incidents), r.Signals)
	}
	loss(t, b, f, 250, at)
	r := tracker.Update(b.Build(at.Add(time.Second)), at.Add(time.Second))
	if len(r.Incidents) != 1 || r.Notes != nil || r.Signals != 251 || r.Explained != 251 {
		t.Fatalf("%d incidents and %d of %d signals explained, want 1 with all of 251", len(r.Incidents), r.Explained, r.Signals)
	}
	isLoss(t, r.Incidents[0], at)
}

// isLoss looks at the incident of the node that was lost with 250 pods.
func isLoss(t *testing.T, i *incident.Incident, at time.Time) {
	t.Helper()
	if i.Root != (triage.Key{Kind: triage.ByNode, Name: "node-0000"}) || i.Where != "node-0000" || i.Pods != 250 || !i.Since.Equal(at) {
		t.Errorf("it is %v with %d pods in %s since %s", i.Root, i.Pods, i.Where, i.Since)
	}
	if root := i.Signals[0]; root.Detector.ID != "node-silent" || root.Symptom() {
		t.Errorf("its signals begin with %s, explained by %v", root.Detector.ID, root.By)
	}
	if n := len(i.Watched()); n != 251 {
		t.Errorf("%d of its signals are not over, want 251", n)
	}
	for _, s := range i.Signals[1:] {
		if s.By != i.Signals[0].Identity() {
			t.Errorf("%v is explained by %v", s.Identity(), s.By)
		}
	}
}

func TestWhatADetectorCannotSeeIsTold(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Forbidden, Reason: "no"})
	r := incident.NewTracker(detectors()).Update(b.Build(fleet.Began()), fleet.Began())
	if len(r.Blind) != 1 || r.Blind[0].Detector.ID != "node-silent" {
		t.Errorf("the blind are %v, want node-silent", r.Blind)
	}
}

func TestTheNextMomentIsWhenASuspectCounts(t *testing.T) {
	t.Parallel()
	f := fleet.Of(100)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	now := fleet.Began().Add(24 * time.Hour)
	tracker := incident.NewTracker(detectors())
	tracker.Update(b.Build(now), now)
	if next := tracker.Next(); !next.IsZero() {
		t.Errorf("while nothing happens the next moment is %s", next)
	}
	pod := f.Change(3)
	for i := range pod.Status.Conditions {
		pod.Status.Conditions[i].LastTransitionTime = metav1.NewTime(now)
	}
	if err := b.Set(kube.Pods, pod); err != nil {
		t.Fatal(err)
	}
	c := b.Build(now)
	if r := tracker.Update(c, now); len(r.Incidents) != 0 || len(r.Suspects) != 1 {
		t.Errorf("%d incidents and %d suspects, want 1 suspect", len(r.Incidents), len(r.Suspects))
	}
	next := tracker.Next()
	if !next.Equal(now.Add(time.Minute)) {
		t.Errorf("the next moment is %s, want a minute later", next)
	}
	if r := tracker.Update(c, next); r.Signals != 1 || len(r.Suspects) != 0 {
		t.Errorf("then %d signals fire and there are %d suspects", r.Signals, len(r.Suspects))
	}
}

func TestTheTablesNameDetectors(t *testing.T) {
	t.Parallel()
	for _, d := range detectors() {
		if !slices.Contains(incident.Detectors(), d.ID) {
			t.Errorf("%s is in no table", d.ID)
		}
	}
}

// BenchmarkUpdate changes one pod of 30,000, of which 750 were out of memory within
// the last hour, which is 750 signals; while it is quiet that was long ago.
func BenchmarkUpdate(b *testing.B) {
	f, builder := large(b)
	for _, state := range []struct {
		name  string
		after time.Duration
	}{{"busy", time.Hour}, {"quiet", 24 * time.Hour}} {
		b.Run(state.name, func(b *testing.B) {
			tracker := incident.NewTracker(detectors())
			now := fleet.Began().Add(state.after)
			tracker.Update(builder.Build(now), now)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				if err := builder.Set(kube.Pods, f.Change(i%100)); err != nil {
					b.Fatal(err)
				}
				now = now.Add(100 * time.Millisecond)
				c := builder.Build(now)
				c.Workloads() // others have asked for them
				b.StartTimer()
				tracker.Update(c, now)
			}
		})
	}
}

// BenchmarkNodeLoss loses a node with 250 pods of 30,000.
func BenchmarkNodeLoss(b *testing.B) {
	f, builder := large(b)
	now := fleet.Began().Add(24 * time.Hour)
	before := builder.Build(now)
	loss(b, builder, f, 250, now)
	for b.Loop() {
		b.StopTimer()
		tracker := incident.NewTracker(detectors())
		tracker.Update(before, now)
		c := builder.Build(now.Add(time.Second))
		c.Workloads()
		b.StartTimer()
		if r := tracker.Update(c, now.Add(time.Second)); len(r.Incidents) != 1 {
			b.Fatalf("%d incidents", len(r.Incidents))
		}
	}
}

func large(b *testing.B) (fleet.Fleet, *kube.Builder) {
	b.Helper()
	f := fleet.Of(30_000)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	return f, builder
}
