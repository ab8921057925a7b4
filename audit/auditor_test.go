package audit_test

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// meter counts the subjects that each rule judged since it was last read. It is its
// own stopwatch.
type meter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *meter) Stopwatch() audit.Stopwatch { return m }

func (*meter) Begin() {}

func (m *meter) End(r *audit.Rule, subjects int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if subjects > 0 {
		m.counts[r.ID] += subjects
	}
}

func (m *meter) read() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := maps.Clone(m.counts)
	clear(m.counts)
	return counts
}

// scene is a cluster of two namespaces, a and b, with two Deployments each, and
// an Auditor that follows it.
type scene struct {
	t       *testing.T
	builder *kube.Builder
	auditor *audit.Auditor
	meter   *meter
	now     time.Time
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, builder: kube.NewBuilder(kube.Info{Name: "test"}), meter: &meter{counts: map[string]int{}}, now: time.Unix(0, 0)}
	workload := []kube.Resource{kube.Deployments}
	s.auditor = audit.NewAuditor([]audit.Category{{ID: "c", Weight: 1, Rules: []*audit.Rule{
		{
			ID: "image", Severity: audit.Medium, Subjects: workload,
			Check: audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
				if c.Image == "bad" {
					p.Report(audit.Finding{Container: c.Name, Message: "bad image"})
				}
				return true
			}),
		},
		{
			ID: "pods", Severity: audit.Low, Subjects: workload, Reads: []kube.Resource{kube.Pods},
			Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
				for _, pod := range p.Cluster.PodsOf(w) {
					if !pod.Status.Ready {
						p.Report(audit.Finding{Message: pod.Name + " is not ready"})
					}
				}
			}),
		},
		{
			ID: "served", Severity: audit.Low, Subjects: workload, Reads: []kube.Resource{kube.Services},
			Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
				if len(p.Cluster.ServicesSelecting(w)) == 0 {
					p.Report(audit.Finding{Message: "not served"})
				}
			}),
		},
		{
			ID: "total", Severity: audit.High, Subjects: workload, Wide: true,
			Check: audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, int] {
				return func(yield func(audit.Subject, int) bool) {
					yield(audit.Subject{Ref: kube.Deployments.Ref("", "all")}, c.Deployments.Len())
				}
			}, func(p *audit.Pass, deployments int) {
				if deployments > 4 {
					p.Report(audit.Finding{Message: "too many"})
				}
			}),
		},
	}}}, s.meter)
	for _, namespace := range []string{"a", "b"} {
		s.deploy(namespace, "one", "good")
		s.deploy(namespace, "two", "good")
		s.pod(namespace, "one", true)
	}
	s.audit()
	s.meter.read()
	return s
}

func (s *scene) set(r kube.Resource, o kube.Object) {
	s.t.Helper()
	if err := s.builder.Set(r, o); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) deploy(namespace, name, image string) {
	labels := map[string]string{"app": name}
	s.set(kube.Deployments, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: appsv1.DeploymentSpec{Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: labels},
			Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: image}}},
		}},
	})
	s.set(kube.ReplicaSets, &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{
		Namespace: namespace, Name: name + "-1",
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: name, Controller: new(true)}},
	}})
}

// pod sets the one pod of a Deployment.
func (s *scene) pod(namespace, deployment string, ready bool) {
	status := corev1.ConditionFalse
	if ready {
		status = corev1.ConditionTrue
	}
	s.set(kube.Pods, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: deployment + "-1-x",
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: deployment + "-1", Controller: new(true)}},
		},
		Spec:   corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "good"}}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: status}}},
	})
}

func (s *scene) audit() *audit.Result {
	s.now = s.now.Add(time.Second)
	return s.auditor.Audit(s.builder.Build(s.now))
}

// elsewhere returns what is said of namespace b, in which nothing happens.
func elsewhere(r *audit.Result) *audit.NamespaceResult {
	i := slices.IndexFunc(r.Namespaces, func(n *audit.NamespaceResult) bool { return n.Name == "b" })
	return r.Namespaces[i]
}

// What an event has judged again is what depends on it, and nothing else.
func TestWorkFollowsTheChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*scene)
		want   map[string]int // subjects judged, by rule
	}{
		{"nothing", func(*scene) {}, map[string]int{}},
		{"a Lease that is renewed", func(s *scene) {
			s.set(kube.Leases, &kube.Lease{Namespace: "a", Name: "one", Renewed: s.now})
		}, map[string]int{}},
		{"the status of a pod", func(s *scene) { s.pod("a", "one", false) }, map[string]int{"pods": 1}},
		{"a new Service", func(s *scene) {
			s.set(kube.Services, &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "one"}})
		}, map[string]int{"served": 2}},
		{
			"a Deployment", func(s *scene) { s.deploy("a", "one", "bad") },
			map[string]int{"image": 1, "pods": 1, "served": 1, "total": 1},
		},
		{
			"a Deployment that goes", func(s *scene) { s.builder.Delete(kube.Deployments, "a", "two") },
			map[string]int{"image": 1, "pods": 1, "served": 1, "total": 1},
		}, // its ReplicaSet is a workload then
		{"a ConfigMap", func(s *scene) {
			s.set(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "settings"}})
		}, map[string]int{}},
		{"blindness", func(s *scene) {
			s.builder.SetState(kube.State{Resource: kube.Services, Phase: kube.Forbidden, Verb: "list"})
		}, map[string]int{}}, // served cannot be judged any more
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			before := s.audit()
			s.meter.read()
			tt.change(s)
			after := s.audit()
			if diff := cmp.Diff(tt.want, s.meter.read()); diff != "" {
				t.Errorf("subjects judged (-want +got):\n%s", diff)
			}
			if shared := elsewhere(before) == elsewhere(after); shared != (tt.name != "blindness") {
				t.Errorf("namespace b is shared: %v", shared)
			}
		})
	}
}

func TestGlanceLeavesTheWholeClusterForLater(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.deploy("b", "three", "bad")
	glance := s.auditor.Glance(s.builder.Build(s.now))
	if glance.Complete || glance.Count() != 6 {
		t.Errorf("complete %v with %d findings, want the 5 that nothing is served by and 1 bad image, but not yet the total",
			glance.Complete, glance.Count())
	}
	whole := s.audit()
	if !whole.Complete || whole.Count() != 7 {
		t.Errorf("complete %v with %d findings, want all 7", whole.Complete, whole.Count())
	}
	if elsewhere(glance) != elsewhere(whole) {
		t.Error("what the glance said of namespace b was said again")
	}
	s.meter.read()
	if again := s.auditor.Glance(whole.Cluster); !again.Complete || len(s.meter.read()) > 0 {
		t.Error("the same view was judged again")
	}
}

// A finding follows from another one only if the rule of that one is on, here or
// beside.
func TestBeside(t *testing.T) {
	t.Parallel()
	rule := func(id, implied string) *audit.Rule {
		return &audit.Rule{ID: id, Severity: audit.Low, Subjects: []kube.Resource{kube.Deployments}, Check: audit.EachWorkload(func(p *audit.Pass, _ *kube.Workload) {
			p.Report(audit.Finding{Message: id, Implied: implied})
		})}
	}
	b := kube.NewBuilder(kube.Info{Name: "test"})
	if err := b.Set(kube.Deployments, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}); err != nil {
		t.Fatal(err)
	}
	c := b.Build(time.Unix(0, 0))
	effect := []audit.Category{{ID: "c", Rules: []*audit.Rule{rule("effect", "cause")}}}
	both := []audit.Category{{ID: "c", Rules: []*audit.Rule{rule("cause", ""), effect[0].Rules[0]}}}
	if got := audit.Run(c, effect).Findings()[0].Implied; got != "" {
		t.Errorf("alone it follows from %s", got)
	}
	if got := audit.NewAuditor(effect, nil).Beside(both).Audit(c).Findings()[0].Implied; got != "cause" {
		t.Errorf("beside its cause it follows from %q", got)
	}
}
