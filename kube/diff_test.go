package kube_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestChangesOfWhatIsWanted(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	before := b.Build(time.Unix(1, 0))
	for _, name := range []string{"a", "b"} {
		if err := b.Set(kube.Pods, pod(name)); err != nil {
			t.Fatal(err)
		}
	}
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	if err := b.Set(kube.Services, service); err != nil {
		t.Fatal(err)
	}
	after := b.Build(time.Unix(2, 0))

	var asked []kube.Resource
	got := slices.Collect(kube.ChangesOf(before, after, func(r kube.Resource) bool {
		asked = append(asked, r)
		return r == kube.Services
	}))
	want := []kube.Change{{Resource: kube.Services, Namespace: "shop", Name: "web", After: service}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(kube.Resource{})); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if len(asked) != 2 || !slices.Contains(asked, kube.Pods) {
		t.Errorf("asked about %v, want only what changed: pods and services", asked)
	}
	for c := range kube.ChangesOf(before, after, func(kube.Resource) bool { return true }) {
		if c.Resource != kube.Pods {
			t.Errorf("a reader that wants no more got %s", c.Resource)
		}
		break
	}
}
