package kube_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The indexes by which selectors are found give what trying every pair gives.
func TestSelectingIsTryingEveryPair(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 1))
		c := selectingCluster(t, random)
		for _, w := range c.Workloads() {
			if diff := cmp.Diff(servicesByTrying(c, w), names(c.ServicesSelecting(w))); diff != "" {
				t.Fatalf("seed %d: Services selecting %s (-want +got):\n%s", seed, w.Ref, diff)
			}
			if diff := cmp.Diff(budgetsByTrying(c, w), names(c.BudgetsSelecting(w))); diff != "" {
				t.Fatalf("seed %d: budgets selecting %s (-want +got):\n%s", seed, w.Ref, diff)
			}
		}
		for s := range c.Services.All() {
			if diff := cmp.Diff(servedByTrying(c, s), names(c.WorkloadsServed(s))); diff != "" {
				t.Fatalf("seed %d: workloads that Service %s serves (-want +got):\n%s", seed, s.Name, diff)
			}
		}
		for b := range c.PodDisruptionBudgets.All() {
			if diff := cmp.Diff(workloadsByTrying(c, b), names(c.WorkloadsSelected(b.Namespace, b.Spec.Selector))); diff != "" {
				t.Fatalf("seed %d: workloads that %s selects (-want +got):\n%s", seed, b.Name, diff)
			}
		}
	}
}

func selectingCluster(t *testing.T, random *rand.Rand) *kube.Cluster {
	t.Helper()
	objects := map[kube.Resource][]kube.Object{}
	for i := range 12 {
		meta := metav1.ObjectMeta{Namespace: fmt.Sprintf("ns-%d", i%2), Name: fmt.Sprintf("n-%d", i)}
		d := deployment(meta.Name, nil)
		d.ObjectMeta, d.Spec.Template.Labels = meta, randomLabels(random)
		objects[kube.Deployments] = append(objects[kube.Deployments], d)
		objects[kube.Services] = append(objects[kube.Services],
			&corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{Selector: randomLabels(random)}})
		objects[kube.PodDisruptionBudgets] = append(objects[kube.PodDisruptionBudgets],
			&policyv1.PodDisruptionBudget{ObjectMeta: meta, Spec: policyv1.PodDisruptionBudgetSpec{Selector: randomSelector(random)}})
	}
	return built(t, kube.Info{}, objects)
}

// randomLabels are few enough that pairs match, and may be none. One of the
// values is not valid in a selector, and so never matches by one.
func randomLabels(random *rand.Rand) map[string]string {
	set := map[string]string{}
	for range random.IntN(3) {
		set[[]string{"app", "tier", "team"}[random.IntN(3)]] = []string{"a", "b", "not valid"}[random.IntN(3)]
	}
	return set
}

func randomSelector(random *rand.Rand) *metav1.LabelSelector {
	if random.IntN(6) == 0 {
		return nil
	}
	s := &metav1.LabelSelector{MatchLabels: randomLabels(random)}
	if random.IntN(3) == 0 {
		s.MatchExpressions = []metav1.LabelSelectorRequirement{{Key: "tier", Operator: metav1.LabelSelectorOpDoesNotExist}}
	}
	return s
}

func servicesByTrying(c *kube.Cluster, w *kube.Workload) []string {
	var found []string
	for _, s := range c.Services.In(w.Ref.Namespace) {
		if len(s.Spec.Selector) > 0 && labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(w.Pod.Labels)) {
			found = append(found, s.Name)
		}
	}
	return found
}

func servedByTrying(c *kube.Cluster, s *corev1.Service) []string {
	var served []string
	for _, w := range c.WorkloadsIn(s.Namespace) {
		if len(s.Spec.Selector) > 0 && labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(w.Pod.Labels)) {
			served = append(served, w.Ref.Name)
		}
	}
	return served
}

func matches(s *metav1.LabelSelector, w *kube.Workload) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && selector.Matches(labels.Set(w.Pod.Labels))
}

func budgetsByTrying(c *kube.Cluster, w *kube.Workload) []string {
	var found []string
	for _, b := range c.PodDisruptionBudgets.In(w.Ref.Namespace) {
		if matches(b.Spec.Selector, w) {
			found = append(found, b.Name)
		}
	}
	return found
}

func workloadsByTrying(c *kube.Cluster, b *policyv1.PodDisruptionBudget) []string {
	var found []string
	for _, w := range c.WorkloadsIn(b.Namespace) {
		if matches(b.Spec.Selector, w) != w.SelectedBy(b.Spec.Selector) {
			found = append(found, "SelectedBy says otherwise of "+w.Ref.Name)
		}
		if matches(b.Spec.Selector, w) {
			found = append(found, w.Ref.Name)
		}
	}
	return found
}

func names[T kube.Object](objects []T) []string {
	var all []string
	for o := range slices.Values(objects) {
		all = append(all, o.GetName())
	}
	return all
}

// A pod may have a label that its template has not.
func TestServicesSelectingOnePod(t *testing.T) {
	t.Parallel()
	service := func(name string, selector map[string]string) *corev1.Service {
		return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}, Spec: corev1.ServiceSpec{Selector: selector}}
	}
	c := built(t, kube.Info{}, map[kube.Resource][]kube.Object{
		kube.Pods: {&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db-1", Labels: map[string]string{"app": "db", "pod": "db-1"}}}},
		kube.Services: {
			service("all", map[string]string{"app": "db"}), service("first", map[string]string{"app": "db", "pod": "db-0"}),
			service("second", map[string]string{"pod": "db-1"}), service("by-hand", nil),
		},
	})
	pod, _ := c.Pods.Get("shop", "db-1")
	if diff := cmp.Diff([]string{"all", "second"}, names(c.ServicesSelectingPod(pod))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
