package triage_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestPodEventsAreOfOneIncarnation makes a pod that had one of its name before it.
func TestPodEventsAreOfOneIncarnation(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	p := pod("shop", "web", false)
	p.UID = "0f0e0d0c-0b0a-4908-8706-050403020100"
	p.Annotations = map[string]string{"kubernetes.io/config.hash": "cafe"}
	objects := map[kube.Resource][]kube.Object{kube.Pods: {p}}
	for _, e := range []struct{ name, uid string }{{"a", "cafe"}, {"b", "another"}, {"c", ""}, {"d", string(p.UID)}} {
		objects[kube.Events] = append(objects[kube.Events], &corev1.Event{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: e.name, UID: "x"}, Reason: "Killing",
			InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: "web", UID: types.UID(e.uid), FieldPath: "spec.containers{app}"},
		})
	}
	for r, all := range objects {
		if err := b.Replace(r, "", all); err != nil {
			t.Fatal(err)
		}
	}
	got := ""
	d := detector()
	d.Check = func(pass *triage.Pass) {
		for _, pod := range pass.Pods() {
			for _, e := range pass.PodEvents(pod) {
				got += e.Name
			}
			if e := triage.Latest(pass.PodEvents(pod), nil, "Killing"); e == nil || e.Name != "d" || triage.ContainerOf(e) != "app" {
				t.Errorf("the latest is %v", e)
			}
			if e := triage.Latest(pass.PodEvents(pod), nil, "BackOff"); e != nil {
				t.Errorf("found %v of another reason", e)
			}
		}
	}
	triage.NewDetection([]*triage.Detector{d}).Detect(b.Build(noon))
	if got != "acd" {
		t.Errorf("events %q are said to be about the pod, want acd", got)
	}
}

func TestContainersAreMatchedByName(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	p := pod("shop", "web", false)
	always := corev1.ContainerRestartPolicyAlways
	p.Spec.InitContainers = []corev1.Container{{Name: "mesh", RestartPolicy: &always}, {Name: "migrate"}}
	p.Spec.Containers = []corev1.Container{{Name: "app"}, {Name: "new"}}
	running := corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Time{Time: noon}}}
	p.Status.InitContainerStatuses = []corev1.ContainerStatus{{Name: "migrate"}, {Name: "mesh", State: running}}
	p.Status.InitContainerStatuses[0].State.Waiting = &corev1.ContainerStateWaiting{Reason: "PodInitializing"}
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "app", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "PodInitializing"}}}}
	if err := b.Set(kube.Pods, p); err != nil {
		t.Fatal(err)
	}
	row, _ := b.Build(noon).Pods.Get("shop", "web")
	got := ""
	for c, status := range triage.Containers(row) {
		if c.Name != status.Name {
			t.Errorf("%s has the status of %s", c.Name, status.Name)
		}
		got += c.Kind.String() + " " + c.Name + ";"
	}
	if want := "sidecar mesh;init container migrate;container app;"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if triage.Initializing(row) || !triage.Started(row) {
		t.Error("a sidecar that runs is no init container, and has started")
	}
}

func TestRestarts(t *testing.T) {
	t.Parallel()
	never := corev1.ContainerRestartPolicyNever
	for _, test := range []struct {
		pod  corev1.RestartPolicy
		own  *corev1.ContainerRestartPolicy
		kind kube.ContainerKind
		exit int32
		want bool
	}{
		{corev1.RestartPolicyAlways, nil, kube.Main, 0, true},
		{"", nil, kube.Main, 0, true},
		{corev1.RestartPolicyAlways, nil, kube.Init, 0, false},
		{corev1.RestartPolicyAlways, nil, kube.Init, 1, true},
		{corev1.RestartPolicyOnFailure, nil, kube.Main, 0, false},
		{corev1.RestartPolicyOnFailure, nil, kube.Main, 1, true},
		{corev1.RestartPolicyNever, nil, kube.Main, 1, false},
		{corev1.RestartPolicyAlways, &never, kube.Main, 1, false},
	} {
		p := &kube.Pod{Spec: &corev1.PodSpec{RestartPolicy: test.pod}}
		c := kube.Container{Container: &corev1.Container{RestartPolicy: test.own}, Kind: test.kind}
		if got := triage.Restarts(p, c, &corev1.ContainerStateTerminated{ExitCode: test.exit}); got != test.want {
			t.Errorf("%+v: got %t", test, got)
		}
	}
}
