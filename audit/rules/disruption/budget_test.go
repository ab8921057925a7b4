package disruption_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/disruption"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// findings judges a Deployment of so many replicas and its budget, and returns
// the rules that fail.
func findings(t *testing.T, replicas int32, spec policyv1.PodDisruptionBudgetSpec) map[string]bool {
	t.Helper()
	app := map[string]string{"app": "web"}
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	d.Spec.Replicas = &replicas
	d.Spec.Selector = &metav1.LabelSelector{MatchLabels: app}
	d.Spec.Template.Labels = app
	if spec.Selector == nil {
		spec.Selector = d.Spec.Selector
	}
	return failing(t, map[kube.Resource]kube.Object{
		kube.Deployments: d,
		kube.PodDisruptionBudgets: &policyv1.PodDisruptionBudget{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}, Spec: spec,
		},
	})
}

func failing(t *testing.T, objects map[kube.Resource]kube.Object) map[string]bool {
	t.Helper()
	b := kube.NewBuilder(kube.Info{})
	for r, o := range objects {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	failed := map[string]bool{}
	for _, f := range audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{disruption.Category()}).Findings() {
		failed[f.Rule.ID] = true
	}
	return failed
}

// The controller keeps minAvailable of the pods, a percentage rounded up, and
// evicts while more than that are healthy. The reference here counts in whole
// numbers, without the library that the rules use.
func TestMinAvailableArithmetic(t *testing.T) {
	t.Parallel()
	for replicas := 1; replicas <= 12; replicas++ {
		for percent := range 101 {
			kept := (percent*replicas + 99) / 100
			checkMinAvailable(t, replicas, intstr.FromString(fmt.Sprintf("%d%%", percent)), kept)
		}
		for number := 0; number <= replicas+2; number++ {
			checkMinAvailable(t, replicas, intstr.FromInt32(int32(number)), number)
		}
	}
}

func checkMinAvailable(t *testing.T, replicas int, value intstr.IntOrString, kept int) {
	t.Helper()
	if scaled, err := intstr.GetScaledValueFromIntOrPercent(&value, replicas, true); err != nil || scaled != kept {
		t.Fatalf("%s of %d: the reference keeps %d, the library %d (%v)", value.String(), replicas, kept, scaled, err)
	}
	got := findings(t, int32(replicas), policyv1.PodDisruptionBudgetSpec{MinAvailable: &value})
	if want := kept >= replicas; got["pdb-min-available-blocks-drain"] != want {
		t.Errorf("minAvailable %s of %d replicas: blocks %t, want %t", value.String(), replicas, !want, want)
	}
}

// Rounding up makes every maxUnavailable but zero let one pod go.
func TestMaxUnavailableArithmetic(t *testing.T) {
	t.Parallel()
	for percent := range 101 {
		value := intstr.FromString(fmt.Sprintf("%d%%", percent))
		got := findings(t, 3, policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &value})
		if want := percent == 0; got["pdb-max-unavailable-zero"] != want {
			t.Errorf("maxUnavailable %s: blocks %t, want %t", value.String(), !want, want)
		}
	}
	for _, number := range []int32{0, 1, 2, 100} {
		value := intstr.FromInt32(number)
		got := findings(t, 3, policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &value})
		if want := number == 0; got["pdb-max-unavailable-zero"] != want {
			t.Errorf("maxUnavailable %d: blocks %t, want %t", number, !want, want)
		}
	}
}

// A value that cannot be read is no verdict.
func TestUnreadableMinAvailable(t *testing.T) {
	t.Parallel()
	half := intstr.FromString("half")
	if got := findings(t, 3, policyv1.PodDisruptionBudgetSpec{MinAvailable: &half}); got["pdb-min-available-blocks-drain"] {
		t.Error("a minAvailable of \"half\" was judged")
	}
}

// Whether a budget protects a workload is what its selector says of the labels
// of the template: all of it, with expressions, and nothing else.
func TestSelectors(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2837, 753))
	selected := 0
	const rounds = 600
	for range rounds {
		selector, own := randomSelector(random), randomLabels(random)
		want := matches(selector, own)
		if want {
			selected++
		}
		reference, err := metav1.LabelSelectorAsSelector(selector)
		if err != nil || reference.Matches(labels.Set(own)) != want {
			t.Fatalf("%v on %v: the reference says %t, the library differs (%v)", selector, own, want, err)
		}
		replicas, one := int32(3), intstr.FromInt32(1)
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
		d.Spec.Replicas, d.Spec.Template.Labels = &replicas, own
		failed := failing(t, map[kube.Resource]kube.Object{
			kube.Deployments: d,
			kube.PodDisruptionBudgets: &policyv1.PodDisruptionBudget{
				ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "budget"},
				Spec:       policyv1.PodDisruptionBudgetSpec{Selector: selector, MaxUnavailable: &one},
			},
		})
		if failed["pdb-missing"] == want || failed["pdb-selects-nothing"] == want {
			t.Errorf("%v on %v: selects %t, but pdb-missing %t, pdb-selects-nothing %t",
				selector, own, want, failed["pdb-missing"], failed["pdb-selects-nothing"])
		}
	}
	if selected < rounds/10 || selected > rounds*9/10 {
		t.Errorf("%d of %d selectors select: the test does not tell them apart", selected, rounds)
	}
}

func randomLabels(random *rand.Rand) map[string]string {
	own := map[string]string{}
	for _, key := range []string{"app", "tier", "track"} {
		if random.IntN(3) > 0 {
			own[key] = string(rune('a' + random.IntN(2)))
		}
	}
	return own
}

func randomSelector(random *rand.Rand) *metav1.LabelSelector {
	selector := &metav1.LabelSelector{}
	if random.IntN(2) == 0 {
		selector.MatchLabels = map[string]string{"app": string(rune('a' + random.IntN(2)))}
	}
	operators := []metav1.LabelSelectorOperator{
		metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist,
	}
	for _, key := range []string{"tier", "track"} {
		if random.IntN(3) > 0 {
			continue
		}
		expression := metav1.LabelSelectorRequirement{Key: key, Operator: operators[random.IntN(len(operators))]}
		if expression.Operator == metav1.LabelSelectorOpIn || expression.Operator == metav1.LabelSelectorOpNotIn {
			expression.Values = []string{"a", "c"}[:1+random.IntN(2)]
		}
		selector.MatchExpressions = append(selector.MatchExpressions, expression)
	}
	return selector
}

// matches is what a selector means, written out: a label that is absent is in
// no list, and so satisfies NotIn.
func matches(selector *metav1.LabelSelector, own map[string]string) bool {
	for key, value := range selector.MatchLabels {
		if label, has := own[key]; !has || label != value {
			return false
		}
	}
	for _, e := range selector.MatchExpressions {
		label, has := own[e.Key]
		listed := false
		for _, value := range e.Values {
			listed = listed || has && label == value
		}
		satisfied := map[metav1.LabelSelectorOperator]bool{
			metav1.LabelSelectorOpIn: listed, metav1.LabelSelectorOpNotIn: !listed,
			metav1.LabelSelectorOpExists: has, metav1.LabelSelectorOpDoesNotExist: !has,
		}[e.Operator]
		if !satisfied {
			return false
		}
	}
	return true
}
