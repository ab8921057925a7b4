package score_test

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// cluster has n Deployments, d0 to dn-1, in the namespace shop.
func cluster(t *testing.T, n int, states ...kube.State) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	for i := range n {
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("d%d", i)}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range states {
		b.SetState(s)
	}
	return b.Build(time.Unix(0, 0))
}

// rule fails, at each severity given for a workload's name, once.
func rule(id string, severity audit.Severity, failing map[string][]audit.Finding) *audit.Rule {
	return &audit.Rule{
		ID: id, Severity: severity, Subjects: []kube.Resource{kube.Deployments},
		Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
			for _, f := range failing[w.Ref.Name] {
				p.Report(f)
			}
		}),
	}
}

// fails makes the first f of the Deployments fail once.
func fails(f int) map[string][]audit.Finding {
	failing := map[string][]audit.Finding{}
	for i := range f {
		failing[fmt.Sprintf("d%d", i)] = []audit.Finding{{Message: "wrong"}}
	}
	return failing
}

// categories puts rules into a category of weight 20 beside one of weight 80
// that applies and passes.
func categories(rules ...*audit.Rule) []audit.Category {
	return []audit.Category{
		{ID: "judged", Title: "Judged", Weight: 20, Rules: rules},
		{ID: "quiet", Title: "Quiet", Weight: 80, Rules: []*audit.Rule{rule("never", audit.Critical, nil)}},
	}
}

// The figures are those of a simulation that used every category.
func TestOneCritical(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		workloads int
		uncapped  float64
	}{{1, 81.9}, {20, 91.8}, {500, 92.3}} {
		a := score.Assess(cluster(t, tt.workloads), categories(rule("bad", audit.Critical, fails(1))))
		shop := a.Namespaces[0]
		if shop.Uncapped != tt.uncapped || shop.Score != 69 || shop.Capped != audit.Critical {
			t.Errorf("1 of %d: %.1f, capped by %q at %.1f; want %.1f, capped by critical at 69",
				tt.workloads, shop.Uncapped, shop.Capped, shop.Score, tt.uncapped)
		}
		if got := shop.Findings[0].Gain(); got != 31 {
			t.Errorf("1 of %d: gain %.2f, want 31", tt.workloads, got)
		}
	}
}

func TestFairToSize(t *testing.T) {
	t.Parallel()
	scores := map[float64]bool{}
	for _, n := range []int{4, 40, 400} {
		a := score.Assess(cluster(t, n), categories(rule("bad", audit.Medium, fails(n)), rule("worse", audit.Low, fails(n))))
		scores[a.Namespaces[0].Score] = true
	}
	if len(scores) != 1 {
		t.Errorf("the same flaw everywhere scores differently by size: %v", scores)
	}
}

func TestImpliedCostsNothingUntilItsCauseIsGone(t *testing.T) {
	t.Parallel()
	cause := rule("cause", audit.Medium, map[string][]audit.Finding{"d0": {{Container: "app"}}})
	effect := rule("effect", audit.High, map[string][]audit.Finding{"d0": {{Container: "app", Implied: "cause"}}})
	shop := score.Assess(cluster(t, 2), categories(cause, effect)).Namespaces[0]
	points := map[string]float64{}
	for _, f := range shop.Findings {
		points[f.Rule.ID] = f.Points
	}
	if points["effect"] != 0 || points["cause"] == 0 || shop.Counts[audit.High] != 0 {
		t.Errorf("points %v, counts %v: want the implied finding to cost and count nothing", points, shop.Counts)
	}
	for _, f := range shop.Findings {
		if f.Rule.ID == "cause" && f.Gain() >= 0 {
			t.Errorf("gain of the cause is %.2f: want a loss, its high consequence remains", f.Gain())
		}
	}
	if got := shop.GainOfSubject(shop.Findings[0].Subject); math.Abs(got-(100-shop.Score)) > 1e-9 {
		t.Errorf("gain of the subject is %.2f, want %.2f", got, 100-shop.Score)
	}
}

func TestUnknownIsNotAPass(t *testing.T) {
	t.Parallel()
	blind := rule("blind", audit.Critical, nil)
	blind.Reads = []kube.Resource{kube.Services}
	forbidden := kube.State{Resource: kube.Services, Phase: kube.Forbidden, Verb: "list", Reason: "cannot list services"}
	seen := rule("seen", audit.Medium, fails(1))
	a := score.Assess(cluster(t, 2, forbidden), []audit.Category{{ID: "c", Weight: 1, Rules: []*audit.Rule{blind, seen}}})
	without := score.Assess(cluster(t, 2), []audit.Category{{ID: "c", Weight: 1, Rules: []*audit.Rule{seen}}})
	if a.Coverage != 50 || a.Namespaces[0].Coverage != 50 {
		t.Errorf("coverage %.1f, namespace %.1f; want 50", a.Coverage, a.Namespaces[0].Coverage)
	}
	if a.Namespaces[0].Score != without.Namespaces[0].Score || a.Grade != without.Grade+"?" {
		t.Errorf("score %.1f grade %s; want the score without the blind rule, %.1f, and grade %s?",
			a.Namespaces[0].Score, a.Grade, without.Namespaces[0].Score, without.Grade)
	}
	i := slices.IndexFunc(a.Tallies(), func(t audit.NamespaceTally) bool { return t.Rule == blind })
	if got := a.Tallies()[i]; got.Applicable != 0 || got.Unknown != 2 || got.Why != "services: cannot list services" {
		t.Errorf("tally %+v; want 2 unknown because services cannot be listed", got)
	}
}

func TestWhatIsNoPostureCostsNothing(t *testing.T) {
	t.Parallel()
	posture := categories(rule("missing", audit.Medium, fails(2)))
	health := categories(rule("down", audit.Critical, fails(3)))[0]
	health.ID, health.Weight = "health", 0
	c := cluster(t, 5)
	alone, both := score.Assess(c, posture), score.Assess(c, append(slices.Clone(posture), health))
	a, b := alone.Namespaces[0], both.Namespaces[0]
	if a.Score != b.Score || b.Capped != 0 || a.Score == 100 {
		t.Errorf("%v points became %v, capped by %v, because something is down", a.Score, b.Score, b.Capped)
	}
	part := b.Categories[2]
	if part.Scored || part.Points != 0 || part.Counts[audit.Critical] != 3 || b.Counts[audit.Critical] != 3 {
		t.Errorf("what is down counts as %+v", part)
	}
	if only := score.Assess(c, []audit.Category{health}).Namespaces[0]; only.Scored {
		t.Errorf("a namespace of which only the health is known has %v points", only.Score)
	}
}

func TestEmptyNamespaceIsNotScored(t *testing.T) {
	t.Parallel()
	a := score.Assess(cluster(t, 0), categories(rule("bad", audit.Critical, nil)))
	if a.Scored || a.Grade != "" || a.Score != 0 {
		t.Errorf("scored %v, grade %q, score %.1f; want n/a", a.Scored, a.Grade, a.Score)
	}
}

// A manifest may give power to a namespace that it does not hold: that is no clean
// cluster.
func TestPowerOfANamespaceThatIsNotThereCounts(t *testing.T) {
	t.Parallel()
	list := func(*kube.Cluster) iter.Seq2[audit.Subject, bool] {
		return func(yield func(audit.Subject, bool) bool) {
			binding := kube.ClusterRoleBindings.Ref("", "all")
			_ = yield(audit.Subject{Ref: binding, Namespace: "ci"}, true) && yield(audit.Subject{Ref: binding, Namespace: "quiet"}, false)
		}
	}
	bound := &audit.Rule{
		ID: "bound", Severity: audit.Critical, Subjects: []kube.Resource{kube.ClusterRoleBindings},
		Check: audit.Each(list, func(p *audit.Pass, fails bool) {
			if fails {
				p.Report(audit.Finding{Message: "bound"})
			}
		}),
	}
	a := score.Assess(cluster(t, 0), []audit.Category{{ID: "rbac", Weight: 20, Rules: []*audit.Rule{bound}}})
	if len(a.Namespaces) != 1 || a.Namespaces[0].Name != "ci" || !a.Namespaces[0].Scored {
		t.Fatalf("namespaces %+v, want ci alone, scored", a.Namespaces)
	}
	if !a.Scored || a.Score > 69 {
		t.Errorf("score %v, want at most 69 for an open critical", a.Score)
	}
}

func TestPlatformIsAGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for _, namespace := range []string{"shop", "kube-system"} {
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: namespace}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	bad := rule("bad", audit.Critical, map[string][]audit.Finding{"kube-system": {{}}})
	a := score.Assess(b.Build(time.Unix(0, 0)), categories(bad))
	if a.Score != 100 || a.Platform == nil || *a.Platform != 69 {
		t.Errorf("score %.1f, platform %v; want 100 and 69", a.Score, a.Platform)
	}
}

// random judges n workloads by rules of every severity that fail at random.
func random(t *testing.T, seed uint64) *score.Assessment {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	n := 1 + r.IntN(12)
	var rules []*audit.Rule
	for i, severity := range audit.Severities() {
		failing := map[string][]audit.Finding{}
		for range r.IntN(2 * n) {
			name := fmt.Sprintf("d%d", r.IntN(n))
			f := audit.Finding{Container: fmt.Sprintf("c%d", r.IntN(2)), Severity: audit.Severity(1 + r.IntN(5))}
			if i > 0 && r.IntN(3) == 0 {
				f.Implied = rules[0].ID
			}
			failing[name] = append(failing[name], f)
		}
		rules = append(rules, rule(fmt.Sprintf("r%d", i), severity, failing))
	}
	return score.Assess(cluster(t, n), []audit.Category{
		{ID: "a", Weight: 20, Rules: rules[:2]}, {ID: "b", Weight: 3, Rules: rules[2:]},
	})
}

func TestPointsAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		for _, n := range random(t, seed).Namespaces {
			sum, categories := 0, 0.0
			for _, f := range n.Findings {
				sum += int(math.Round(100 * f.Points))
				if f.Points < 0 {
					t.Fatalf("seed %d: %s costs %.2f points", seed, f.ID(), f.Points)
				}
			}
			for _, c := range n.Categories {
				categories += c.Points
			}
			if want := int(math.Round(100 * (100 - n.Score))); sum != want || int(math.Round(100*categories)) != want {
				t.Fatalf("seed %d: findings cost %d and categories %.2f hundredths, score %.1f", seed, sum, 100*categories, n.Score)
			}
		}
	}
}

func TestGainIsAnEvaluation(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		for _, n := range random(t, seed).Namespaces {
			if got := n.GainWithout(func(*score.Finding) bool { return true }); math.Abs(got-(100-n.Score)) > 1e-9 {
				t.Fatalf("seed %d: without any finding the gain is %.2f, score %.1f", seed, got, n.Score)
			}
			if got := n.GainWithout(func(*score.Finding) bool { return false }); got != 0 {
				t.Fatalf("seed %d: without no finding the gain is %.2f", seed, got)
			}
		}
	}
}

func TestClusterWideGrants(t *testing.T) {
	t.Parallel()
	wide := &audit.Rule{
		ID: "wide", Severity: audit.Critical, Subjects: []kube.Resource{kube.ClusterRoleBindings},
		Check: audit.Each(func(*kube.Cluster) iter.Seq2[audit.Subject, string] {
			return func(yield func(audit.Subject, string) bool) {
				yield(audit.Subject{Ref: kube.ClusterRoleBindings.Ref("", "jane")}, "jane")
			}
		}, func(p *audit.Pass, _ string) { p.Report(audit.Finding{}) }),
	}
	a := score.Assess(cluster(t, 1), categories(wide))
	i := slices.IndexFunc(a.Namespaces, func(n *score.Namespace) bool { return n.Name == score.ClusterWide })
	if i < 0 || a.Namespaces[i].Score > 69 || a.Score >= 100 {
		t.Fatalf("a grant to a user cluster-wide costs nothing: %+v", a.Namespaces)
	}
}

// What is well with the cluster as such makes no namespace better.
func TestTheClusterAsSuchRaisesNoScore(t *testing.T) {
	t.Parallel()
	fine := &audit.Rule{
		ID: "fine", Severity: audit.Medium, Subjects: []kube.Resource{kube.ClusterRoles},
		Check: audit.Each(func(*kube.Cluster) iter.Seq2[audit.Subject, int] {
			return func(yield func(audit.Subject, int) bool) {
				for i := 0; i < 500 && yield(audit.Subject{Ref: kube.ClusterRoles.Ref("", fmt.Sprint(i))}, i); i++ {
				}
			}
		}, func(*audit.Pass, int) {}),
	}
	c := cluster(t, 3)
	alone := score.Assess(c, categories(rule("wrong", audit.High, fails(2))))
	both := score.Assess(c, categories(rule("wrong", audit.High, fails(2)), fine))
	if alone.Score != both.Score || alone.Score > 89 {
		t.Errorf("the score is %v, and %v with 500 cluster roles that are well", alone.Score, both.Score)
	}
}

func BenchmarkAssess(b *testing.B) {
	builder := kube.NewBuilder(kube.Info{})
	for i := range 3000 {
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: fmt.Sprintf("ns%d", i%100), Name: fmt.Sprintf("d%d", i)}}
		if err := builder.Set(kube.Deployments, d); err != nil {
			b.Fatal(err)
		}
	}
	c := builder.Build(time.Unix(0, 0))
	var rules []*audit.Rule
	for i := range 60 {
		rules = append(rules, rule(fmt.Sprintf("r%d", i), audit.Medium, fails(1500)))
	}
	b.ResetTimer()
	for b.Loop() {
		score.Assess(c, categories(rules...))
	}
}
