package kube_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestEventTimes(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	later := noon.Add(time.Hour)
	at, micro := metav1.NewTime, metav1.NewMicroTime
	for name, test := range map[string]struct {
		event       corev1.Event
		first, last time.Time
		count       int
	}{
		"the old way":     {corev1.Event{FirstTimestamp: at(noon), LastTimestamp: at(later), Count: 7}, noon, later, 7},
		"the new way":     {corev1.Event{EventTime: micro(later)}, later, later, 1},
		"a series":        {corev1.Event{EventTime: micro(noon), Series: &corev1.EventSeries{Count: 3, LastObservedTime: micro(later)}}, noon, later, 3},
		"both ways":       {corev1.Event{EventTime: micro(noon), FirstTimestamp: at(noon), LastTimestamp: at(later), Count: 2}, noon, later, 2},
		"the last alone":  {corev1.Event{LastTimestamp: at(later)}, later, later, 1},
		"the first alone": {corev1.Event{FirstTimestamp: at(noon), Series: &corev1.EventSeries{}}, noon, noon, 1},
		"no time":         {corev1.Event{ObjectMeta: metav1.ObjectMeta{CreationTimestamp: at(noon)}}, noon, noon, 1},
		"in any order":    {corev1.Event{FirstTimestamp: at(later), LastTimestamp: at(noon)}, noon, later, 1},
		"nothing at all":  {corev1.Event{}, time.Time{}, time.Time{}, 1},
	} {
		first, last := kube.EventTimes(&test.event)
		if !first.Time.Equal(test.first) || !last.Time.Equal(test.last) {
			t.Errorf("%s: from %v to %v, want %v to %v", name, first, last, test.first, test.last)
		}
		if count := kube.EventCount(&test.event); count != test.count {
			t.Errorf("%s: %d times, want %d", name, count, test.count)
		}
	}
}

func TestEventTells(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{"Killing": true, "ScalingReplicaSet": true, "NotTriggerScaleUp": true, "Pulled": false, "": false} {
		if got := kube.EventTells(&corev1.Event{Type: corev1.EventTypeNormal, Reason: reason}); got != want {
			t.Errorf("a normal event %q tells: %t, want %t", reason, got, want)
		}
		if !kube.EventTells(&corev1.Event{Type: corev1.EventTypeWarning, Reason: reason}) {
			t.Errorf("a warning %q tells nothing", reason)
		}
	}
}
