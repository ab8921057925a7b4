package live

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// names is a keeper that only keeps names.
type names map[types.NamespacedName]bool

func (n names) set(o kube.Object) error          { n[nameOf(o)] = true; return nil }
func (n names) remove(name types.NamespacedName) { delete(n, name) }

func event(name, about, reason string, at time.Time) *corev1.Event {
	return &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Namespace: "a", Name: name},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "a", Name: about},
		Reason:         reason,
		LastTimestamp:  metav1.NewTime(at),
	}
}

func TestRecentKeepsTheNewest(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	held := names{}
	r := newRecent(held)
	for _, e := range []*corev1.Event{
		event("new", "web", "BackOff", noon.Add(time.Minute)),
		event("old", "web", "BackOff", noon),
		event("other-reason", "web", "Pulled", noon),
		event("other-pod", "db", "BackOff", noon),
		event("newest", "web", "BackOff", noon.Add(time.Hour)),
	} {
		if err := r.set(e); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"newest", "other-reason", "other-pod"}
	for _, name := range want {
		if !held[types.NamespacedName{Namespace: "a", Name: name}] {
			t.Errorf("%s is not held", name)
		}
	}
	if len(held) != len(want) {
		t.Errorf("%d events are held, want %d: %v", len(held), len(want), held)
	}

	// Once the newest is gone, an older one says more than nothing.
	r.remove(types.NamespacedName{Namespace: "a", Name: "newest"})
	if err := r.set(event("new", "web", "BackOff", noon.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	if !held[types.NamespacedName{Namespace: "a", Name: "new"}] {
		t.Error("new is not held after newest is gone")
	}
}

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	held := names{}
	r := newRecent(held)
	const all = 3 * mostEvents
	for i := range all {
		if err := r.set(event(fmt.Sprint("e", i), fmt.Sprint("pod", i), "BackOff", noon.Add(time.Duration(i)*time.Second))); err != nil {
			t.Fatal(err)
		}
	}
	if len(held) < mostEvents || len(held) > mostEvents+mostEvents/8 {
		t.Errorf("%d events are held, want about %d", len(held), mostEvents)
	}
	if len(r.newest) != len(held) || len(r.about) != len(held) {
		t.Errorf("%d plights and %d names are remembered for %d events", len(r.newest), len(r.about), len(held))
	}
	for i := all - mostEvents; i < all; i++ {
		if !held[types.NamespacedName{Namespace: "a", Name: fmt.Sprint("e", i)}] {
			t.Fatalf("e%d, one of the newest, is not held", i)
		}
	}
}

// What one reason stands for is told apart, and what repeats itself is not.
func TestRecentTellsPlightsApart(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	held := names{}
	r := newRecent(held)
	for i, e := range []struct{ name, part, reason, message string }{
		{"liveness", "{web}", "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"},
		{"readiness-old", "{web}", "Unhealthy", `Readiness probe failed: Get "http://10.0.0.1/": refused`},
		{"readiness", "{web}", "Unhealthy", `Readiness probe failed: Get "http://10.0.0.2/": refused`},
		{"readiness-of-proxy", "{proxy}", "Unhealthy", `Readiness probe failed: Get "http://10.0.0.2/": refused`},
		{"pull", "{web}", "Failed", `Failed to pull image "web:9": not found`},
		{"wait", "{web}", "Failed", "Error: ImagePullBackOff"},
		{"config", "", "FailedMount", `MountVolume.SetUp failed for volume "config" : configmap "web" not found`},
		{"secret", "", "FailedMount", `MountVolume.SetUp failed for volume "tls" : secret "web" not found`},
		{"create-old", "", "FailedCreate", `Error creating: pods "web-x1" is forbidden: exceeded quota`},
		{"create", "", "FailedCreate", `Error creating: pods "web-y2" is forbidden: exceeded quota`},
		{"up", "", "ScalingReplicaSet", "Scaled up replica set web-1 from 0 to 1"},
		{"down", "", "ScalingReplicaSet", "Scaled down replica set web-0 from 3 to 2"},
	} {
		event := event(e.name, "web", e.reason, noon.Add(time.Duration(i)*time.Second))
		event.Message, event.InvolvedObject.FieldPath = e.message, e.part
		if err := r.set(event); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for name := range held {
		got = append(got, name.Name)
	}
	slices.Sort(got)
	want := []string{"config", "create", "down", "liveness", "pull", "readiness", "readiness-of-proxy", "secret", "up", "wait"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	// An Event that comes to tell of similar ones leaves nothing behind.
	similar := event("liveness", "web", "Unhealthy", noon.Add(time.Hour))
	similar.Message, similar.InvolvedObject.FieldPath = "(combined from similar events): x", "{web}"
	if err := r.set(similar); err != nil {
		t.Fatal(err)
	}
	if len(r.newest) != len(held) || len(r.about) != len(held) {
		t.Errorf("%d plights and %d names are remembered for %d events", len(r.newest), len(r.about), len(held))
	}
}

// Of too many, those go first that say that all is well.
func TestRecentForgetsWhatTellsNothing(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	held := names{}
	r := newRecent(held)
	for i := range 2 * mostEvents {
		e := event(fmt.Sprint("e", i), fmt.Sprint("pod", i), "Pulled", noon.Add(time.Duration(i)*time.Second))
		e.Type = corev1.EventTypeNormal
		if i%20 == 0 {
			e.Reason = "Killing"
		}
		if i%20 == 1 {
			e.Type = corev1.EventTypeWarning
		}
		if err := r.set(e); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < 2*mostEvents; i += 20 {
		for _, n := range []int{i, i + 1} {
			if !held[types.NamespacedName{Namespace: "a", Name: fmt.Sprint("e", n)}] {
				t.Fatalf("e%d is forgotten", n)
			}
		}
	}
}
