package triage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// counting is a detector of pods that are not ready, and how often it looked where.
func counting(looks map[string]int) *triage.Detector {
	d := detector()
	d.Check = func(p *triage.Pass) {
		looks[p.Namespace]++
		for _, pod := range p.Living() {
			p.Report(triage.Signal{Object: pod.Ref()})
		}
	}
	return d
}

func pod(namespace, name string, ready bool) *corev1.Pod {
	status := corev1.ConditionFalse
	if ready {
		status = corev1.ConditionTrue
	}
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Status: corev1.PodStatus{
			Phase: corev1.PodRunning, Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: status}},
		},
	}
}

func TestDetectionLooksOnlyWhereSomethingChanged(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	set := func(o kube.Object) {
		t.Helper()
		if err := b.Set(kube.Pods, o); err != nil {
			t.Fatal(err)
		}
	}
	set(pod("a", "one", false))
	set(pod("b", "two", true))
	looks := map[string]int{}
	d := triage.NewDetection([]*triage.Detector{counting(looks)})
	names := func(signals []*triage.Signal) []string {
		var all []string
		for _, s := range signals {
			all = append(all, s.Object.String())
		}
		return all
	}
	if diff := cmp.Diff([]string{"Pod a/one"}, names(d.Detect(b.Build(noon)))); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	set(pod("b", "two", false))
	if diff := cmp.Diff([]string{"Pod a/one", "Pod b/two"}, names(d.Detect(b.Build(noon)))); diff != "" {
		t.Errorf("after a change (-want +got):\n%s", diff)
	}
	b.Delete(kube.Pods, "a", "one")
	if diff := cmp.Diff([]string{"Pod b/two"}, names(d.Detect(b.Build(noon)))); diff != "" {
		t.Errorf("after a namespace was emptied (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 2}, looks); diff != "" {
		t.Errorf("looked where nothing changed (-want +got):\n%s", diff)
	}
}

func TestDetectionSaysNothingOfWhatItCannotSee(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	if err := b.Set(kube.Pods, pod("a", "one", false)); err != nil {
		t.Fatal(err)
	}
	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Forbidden, Reason: "no"})
	d := triage.NewDetection([]*triage.Detector{counting(map[string]int{})})
	c := b.Build(noon)
	if got := d.Detect(c); got != nil {
		t.Errorf("saw %v by a view that is blind to pods", got)
	}
	if got := d.Blind(c); len(got) != 1 || got[0].State.Resource != kube.Pods {
		t.Errorf("names %v as what it cannot see", got)
	}
}

func TestDetectionAsksAgainWhenAControllerComes(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	set := func(r kube.Resource, o kube.Object) {
		t.Helper()
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	p := pod("a", "one", false)
	p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "web-1", Controller: new(true)}}
	set(kube.Pods, p)
	set(kube.Pods, pod("b", "two", false))
	looks := map[string]int{}
	d := triage.NewDetection([]*triage.Detector{counting(looks)})
	d.Detect(b.Build(noon))
	rs := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "web-1"}}
	rs.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", Controller: new(true)}}
	set(kube.ReplicaSets, rs)
	got := d.Detect(b.Build(noon))
	if len(got) != 2 || got[0].Workload != kube.Deployments.Ref("a", "web") {
		t.Errorf("got %+v, want the first to belong to the Deployment", got)
	}
	if diff := cmp.Diff(map[string]int{"a": 2, "b": 1}, looks); diff != "" {
		t.Errorf("where it looked (-want +got):\n%s", diff)
	}
}

// TestLeasesAreThoseThatAreRead holds that nobody is blind because the leases of
// workloads are not read.
func TestLeasesAreThoseThatAreRead(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	b.SetState(kube.State{Resource: kube.Leases, Phase: kube.Skipped})
	b.SetState(kube.State{Resource: kube.Leases, Namespace: kube.NodeLeases, Phase: kube.Synced})
	b.SetState(kube.State{Resource: kube.Leases, Namespace: kube.LeaderLeases, Phase: kube.Synced})
	looks := 0
	d := detector()
	d.Reads, d.Wide, d.Check = []kube.Resource{kube.Leases}, true, func(*triage.Pass) { looks++ }
	detection := triage.NewDetection([]*triage.Detector{d})
	c := b.Build(noon)
	if detection.Detect(c); looks != 1 || len(detection.Blind(c)) > 0 {
		t.Errorf("looked %d times, blind: %v", looks, detection.Blind(c))
	}
	b.SetState(kube.State{Resource: kube.Leases, Namespace: kube.NodeLeases, Phase: kube.Forbidden})
	if c := b.Build(noon); len(detection.Blind(c)) != 1 {
		t.Error("nobody says that the leases of nodes cannot be read")
	}
}

// TestSilenceIsOurs holds that leases do not look stale because we do not hear of them,
// and that it is said what is not followed.
func TestSilenceIsOurs(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	if err := b.Set(kube.Pods, pod("shop", "web", false)); err != nil {
		t.Fatal(err)
	}
	follow := func(phase kube.Phase) *kube.Cluster {
		for _, namespace := range []string{kube.NodeLeases, kube.LeaderLeases} {
			b.SetState(kube.State{Resource: kube.Leases, Namespace: namespace, Phase: phase, Reason: "not followed"})
		}
		b.SetState(kube.State{Resource: kube.Pods, Phase: phase, Reason: "not followed"})
		return b.Build(noon)
	}
	leases := detector()
	leases.ID, leases.Reads, leases.Wide = "of-leases", []kube.Resource{kube.Leases}, true
	leases.Check = func(p *triage.Pass) { p.Report(triage.Signal{Object: kube.Leases.Ref(kube.LeaderLeases, "one")}) }
	detection := triage.NewDetection([]*triage.Detector{leases, counting(map[string]int{})})
	for _, test := range []struct {
		phase         kube.Phase
		signals, dark int
	}{{kube.Synced, 2, 0}, {kube.Stale, 1, 2}, {kube.Synced, 2, 0}} {
		c := follow(test.phase)
		if seen, dark := detection.Detect(c), detection.Blind(c); len(seen) != test.signals || len(dark) != test.dark {
			t.Errorf("of what is %s %d signals are seen, and %v is not", test.phase, len(seen), dark)
		}
	}
}

// TestCertificateIsRenewed holds that all look again once the server shows another
// certificate.
func TestCertificateIsRenewed(t *testing.T) {
	t.Parallel()
	looks, looked := map[string]int{}, 0
	b := kube.NewBuilder(kube.Info{Name: "test"})
	if err := b.Set(kube.Pods, pod("shop", "web", true)); err != nil {
		t.Fatal(err)
	}
	detection := triage.NewDetection([]*triage.Detector{counting(looks)})
	for _, test := range []struct {
		shown *kube.Certificate
		again bool
	}{
		{nil, true}, {&kube.Certificate{NotAfter: noon}, true}, {&kube.Certificate{NotAfter: noon}, false}, {&kube.Certificate{NotAfter: noon.AddDate(1, 0, 0)}, true},
	} {
		b.SetInfo(kube.Info{Name: "test", Certificate: test.shown})
		detection.Detect(b.Build(noon))
		if again := looks["shop"] > looked; again != test.again {
			t.Errorf("with %+v it is looked again: %t", test.shown, again)
		}
		looked = looks["shop"]
	}
}
