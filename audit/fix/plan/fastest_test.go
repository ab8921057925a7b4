package plan_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// judging assesses by some wishes, beside a heavier category in which all is well: so
// that it is caps that hold a score down.
func judging(wishes ...wish) func(*kube.Cluster) (*score.Assessment, error) {
	category := audit.Category{ID: "hygiene", Title: "Hygiene", Weight: 3}
	for _, w := range wishes {
		category.Rules = append(category.Rules, w.rule())
	}
	well := wish{"well", audit.Low, func(*kube.Workload) bool { return false }, audit.Fix{}}
	other := audit.Category{ID: "probes", Title: "Probes", Weight: 20, Rules: []*audit.Rule{well.rule()}}
	return func(c *kube.Cluster) (*score.Assessment, error) {
		return score.Assess(c, []audit.Category{category, other}), nil
	}
}

// seek goes the fastest way to a goal in a view that is given as manifests.
func seek(t *testing.T, text string, g plan.Goal, o plan.Options) *plan.Way {
	t.Helper()
	before, err := o.Judge(view(t, text))
	if err != nil {
		t.Fatal(err)
	}
	w, err := plan.Fastest(before, g, o)
	if err != nil {
		t.Fatal(err)
	}
	checkWay(t, before, w)
	return w
}

// checkWay holds what is true of every way.
func checkWay(t *testing.T, before *score.Assessment, w *plan.Way) {
	t.Helper()
	sum := 0.0
	for i, step := range w.Steps {
		if step.Gain < 0 || len(step.Findings) == 0 || step.Restarts < 0 {
			t.Errorf("step %d gains %v, by %d findings", i, step.Gain, len(step.Findings))
		}
		if sum += step.Gain; math.Abs(w.From+sum-step.Score) > 1e-6 {
			t.Errorf("after step %d the score is %v, the gains say %v", i, step.Score, w.From+sum)
		}
	}
	if math.Abs(w.From+sum-w.Expected) > 1e-6 {
		t.Errorf("the steps gain %v, from %v to %v", sum, w.From, w.Expected)
	}
	if w.Reached != (w.End >= w.Goal.Score) {
		t.Errorf("reached is %t, at %v of %v", w.Reached, w.End, w.Goal.Score)
	}
	if !w.Reached && !w.Bounded && w.Expected < w.Goal.Score {
		t.Logf("all that gains is used: %d steps, %v of %v", len(w.Steps), w.End, w.Goal.Score)
	}
	if w.Plan.Before != before {
		t.Error("the plan is of something else")
	}
}

// steps are the steps of a way in words.
func stepsOf(w *plan.Way) []string {
	var lines []string
	for _, s := range w.Steps {
		lines = append(lines, fmt.Sprintf("%s %s %d pods", s.Findings[0].Rule.ID, s.Findings[0].Subject.Name, s.Restarts))
	}
	return lines
}

func deployments(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "---\n"+`apiVersion: apps/v1
kind: Deployment
metadata: {name: web-%d, namespace: shop}
spec:
  replicas: %d
  selector: {matchLabels: {app: web-%d}}
  template:
    metadata: {labels: {app: web-%d}}
    spec: {containers: [{name: web, image: "web:1"}]}
`, i, i+1, i, i)
		for pod := range i + 1 {
			fmt.Fprintf(&b, "---\n"+`apiVersion: v1
kind: Pod
metadata: {name: web-%d-%d, namespace: shop, labels: {app: web-%d}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-%d-a, controller: true, uid: b}]}
spec: {containers: [{name: web, image: "web:1"}]}
status: {phase: Running}
`, i, pod, i, i)
		}
		fmt.Fprintf(&b, "---\n"+`apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-%d-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web-%d, controller: true, uid: a}]}
spec:
  selector: {matchLabels: {app: web-%d}}
  template:
    metadata: {labels: {app: web-%d}}
    spec: {containers: [{name: web, image: "web:1"}]}
`, i, i, i, i)
	}
	return b.String()
}

func newer(w *kube.Workload) bool { return w.Pod.Spec.Containers[0].Image != "web:2" }

func image() audit.Fix {
	return audit.SetField("newer", "spec.template.spec.containers[0].image", "web:2")
}

// The step that gains most comes first, and no more are taken than it needs.
func TestFastestTakesWhatGainsMost(t *testing.T) {
	t.Parallel()
	judge := judging(
		wish{"cheap", audit.Low, unlabelled("a", "1"), label("a", "1")},
		wish{"dear", audit.Medium, unlabelled("b", "1"), label("b", "1")},
	)
	w := seek(t, deployments(2), plan.Goal{Namespace: "shop", Score: 99}, plan.Options{Judge: judge})
	if want := []string{"dear web-0 0 pods", "dear web-1 0 pods"}; !cmp.Equal(stepsOf(w), want) {
		t.Errorf("steps are %q from %v to %v, want %q", stepsOf(w), w.Start, w.End, want)
	}
	if w := seek(t, deployments(2), plan.Goal{Score: 100}, plan.Options{Judge: judge}); !w.Reached || len(w.Steps) != 4 || w.End != 100 {
		t.Errorf("the cluster is brought to %v by %q", w.End, stepsOf(w))
	}
	if w := seek(t, deployments(2), plan.Goal{Score: 10}, plan.Options{Judge: judge}); !w.Reached || len(w.Steps) != 0 || !w.Plan.Empty() {
		t.Errorf("a score that is there already needs %q", stepsOf(w))
	}
}

// Findings that cap the score are taken together, or not at all.
func TestFastestLiftsTheCap(t *testing.T) {
	t.Parallel()
	critical := wish{"critical", audit.Critical, unlabelled("a", "1"), label("a", "1")}
	low := wish{"low", audit.Low, unlabelled("b", "1"), label("b", "1")}
	w := seek(t, deployments(3), plan.Goal{Namespace: "shop", Score: 90}, plan.Options{Judge: judging(critical, low)})
	if want := []string{"critical web-0 0 pods", "critical web-1 0 pods", "critical web-2 0 pods"}; !w.Reached || !cmp.Equal(stepsOf(w), want) {
		t.Errorf("steps are %q from %v to %v, want %q", stepsOf(w), w.Start, w.End, want)
	}
	except := plan.Options{Judge: judging(critical, low), Choose: func(f *score.Finding) bool {
		return f.Rule.ID != "critical" || f.Subject.Name != "web-1"
	}}
	w = seek(t, deployments(3), plan.Goal{Namespace: "shop", Score: 90}, except)
	if w.Reached || w.Capped != audit.Critical || w.End > 69 {
		t.Errorf("with a critical finding left the score is %v, capped by %v", w.End, w.Capped)
	}
}

// To be sparing is to make few pods again first, and those of an object once.
func TestFastestSparesPods(t *testing.T) {
	t.Parallel()
	options := plan.Options{Judge: judging(
		wish{"image", audit.Medium, newer, image()},
		wish{"label", audit.Medium, unlabelled("a", "1"), label("a", "1")},
	)}
	w := seek(t, deployments(3), plan.Goal{Namespace: "shop", Score: 100, Sparing: true}, options)
	restarts := 0
	for _, s := range w.Steps {
		restarts += s.Restarts
	}
	if restarts != 6 || w.Plan.Restarts != 6 {
		t.Errorf("the steps make %d pods again, the plan %d, want 6", restarts, w.Plan.Restarts)
	}
	w = seek(t, deployments(3), plan.Goal{Namespace: "shop", Score: 100, Sparing: true, Most: 2}, options)
	if want := []string{"label web-0 0 pods", "label web-1 0 pods"}; !w.Bounded || w.Reached || !cmp.Equal(stepsOf(w), want) {
		t.Errorf("the first two steps are %q, bounded %t, want %q", stepsOf(w), w.Bounded, want)
	}
}

// What the plan cannot make is left out, and other steps take its place.
func TestFastestLearns(t *testing.T) {
	t.Parallel()
	always := func(*kube.Workload) bool { return true }
	w := seek(t, deployments(2), plan.Goal{Namespace: "shop", Score: 99}, plan.Options{Judge: judging(
		wish{"useless", audit.Medium, always, label("u", "1")},
		wish{"b", audit.Medium, unlabelled("b", "1"), label("b", "1")},
		wish{"held", audit.Medium, always, audit.DeleteSubject("delete it", kube.Deployments.Ref("shop", "web-0"))},
	)})
	if w.Reached || len(w.Steps) != 2 || w.Steps[0].Findings[0].Rule.ID != "b" {
		t.Errorf("steps are %q to %v", stepsOf(w), w.End)
	}
	_, err := plan.Fastest(w.Plan.Before, plan.Goal{Namespace: "moon", Score: 85}, plan.Options{})
	if err == nil || !strings.Contains(err.Error(), `"moon"`) {
		t.Errorf("the way of no namespace gives %v", err)
	}
	broken := errors.New("broken")
	_, err = plan.Fastest(w.Plan.Before, plan.Goal{Score: 100}, plan.Options{Judge: func(*kube.Cluster) (*score.Assessment, error) { return nil, broken }})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v, want %v", err, broken)
	}
}

// Whatever there is, the gains add up, none is negative, and the end is the goal or as
// far as one gets: from there no step gains any more.
func TestFastestOfAnything(t *testing.T) {
	t.Parallel()
	severities := []audit.Severity{audit.Info, audit.Low, audit.Medium, audit.High, audit.Critical}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		var wishes []wish
		for i := range 2 + r.IntN(5) {
			key := fmt.Sprintf("k%d", i)
			w := wish{fmt.Sprintf("rule-%d", i), severities[r.IntN(len(severities))], unlabelled(key, "1"), label(key, "1")}
			switch r.IntN(6) {
			case 0:
				w.lacks, w.fix = newer, image()
			case 1: // nothing helps
				w.lacks = func(w *kube.Workload) bool { return strings.HasSuffix(w.GetName(), "1") }
			case 2: // it contradicts another one
				w.lacks, w.fix = unlabelled("k0", "2"), label("k0", "2")
			}
			wishes = append(wishes, w)
		}
		options := plan.Options{Judge: judging(wishes...)}
		goal := plan.Goal{Score: float64(50 + r.IntN(51)), Sparing: r.IntN(2) == 0}
		if r.IntN(2) == 0 {
			goal.Namespace = "shop"
		}
		w := seek(t, deployments(1+r.IntN(5)), goal, options)
		if w.Reached || w.Bounded {
			continue
		}
		further, err := plan.Fastest(w.Plan.After, goal, options)
		if err != nil {
			t.Fatal(err)
		}
		if further.End > w.End+0.1 {
			t.Errorf("seed %d: after %v of %v it goes on to %v by %q", seed, w.End, goal.Score, further.End, stepsOf(further))
		}
	}
}

// What another finding implies can be a step as well, once that is fixed; and if it turns
// out that it has no fix then, it is none.
func TestFastestGoesOnToWhatWasImplied(t *testing.T) {
	t.Parallel()
	for name, fixes := range map[string][]audit.Fix{"with a fix": {label("b", "1")}, "without": nil} {
		cause := wish{"cause", audit.High, unlabelled("a", "1"), label("a", "1")}.rule()
		consequence := wish{id: "consequence", severity: audit.Medium}.rule()
		consequence.Check = audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
			found := audit.Finding{Message: "too", Fixes: fixes}
			if w.Labels["a"] != "1" {
				found.Implied, found.Fixes = "cause", nil
			}
			if w.Labels["b"] != "1" {
				p.Report(found)
			}
		})
		judge := func(c *kube.Cluster) (*score.Assessment, error) {
			return score.Assess(c, []audit.Category{{ID: "hygiene", Weight: 3, Rules: []*audit.Rule{cause, consequence}}}), nil
		}
		w := seek(t, web, plan.Goal{Namespace: "shop", Score: 100}, plan.Options{Judge: judge})
		want := []string{"cause web 0 pods", "consequence web 0 pods"}
		if fixes == nil {
			want = want[:1]
		}
		if !cmp.Equal(stepsOf(w), want) || w.Reached != (fixes != nil) {
			t.Errorf("%s: steps are %q to %v, want %q", name, stepsOf(w), w.End, want)
		}
		for _, s := range w.Steps {
			if s.Title != "label it" {
				t.Errorf("%s: a step has the title %q", name, s.Title)
			}
		}
	}
}

// The way of a cluster with all rules is judged to lead where it says.
func TestFastestOfEveryRule(t *testing.T) {
	t.Parallel()
	judge := func(c *kube.Cluster) (*score.Assessment, error) { return score.Assess(c, rules.All()), nil }
	w := seek(t, web, plan.Goal{Namespace: "shop", Score: 70}, plan.Options{Judge: judge})
	if !w.Reached || len(w.Steps) == 0 || w.Plan.After.Score <= w.Plan.Before.Score {
		t.Errorf("from %v to %v by %q", w.Start, w.End, stepsOf(w))
	}
}
