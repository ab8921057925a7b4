package change_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// world is a cluster in which things are made to happen.
type world struct {
	t   testing.TB
	b   *kube.Builder
	now time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t, kube.NewBuilder(kube.Info{Name: "live"}), noon()}
	for _, r := range kube.Resources() {
		w.b.SetState(kube.State{Resource: r, Phase: kube.Synced})
	}
	return w
}

// set gives an object as a server would send it.
func (w *world) set(r kube.Resource, o kube.Object) {
	w.t.Helper()
	if err := w.b.Set(r, o); err != nil {
		w.t.Fatal(err)
	}
}

// later publishes a view some seconds later.
func (w *world) later(seconds int) *kube.Cluster {
	w.now = w.now.Add(time.Duration(seconds) * time.Second)
	return w.b.Build(w.now)
}

// meta is the metadata of an object that is old, written now by somebody.
func (w *world) meta(name, writer string) metav1.ObjectMeta {
	m := metav1.ObjectMeta{Namespace: "shop", Name: name, CreationTimestamp: metav1.NewTime(noon().Add(-24 * time.Hour))}
	if writer != "" {
		m.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: writer, Operation: metav1.ManagedFieldsOperationUpdate, Time: new(metav1.NewTime(w.now))}}
	}
	return m
}

func deployment(m metav1.ObjectMeta, image string, replicas int32) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: m}
	d.Spec.Replicas = new(replicas)
	d.Spec.Template.Labels = map[string]string{"app": m.Name}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: image}}
	return d
}

// population is what a random sequence of events works on, and what it should tell.
type population struct {
	*world
	r    *rand.Rand
	n    map[string]int // how often something was done to an object
	want []string
}

// event makes one thing happen to an object and notes what should be told of it.
func (p *population) event(kind int, name string) {
	key := fmt.Sprint(kind, name)
	was := p.n[key]
	p.n[key]++
	is := p.n[key]
	tell := func(format string, args ...any) { p.want = append(p.want, fmt.Sprintf(format, args...)) }
	switch kind {
	case 0:
		p.set(kube.Deployments, deployment(p.meta(name, "kubectl"), fmt.Sprintf("web:%d", is), 3))
		tell("Deployment shop/%s rollout: image web:%d → %d (main)", name, was, is)
	case 1:
		h := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: p.meta(name, "kubectl")}
		h.Spec.MaxReplicas = int32(10 + is) //nolint:gosec // small
		p.set(kube.HorizontalPodAutoscalers, h)
		tell("HorizontalPodAutoscaler shop/%s changed: maxReplicas %d → %d", name, 10+was, 10+is)
	case 2:
		s := &corev1.Service{ObjectMeta: p.meta(name, "kubectl")}
		s.Spec.Selector = map[string]string{"app": fmt.Sprint("v", is)}
		p.set(kube.Services, s)
		tell("Service shop/%s changed: selector.app v%d → v%d", name, was, is)
	case 3:
		q := &corev1.ResourceQuota{ObjectMeta: p.meta(name, "kubectl")}
		q.Spec.Hard = corev1.ResourceList{corev1.ResourcePods: *resource.NewQuantity(int64(5+is), resource.DecimalSI)}
		q.Status.Used = corev1.ResourceList{corev1.ResourcePods: *resource.NewQuantity(int64(p.r.IntN(9)), resource.DecimalSI)}
		p.set(kube.ResourceQuotas, q)
		tell("ResourceQuota shop/%s changed: hard.pods %d → %d", name, 5+was, 5+is)
	case 4:
		n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, CreationTimestamp: metav1.NewTime(noon().Add(-24 * time.Hour))}}
		n.Spec.Unschedulable = is%2 == 1
		p.set(kube.Nodes, n)
		tell("Node %s %s", name, map[bool]string{true: "cordoned", false: "uncordoned"}[is%2 == 1])
	case 5:
		p.set(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: p.meta(name, "kubectl-edit"), Data: map[string]string{"a": fmt.Sprint(is)}})
		tell("ConfigMap shop/%s written by kubectl-edit", name)
	case 6:
		p.set(kube.Pods, &corev1.Pod{ObjectMeta: p.meta(name+fmt.Sprint(is), ""), Spec: corev1.PodSpec{NodeName: name}})
		p.b.Delete(kube.Pods, "shop", name+fmt.Sprint(was))
	case 7:
		q := &corev1.PersistentVolumeClaim{ObjectMeta: p.meta(name, "")}
		q.Status.Phase = corev1.PersistentVolumeClaimPhase([]string{"Bound", "Pending"}[is%2])
		p.set(kube.PersistentVolumeClaims, q)
	}
}

const kindsOfEvents = 8

func TestJournalOfRandomEvents(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		p := &population{world: newWorld(t), r: rand.New(rand.NewPCG(seed, 1)), n: map[string]int{}} //nolint:gosec // a fixed sequence
		names := []string{"a", "b", "c"}
		for kind := range kindsOfEvents {
			for _, name := range names {
				p.event(kind, name)
			}
		}
		p.want = nil
		views := []*kube.Cluster{p.later(1)}
		var j change.Journal
		j.Observe(nil, views[0])
		for range 60 {
			p.now = p.now.Add(2 * time.Second)
			order := p.r.Perm(kindsOfEvents * len(names))
			for _, i := range order[:p.r.IntN(4)] {
				p.event(i/len(names), names[i%len(names)])
			}
			views = append(views, p.b.Build(p.now))
			j.Observe(views[len(views)-2], views[len(views)-1])
		}
		var got []string
		for _, ch := range j.Seen(time.Time{}) {
			if ch.Certainty != change.Live || ch.Time.Before(noon()) || ch.Time.After(p.now) {
				t.Fatalf("%s %s at %s", ch.Certainty, ch.Title, ch.Time)
			}
			title := strings.ReplaceAll(ch.Title, "spec.", "")
			got = append(got, strings.TrimSuffix(ch.Object.String()+" "+title, "\n"))
		}
		slices.Sort(got)
		slices.Sort(p.want)
		if diff := cmp.Diff(p.want, got); diff != "" {
			t.Fatalf("seed %d (-happened +told):\n%s", seed, diff)
		}
		if len(got) < 40 {
			t.Errorf("seed %d: %d changes prove little", seed, len(got))
		}
		var pairwise []change.Change
		for i := range views[1:] {
			pairwise = append(pairwise, change.Between(views[i], views[i+1])...)
		}
		if diff := cmp.Diff(sorted(timeline(pairwise)), sorted(timeline(j.Seen(time.Time{})))); diff != "" {
			t.Fatalf("seed %d: the journal is not what differs from view to view:\n%s", seed, diff)
		}
	}
}

func sorted(text string) []string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return lines
}

func titles(changes []change.Change) []string {
	var all []string
	for _, ch := range changes {
		all = append(all, ch.Certainty.String()+" "+ch.Object.String()+" "+ch.Title)
	}
	return all
}

func TestWhatIsSeenAndRememberedIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(name, revision, image string, age time.Duration) {
		rs := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: name, CreationTimestamp: metav1.NewTime(w.now.Add(-age)), Labels: map[string]string{"app": "web"},
			Annotations:     map[string]string{"deployment.kubernetes.io/revision": revision},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", Controller: new(true)}},
		}}
		rs.Spec.Template = deployment(metav1.ObjectMeta{Name: "web"}, image, 1).Spec.Template
		w.set(kube.ReplicaSets, rs)
	}
	w.set(kube.Deployments, deployment(w.meta("web", ""), "web:1", 3))
	set("web-1", "1", "web:1", 24*time.Hour)
	w.set(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: w.meta("settings", "")})
	var j change.Journal
	last := w.later(60)
	j.Observe(nil, last)
	step := func(do func()) {
		w.now = w.now.Add(time.Second)
		do()
		next := w.b.Build(w.now)
		j.Observe(last, next)
		last = next
	}
	step(func() { w.set(kube.Deployments, deployment(w.meta("web", "helm"), "web:2", 5)) })
	step(func() { set("web-2", "2", "web:2", 0) })
	step(func() { w.set(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: w.meta("settings", "kubectl-edit")}) })
	step(func() { w.set(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: w.meta("settings", "kubectl-edit")}) })

	got := titles(j.Since(last, noon()))
	want := []string{
		"live ConfigMap shop/settings written by kubectl-edit",
		"live ConfigMap shop/settings written by kubectl-edit",
		"live Deployment shop/web rollout 1 → 2: image web:1 → 2 (main)",
		"live Deployment shop/web scaled 3 → 5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	var without change.Journal
	want = []string{
		"stated ConfigMap shop/settings written by kubectl-edit",
		"stated Deployment shop/web rollout 1 → 2: image web:1 → 2 (main)",
	}
	if diff := cmp.Diff(want, titles(without.Since(last, noon()))); diff != "" {
		t.Errorf("timeline of who came later (-want +got):\n%s", diff)
	}
	for _, ch := range j.Since(last, noon()) {
		if ch.Kind == change.Rollout && (ch.By != "helm" || ch.Revision != "2" || ch.From != "1") {
			t.Errorf("rollout %q → %q by %q, want 1 → 2 by helm", ch.From, ch.Revision, ch.By)
		}
	}
	if !j.Began().Equal(noon().Add(time.Minute)) {
		t.Errorf("the journal began at %s", j.Began())
	}
}

// TestBlindnessIsNoChange holds that what comes into sight was not created, and what
// goes out of sight was not deleted.
func TestBlindnessIsNoChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.b.SetState(kube.State{Resource: kube.Services, Phase: kube.Syncing})
	before := w.later(1)
	fresh := w.meta("web", "")
	fresh.CreationTimestamp = metav1.NewTime(w.now)
	w.set(kube.Services, &corev1.Service{ObjectMeta: fresh})
	half := w.later(1)
	w.b.SetState(kube.State{Resource: kube.Services, Phase: kube.Synced})
	w.set(kube.Services, &corev1.Service{ObjectMeta: w.meta("api", "")})
	all := w.later(1)
	w.set(kube.Services, &corev1.Service{ObjectMeta: w.meta("old", "")})
	appeared := w.later(1)
	w.b.Delete(kube.Services, "shop", "old")
	deleted := w.later(1)
	w.b.SetState(kube.State{Resource: kube.Services, Phase: kube.Forbidden})
	w.b.Delete(kube.Services, "shop", "web")
	refused := w.later(1)
	for _, of := range []struct {
		name          string
		before, after *kube.Cluster
		want          []string
	}{
		{"no view before", nil, before, nil},
		{"the first list goes on", before, half, nil},
		{"the first list ends", half, all, nil},
		{"an old object comes into sight", all, appeared, nil},
		{"an object is deleted", appeared, deleted, []string{"live Service shop/old deleted"}},
		{"a permission is lost", deleted, refused, nil},
		{"the same view", all, all, nil},
		{"a fresh object", newWorld(t).later(1), half, nil},
	} {
		if diff := cmp.Diff(of.want, titles(change.Between(of.before, of.after))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", of.name, diff)
		}
	}
}

func TestJournalForgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last := w.later(1)
	var j change.Journal
	j.Observe(nil, last)
	for i := range 30 {
		at := w.now.Add(time.Second)
		for k := range 200 {
			m := metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("p-%d-%d", i, k), CreationTimestamp: metav1.NewTime(at)}
			w.set(kube.NetworkPolicies, &networkingv1.NetworkPolicy{ObjectMeta: m})
		}
		next := w.later(60)
		j.Observe(last, next)
		last = next
	}
	if got := len(j.Seen(time.Time{})); got != change.MostChanges {
		t.Errorf("%d changes are held, want %d", got, change.MostChanges)
	}
	last = observeLater(&j, w, last, change.Retention-10*time.Minute)
	for _, ch := range j.Seen(time.Time{}) {
		if w.now.Sub(ch.Time) > change.Retention {
			t.Fatalf("a change of %s is held at %s", ch.Time, w.now)
		}
	}
	if len(j.Seen(time.Time{})) == 0 {
		t.Error("what is young enough is gone as well")
	}
	observeLater(&j, w, last, change.Retention)
	if got := j.Seen(time.Time{}); len(got) != 0 {
		t.Errorf("%d changes are held that are too old", len(got))
	}
}

func observeLater(j *change.Journal, w *world, last *kube.Cluster, by time.Duration) *kube.Cluster {
	next := w.later(int(by / time.Second))
	j.Observe(last, next)
	return next
}

func TestJournalIsReadWhileItIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last := w.later(1)
	var j change.Journal
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if seen := j.Seen(noon()); !slices.IsSortedFunc(seen, func(a, b change.Change) int { return b.Time.Compare(a.Time) }) {
					t.Error("what is read is not in order")
					return
				}
			}
		})
	}
	for i := range 200 {
		w.set(kube.Deployments, deployment(w.meta("web", "kubectl"), fmt.Sprintf("web:%d", i), 1))
		next := w.later(1)
		j.Observe(last, next)
		last = next
	}
	close(done)
	readers.Wait()
	if got := len(j.Seen(noon())); got != 199 {
		t.Errorf("%d rollouts were seen, want 199: the first is an old object", got)
	}
}
