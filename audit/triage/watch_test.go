package triage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// detector is one whose signals count after half a minute and are held for a minute.
func detector() *triage.Detector {
	return &triage.Detector{
		ID: "sleepy", Title: "Pods sleep", About: "They do.", Reads: []kube.Resource{kube.Pods}, Rung: triage.Revisions,
		After: 30 * time.Second, Check: func(*triage.Pass) {},
	}
}

func TestWatchLetsTimePassOverASignal(t *testing.T) {
	t.Parallel()
	signal := &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "web"), Since: noon}
	w := triage.NewWatch()
	type seen struct {
		State    triage.State
		Onset    time.Duration
		Flapping bool
	}
	at := func(after time.Duration, signals ...*triage.Signal) []seen {
		var all []seen
		for _, s := range w.Update(signals, noon.Add(after)) {
			all = append(all, seen{s.State, s.Onset.Sub(noon), s.Flapping})
		}
		return all
	}
	for _, step := range []struct {
		what    string
		after   time.Duration
		signals []*triage.Signal
		want    []seen
	}{
		{"too young", 10 * time.Second, []*triage.Signal{signal}, []seen{{triage.Suspect, 0, false}}},
		{"old enough", 30 * time.Second, []*triage.Signal{signal}, []seen{{triage.Firing, 0, false}}},
		{"gone", time.Minute, nil, []seen{{triage.Recovering, 0, false}}},
		{"back", 90 * time.Second, []*triage.Signal{signal}, []seen{{triage.Firing, 0, false}}},
		{"gone again", 2 * time.Minute, nil, []seen{{triage.Recovering, 0, false}}},
		{"back again", 150 * time.Second, []*triage.Signal{signal}, []seen{{triage.Firing, 0, true}}},
		{"gone for good", 3 * time.Minute, nil, []seen{{triage.Recovering, 0, true}}},
		{"held for a minute", 4 * time.Minute, nil, []seen{{triage.Resolved, 0, true}}},
		{"remembered", 32 * time.Minute, nil, []seen{{triage.Resolved, 0, true}}},
		{"forgotten", 33 * time.Minute, nil, nil},
	} {
		if diff := cmp.Diff(step.want, at(step.after, step.signals...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.what, diff)
		}
	}
}

func TestWatchCountsFromWhatObjectsSay(t *testing.T) {
	t.Parallel()
	old := &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "old"), Since: noon.Add(-time.Hour)}
	unknown := &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "unknown")}
	future := &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "future"), Since: noon.Add(time.Minute)}
	past := &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "past"), Since: noon.Add(-time.Hour), Until: noon}
	w := triage.NewWatch()
	signals := []*triage.Signal{old, unknown, future, past}
	got := w.Update(signals, noon)
	states := map[string]triage.State{}
	for _, s := range got {
		states[s.Object.Name] = s.State
	}
	if diff := cmp.Diff(map[string]triage.State{"old": triage.Firing, "unknown": triage.Suspect}, states); diff != "" {
		t.Errorf("at first sight (-want +got):\n%s", diff)
	}
	if got, want := w.Next(signals, noon), noon.Add(30*time.Second); !got.Equal(want) {
		t.Errorf("the next moment is %s, want %s: what nobody dates counts from when it was seen", got, want)
	}
	for _, s := range w.Update(signals, noon.Add(30*time.Second)) {
		if s.Object.Name == "unknown" && (s.State != triage.Firing || !s.Observed) {
			t.Errorf("what nobody dates is %s half a minute later, observed %t", s.State, s.Observed)
		}
	}
}

func TestRecoveringBeginsWhenASignalCeasesByItself(t *testing.T) {
	t.Parallel()
	s := &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "web"), Since: noon, Until: noon.Add(time.Minute)}
	w := triage.NewWatch()
	w.Update([]*triage.Signal{s}, noon.Add(40*time.Second))
	got := w.Update([]*triage.Signal{s}, noon.Add(90*time.Second))
	if len(got) != 1 || got[0].State != triage.Recovering || !got[0].Ended.Equal(noon.Add(time.Minute)) {
		t.Errorf("got %+v, want one that is recovering since its end", got)
	}
}

func TestWhatIsAsItWasIsTheSamePointer(t *testing.T) {
	t.Parallel()
	signal := func(message string) *triage.Signal {
		return &triage.Signal{Detector: detector(), Object: kube.Pods.Ref("shop", "web"), Since: noon, Message: message}
	}
	first := signal("sleeps")
	w := triage.NewWatch()
	at := func(after time.Duration, s *triage.Signal) *triage.Watched {
		return w.Update([]*triage.Signal{s}, noon.Add(after))[0]
	}
	before := at(time.Minute, first)
	alike := *first
	if got := at(2*time.Minute, &alike); got != before {
		t.Errorf("the same signal gives %+v at another place, want that of before", got)
	}
	if got := at(3*time.Minute, signal("snores")); got == before || got.Message != "snores" || before.Message != "sleeps" {
		t.Errorf("another signal gives %+v, want another at another place; what was handed out is %+v", got, before)
	}
}
