package live

import (
	"fmt"
	"testing"
	"time"

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

func TestTimeOf(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	later := noon.Add(time.Hour)
	tests := map[string]corev1.Event{
		"last":    {LastTimestamp: metav1.NewTime(later), FirstTimestamp: metav1.NewTime(noon)},
		"new API": {EventTime: metav1.NewMicroTime(later)},
		"series":  {EventTime: metav1.NewMicroTime(noon), Series: &corev1.EventSeries{LastObservedTime: metav1.NewMicroTime(later)}},
		"created": {ObjectMeta: metav1.ObjectMeta{CreationTimestamp: metav1.NewTime(later)}},
	}
	for name, e := range tests {
		if got := timeOf(&e); !got.Equal(later) {
			t.Errorf("%s: %s, want %s", name, got, later)
		}
	}
}
