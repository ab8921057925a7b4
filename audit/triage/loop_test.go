package triage_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestCrashingSince(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	p := pod("shop", "web", false)
	p.CreationTimestamp = metav1.Time{Time: noon.Add(-3 * time.Hour)}
	if err := b.Set(kube.Pods, p); err != nil {
		t.Fatal(err)
	}
	row, _ := b.Build(noon).Pods.Get("shop", "web")
	for _, test := range []struct {
		restarts int32
		ran      time.Duration
		want     time.Duration // before noon, when it ended last
	}{
		{0, 4 * time.Second, 0},
		{1, 4 * time.Second, 4 * time.Second},
		{2, 4 * time.Second, 18 * time.Second},
		{7, 0, (10 + 20 + 40 + 80 + 160 + 300) * time.Second},
		{9, time.Minute, (310 + 3*300 + 9*60) * time.Second},
		{2000, time.Minute, 3 * time.Hour}, // no longer than there is the pod
	} {
		status := &kube.ContainerStatus{RunImage: &kube.RunImage{Name: "app"}, Restarts: test.restarts}
		ended := &corev1.ContainerStateTerminated{StartedAt: metav1.Time{Time: noon.Add(-test.ran)}, FinishedAt: metav1.Time{Time: noon}}
		since, estimated := triage.CrashingSince(row, status, ended, nil)
		if got := noon.Sub(since); got != test.want || !estimated {
			t.Errorf("%d restarts: since %s before, estimated %t, want %s", test.restarts, got, estimated, test.want)
		}
		event := &corev1.Event{Reason: "BackOff", Message: "Back-off restarting failed container app in pod web", FirstTimestamp: metav1.Time{Time: noon.Add(-time.Hour)}}
		event.InvolvedObject.FieldPath = "spec.containers{app}"
		if since, estimated := triage.CrashingSince(row, status, ended, []*corev1.Event{event}); estimated || noon.Sub(since) != time.Hour {
			t.Errorf("by an event: since %s, estimated %t", since, estimated)
		}
	}
	if since, _ := triage.CrashingSince(row, &kube.ContainerStatus{RunImage: &kube.RunImage{Name: "app"}, Restarts: 3}, nil, nil); !since.IsZero() {
		t.Errorf("since %s, though nothing is known", since)
	}
}
