package change_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// replicaSet is a revision of a Deployment, made now.
func (w *world) replicaSet(of string, revision int, image string) *appsv1.ReplicaSet {
	rs := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{
		Namespace: "shop", Name: fmt.Sprintf("%s-%d", of, revision), CreationTimestamp: metav1.NewTime(w.now), Labels: map[string]string{"app": of},
		Annotations:     map[string]string{"deployment.kubernetes.io/revision": fmt.Sprint(revision)},
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: of, Controller: new(true)}},
	}}
	rs.Spec.Template = deployment(metav1.ObjectMeta{Name: of}, image, 1).Spec.Template
	return rs
}

// TestWhatIsRememberedIsNotSeen holds that a view which takes over what was found in
// the one before tells the same as one of the same objects that has none before it.
func TestWhatIsRememberedIsNotSeen(t *testing.T) {
	t.Parallel()
	p := &population{world: newWorld(t), r: rand.New(rand.NewPCG(5, 6)), n: map[string]int{}} //nolint:gosec // a fixed sequence
	revision, told := 0, 0
	for range 80 {
		p.now = p.now.Add(2 * time.Second)
		for range p.r.IntN(3) {
			p.event(p.r.IntN(kindsOfEvents), []string{"a", "b"}[p.r.IntN(2)])
		}
		if p.r.IntN(2) == 0 {
			revision++
			p.set(kube.ReplicaSets, p.replicaSet("a", revision, fmt.Sprintf("web:%d", p.r.IntN(3))))
		}
		if p.r.IntN(8) == 0 {
			p.b.Delete(kube.ReplicaSets, "shop", fmt.Sprintf("a-%d", p.r.IntN(revision+1)))
		}
		c := p.b.Build(p.now)
		fresh := kube.NewBuilder(c.Info)
		for _, r := range kube.Resources() {
			for _, o := range c.Objects(r) {
				if err := fresh.Set(r, copied(o)); err != nil {
					t.Fatal(err)
				}
			}
		}
		since := p.now.Add(-time.Minute)
		got := timeline(change.Reconstruct(c, since))
		if diff := cmp.Diff(timeline(change.Reconstruct(fresh.Build(p.now), since)), got); diff != "" {
			t.Fatalf("what is remembered is not what there is (-fresh +remembered):\n%s", diff)
		}
		told += strings.Count(got, "rollout")
	}
	if told < 100 {
		t.Errorf("%d rollouts prove little", told)
	}
}

// copied returns an object that another Builder may own.
func copied(o kube.Object) kube.Object {
	switch o := o.(type) {
	case *kube.Pod:
		return o.API()
	case *kube.ReplicaSet:
		return o.API().DeepCopy()
	case runtime.Object:
		object, _ := o.DeepCopyObject().(kube.Object)
		return object
	}
	return o
}

// TestManifestsRememberWhatTheyWereTakenFrom holds that manifests with times tell as much
// as the cluster from which they were taken, and those without tell nothing.
func TestManifestsRememberWhatTheyWereTakenFrom(t *testing.T) {
	t.Parallel()
	for _, taken := range []bool{true, false} {
		w := &world{t, kube.NewBuilder(kube.Info{Offline: true}), noon()}
		for i, image := range []string{"web:1", "web:2"} {
			w.later(60)
			rs := w.replicaSet("web", i+1, image)
			if !taken {
				rs.CreationTimestamp = metav1.Time{}
			}
			w.set(kube.ReplicaSets, rs)
		}
		if got := len(change.Reconstruct(w.later(1), time.Time{})); (got > 0) != taken {
			t.Errorf("taken from a cluster: %t, and %d changes are told", taken, got)
		}
	}
}

// TestRevisionsOfOtherControllers holds that what keeps its revisions as Deployments
// do is told as well.
func TestRevisionsOfOtherControllers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, image := range []string{"web:1", "web:2"} {
		w.later(60)
		rs := w.replicaSet("web", i+1, image)
		rs.Annotations = map[string]string{"rollout.argoproj.io/revision": fmt.Sprint(i + 1)}
		rs.OwnerReferences[0].APIVersion, rs.OwnerReferences[0].Kind = "argoproj.io/v1alpha1", "Rollout"
		w.set(kube.ReplicaSets, rs)
	}
	got := titles(change.Reconstruct(w.later(1), noon()))
	if diff := cmp.Diff([]string{"stated Rollout shop/web rollout 1 → 2: image web:1 → 2 (main)"}, got); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestRevisionOf(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]map[string]string{
		"testdata/rollback.yaml":            {"web-a-1": "3"},
		"testdata/controllerrevisions.yaml": {"cni-1": "3"},
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, got := example(t, text, noon()), map[string]string{}
		for p := range c.Pods.All() {
			got[p.Name] = change.RevisionOf(c, p)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: revisions (-want +got):\n%s", file, diff)
		}
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	all := change.Sources()
	for _, r := range []kube.Resource{kube.Deployments, kube.ReplicaSets, kube.ControllerRevisions, kube.Events, kube.ConfigMaps, kube.Nodes, kube.Applications, kube.Pods, kube.Leases} {
		if !slices.Contains(all, r) {
			t.Errorf("%s are not read", r)
		}
	}
	if slices.Contains(all, kube.EndpointSlices) {
		t.Error("endpoints are no source of changes: they follow pods")
	}
}
