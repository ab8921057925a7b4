package plan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:1", args: [a, b, c]}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true, uid: a}]}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:1", args: [a, b, c]}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true, uid: b}]}
spec:
  containers: [{name: web, image: "web:1", args: [a, b, c]}]
status: {phase: Running}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-b, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true, uid: b}]}
spec:
  containers: [{name: web, image: "web:1", args: [a, b, c]}]
status: {phase: Succeeded}
`

func view(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: strings.NewReader(text), Info: &kube.Info{Name: "shop", Version: "v1.34.0"},
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if problems := source.Problems(); len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

// wish is a rule about Deployments: it finds those for which lacks is true.
type wish struct {
	id       string
	severity audit.Severity
	lacks    func(w *kube.Workload) bool
	fix      audit.Fix
}

// ways is a rule about Deployments that has several fixes.
type ways struct {
	wish
	others []audit.Fix
}

func (w ways) rule() *audit.Rule {
	r := w.wish.rule()
	r.Check = audit.EachWorkload(func(p *audit.Pass, of *kube.Workload) {
		if w.lacks(of) {
			p.Report(audit.Finding{Message: w.id, Fixes: append([]audit.Fix{w.fix}, w.others...)})
		}
	})
	return r
}

// aboutDeployments is a rule of a test.
type aboutDeployments interface{ rule() *audit.Rule }

func (w wish) rule() *audit.Rule {
	return &audit.Rule{
		ID: w.id, Title: w.id, Severity: w.severity, Subjects: kube.WorkloadResources(),
		Check: audit.EachWorkload(func(p *audit.Pass, of *kube.Workload) {
			if !w.lacks(of) {
				return
			}
			found := audit.Finding{Message: w.id, Fixes: []audit.Fix{w.fix}}
			if len(w.fix.Edits) > 0 {
				found.Path = w.fix.Edits[0].Path
			}
			p.Report(found)
		}),
	}
}

// make plans what some rules find.
func makePlan(t *testing.T, text string, o plan.Options, wishes ...aboutDeployments) *plan.Plan {
	t.Helper()
	category := audit.Category{ID: "hygiene", Title: "Hygiene", Weight: 3}
	for _, w := range wishes {
		category.Rules = append(category.Rules, w.rule())
	}
	o.Judge = func(c *kube.Cluster) (*score.Assessment, error) {
		return score.Assess(c, []audit.Category{category}), nil
	}
	before, err := o.Judge(view(t, text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(before, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// told is a plan in words.
func told(p *plan.Plan) []string {
	var lines []string
	for _, o := range p.Objects {
		lines = append(lines, fmt.Sprintf("%s %s (%d pods)", o.Action, o.Ref, o.Restarts))
		for _, e := range o.Edits {
			lines = append(lines, fmt.Sprintf("  %d %s %v", e.Op, e.Path, e.Value))
		}
	}
	for _, c := range p.Conflicts {
		lines = append(lines, fmt.Sprintf("conflict: %s with %s", c.Finding.Rule.ID, c.With.Rule.ID))
	}
	for _, l := range p.Skipped {
		lines = append(lines, fmt.Sprintf("skipped: %s, %s", l.Finding.Rule.ID, l.Why))
	}
	for _, l := range p.Held {
		lines = append(lines, fmt.Sprintf("held: %s, %s", l.Finding.Rule.ID, l.Why))
	}
	for _, f := range p.Raised {
		lines = append(lines, "raised: "+f.Rule.ID)
	}
	return lines
}

func expect(t *testing.T, p *plan.Plan, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, told(p)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func label(key, value string) audit.Fix {
	return audit.SetField("label it", "metadata.labels."+key, value)
}

func unlabelled(key, value string) func(*kube.Workload) bool {
	return func(w *kube.Workload) bool { return w.Labels[key] != value }
}

func arg(i int, is string) func(*kube.Workload) bool {
	return func(w *kube.Workload) bool {
		args := w.Pod.Spec.Containers[0].Args
		return i < len(args) && args[i] == is
	}
}

func budget(name string) audit.Fix {
	return audit.Fix{New: []audit.Object{{
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": map[string]any{"name": name, "namespace": "shop"},
		"spec": map[string]any{"maxUnavailable": 1, "selector": map[string]any{"matchLabels": map[string]any{"app": "web"}}},
	}}}
}

// Edits of different fields compose, the same one is made once, and the plan of what
// comes out is empty.
func TestFixesCompose(t *testing.T) {
	t.Parallel()
	wishes := []aboutDeployments{
		wish{"a", audit.Low, unlabelled("a", "1"), label("a", "1")},
		wish{"b", audit.High, unlabelled("b", "2"), label("b", "2")},
		wish{"b-again", audit.Low, unlabelled("b", "2"), label("b", "2")},
		wish{
			"image", audit.Low, func(w *kube.Workload) bool { return w.Pod.Spec.Containers[0].Image != "web:2" },
			audit.SetField("newer", "spec.template.spec.containers[0].image", "web:2"),
		},
	}
	p := makePlan(t, web, plan.Options{}, wishes...)
	expect(t, p,
		"change Deployment shop/web (1 pods)",
		"  0 metadata.labels.a 1",
		"  0 metadata.labels.b 2",
		"  0 spec.template.spec.containers[0].image web:2",
	)
	if len(p.Applied) != 4 || len(p.Cleared) != 4 || p.Restarts != 1 {
		t.Errorf("%d applied, %d cleared, %d restarts", len(p.Applied), len(p.Cleared), p.Restarts)
	}
	if p.After.Score != 100 || p.Before.Score >= 100 {
		t.Errorf("the score goes from %v to %v", p.Before.Score, p.After.Score)
	}
	again, err := plan.Make(p.After, plan.Options{Judge: func(*kube.Cluster) (*score.Assessment, error) {
		t.Error("nothing is to be judged")
		return p.After, nil
	}})
	if err != nil || !again.Empty() {
		t.Errorf("planned again: %v, %v", told(again), err)
	}
}

// Of two findings that want different values the worse one has its way, and the
// other is said.
func TestContradictionIsSaid(t *testing.T) {
	t.Parallel()
	p := makePlan(t, web, plan.Options{},
		wish{"one", audit.Low, unlabelled("a", "1"), label("a", "1")},
		wish{"two", audit.High, unlabelled("a", "2"), label("a", "2")},
	)
	expect(t, p, "change Deployment shop/web (0 pods)", "  0 metadata.labels.a 2", "conflict: one with two")
}

// What makes a field stricter than another fix did is no contradiction.
func TestStricterFixFollows(t *testing.T) {
	t.Parallel()
	p := makePlan(t, web, plan.Options{},
		wish{"some", audit.High, func(w *kube.Workload) bool { return w.Labels["a"] == "" }, label("a", "some")},
		wish{"all", audit.Low, unlabelled("a", "all"), label("a", "all")},
	)
	expect(t, p, "change Deployment shop/web (0 pods)", "  0 metadata.labels.a some", "  0 metadata.labels.a all")
}

// Elements of a list are taken out one after the other: each moves the next.
func TestElementsMove(t *testing.T) {
	t.Parallel()
	remove := func(i int) audit.Fix {
		return audit.Fix{Edits: []audit.Edit{{Op: audit.Remove, Path: fmt.Sprintf("spec.template.spec.containers[0].args[%d]", i)}}}
	}
	p := makePlan(t, web, plan.Options{},
		wish{"b", audit.High, arg(1, "b"), remove(1)},
		wish{"c-last", audit.Low, arg(2, "c"), remove(2)},
		wish{"c", audit.Low, arg(1, "c"), remove(1)},
	)
	expect(t, p, "change Deployment shop/web (1 pods)",
		"  1 spec.template.spec.containers[0].args[1] <nil>", "  1 spec.template.spec.containers[0].args[1] <nil>")
	if got := p.After.Cluster.WorkloadsIn("shop")[0].Pod.Spec.Containers[0].Args; !cmp.Equal(got, []string{"a"}) {
		t.Errorf("args are %v", got)
	}
}

// Two rules that ask for a budget get one.
func TestOneBudgetForThePods(t *testing.T) {
	t.Parallel()
	withLabel := func(f audit.Fix) audit.Fix {
		f.Edits = label("budget", "yes").Edits
		return f
	}
	p := makePlan(t, web, plan.Options{},
		wish{"a", audit.High, unlabelled("budget", "yes"), withLabel(budget("web"))},
		wish{"b", audit.Low, unlabelled("budget", "yes"), withLabel(budget("web-pdb"))},
	)
	expect(t, p, "change Deployment shop/web (0 pods)", "  0 metadata.labels.budget yes", "create PodDisruptionBudget shop/web (0 pods)")
}

// What cannot be made, or does not help, is said and left out.
func TestWhatCannotBeIsSaid(t *testing.T) {
	t.Parallel()
	always := func(*kube.Workload) bool { return true }
	p := makePlan(t, web, plan.Options{},
		wish{"useless", audit.High, always, label("a", "1")},
		wish{"impossible", audit.High, always, audit.SetField("x", "spec.template.spec.containers.name", "x")},
		wish{"nothing", audit.High, always, audit.Fix{Edits: []audit.Edit{{Object: kube.Services.Ref("shop", "gone"), Path: "spec.type", Value: "x"}}}},
		wish{"manifest", audit.High, always, audit.SetField("x", "apiVersion", "apps/v2")},
	)
	got := told(p)
	want := []string{
		"skipped: impossible, changing Deployment shop/web: editing spec.template.spec.containers.name: it is no map",
		"skipped: manifest, it is about the manifest, and changes nothing in a cluster",
		"skipped: nothing, changing Service shop/gone: it is not in view",
		"skipped: useless, the finding stays after its fix",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func takeAll(*score.Finding, audit.Fix) string { return "" }

// What deletes or cuts is held back unless it is asked for.
func TestDrasticFixesAreAskedFor(t *testing.T) {
	t.Parallel()
	const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
	deletion := wish{
		"gone", audit.High, func(*kube.Workload) bool { return true },
		audit.DeleteSubject("delete it", kube.Deployments.Ref("shop", "web")),
	}
	p := makePlan(t, deployment, plan.Options{}, deletion)
	expect(t, p, "held: gone, it deletes Deployment shop/web")
	p = makePlan(t, deployment, plan.Options{Hold: takeAll}, deletion, wish{"a", audit.Low, unlabelled("a", "1"), label("a", "1")})
	expect(t, p, "delete Deployment shop/web (0 pods)")
	p = makePlan(t, web, plan.Options{}, wish{"open", audit.High, func(*kube.Workload) bool { return true }, audit.Fix{New: []audit.Object{
		{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "deny", "namespace": "shop"}},
	}}})
	expect(t, p, "held: open, it cuts connections")
	p = makePlan(t, web, plan.Options{}, wish{"guess", audit.High, func(*kube.Workload) bool { return true }, audit.Fix{
		Edits: []audit.Edit{{Path: "metadata.labels.a", Value: "1"}}, Tentative: "it rests on little",
	}})
	expect(t, p, "held: guess, it rests on little")
}

// What the cluster itself runs on is left alone unless it is asked for.
func TestFixesOfThePlatformAreAskedFor(t *testing.T) {
	t.Parallel()
	const proxy = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: kube-proxy, namespace: kube-system}\n"
	a := wish{"a", audit.High, unlabelled("a", "1"), label("a", "1")}
	expect(t, makePlan(t, proxy, plan.Options{}, a), "held: a, it changes what the cluster itself runs on")
	named := plan.Options{Hold: func(_ *score.Finding, f audit.Fix) string { return plan.Drastic(f) }}
	expect(t, makePlan(t, proxy, named, a), "change DaemonSet kube-system/kube-proxy (0 pods)", "  0 metadata.labels.a 1")
}

// Only what is chosen is fixed, and what is accepted is not.
func TestChoice(t *testing.T) {
	t.Parallel()
	p := makePlan(t, web, plan.Options{Choose: func(f *score.Finding) bool { return f.Rule.ID == "a" }},
		wish{"a", audit.Low, unlabelled("a", "1"), label("a", "1")},
		wish{"b", audit.High, unlabelled("b", "2"), label("b", "2")},
	)
	expect(t, p, "change Deployment shop/web (0 pods)", "  0 metadata.labels.a 1")
}

// entangled is a target in which no two labels can be changed.
type entangled struct{ plan.Target }

var errEntangled = errors.New("two labels are one")

func (e entangled) View(f audit.Fix) (*kube.Cluster, error) {
	labels := 0
	for _, e := range f.Edits {
		if strings.HasPrefix(e.Path, "metadata.labels") {
			labels++
		}
	}
	if labels > 1 {
		return nil, errEntangled
	}
	return e.Target.View(f)
}

// What can be made alone and not with the rest is left, and the rest is not.
func TestFixThatGetsInTheWay(t *testing.T) {
	t.Parallel()
	p := makePlan(t, web, plan.Options{Target: entangled{plan.View(view(t, web))}},
		wish{"a", audit.High, unlabelled("a", "1"), label("a", "1")},
		wish{"b", audit.Medium, unlabelled("b", "1"), label("b", "1")},
		wish{"c", audit.Low, unlabelled("c", "1"), label("c", "1")},
		wish{
			"image", audit.Low, func(w *kube.Workload) bool { return w.Pod.Spec.Containers[0].Image != "web:2" },
			audit.SetField("newer", "spec.template.spec.containers[0].image", "web:2"),
		},
	)
	expect(t, p,
		"change Deployment shop/web (1 pods)", "  0 metadata.labels.a 1", "  0 spec.template.spec.containers[0].image web:2",
		"skipped: b, two labels are one", "skipped: c, two labels are one",
	)
}

// The fixes of all rules for a cluster, as its objects are: what the plan says of
// the outcome is what there is.
func TestPlanOfEveryRule(t *testing.T) {
	t.Parallel()
	judge := func(c *kube.Cluster) (*score.Assessment, error) { return score.Assess(c, rules.All()), nil }
	before, err := judge(view(t, web))
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(before, plan.Options{Judge: judge, Hold: takeAll})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Applied) < 8 || len(p.Skipped) > 0 || len(p.Conflicts) > 0 {
		t.Errorf("%d fixes; %q", len(p.Applied), told(p))
	}
	changes, err := fix.Outcome(before.Cluster, kube.Ref{}, p.Fix)
	if err != nil {
		t.Fatal(err)
	}
	c, err := before.Cluster.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	after, _ := judge(c)
	for _, a := range p.Applied {
		if f := after.Finding(a.Finding.ID()); f != nil {
			t.Errorf("%s is still found", f.ID())
		}
	}
	if after.Score != p.After.Score || after.Score <= before.Score {
		t.Errorf("the score is %v, the plan says %v, it was %v", after.Score, p.After.Score, before.Score)
	}
}
