package score_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// measure finds an extent in the namespace shop; none where it is 0.
func measure(id string, weight, extent float64, severity audit.Severity) *audit.Rule {
	return &audit.Rule{
		ID: id, Severity: severity, Weight: weight, Wide: true, Subjects: []kube.Resource{kube.Namespaces},
		Check: audit.EachNamespace(func(p *audit.Pass, _ string) {
			if extent > 0 {
				p.Measure(extent, audit.Finding{Message: "far"})
			}
		}),
	}
}

// alone is a category that is all of the score.
func alone(rules ...*audit.Rule) []audit.Category {
	return []audit.Category{{ID: "judged", Title: "Judged", Weight: 1, Rules: rules}}
}

// Measures multiply the score of their category, each by what it leaves to the
// power of its weight.
func TestMeasuresMultiply(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		rules []*audit.Rule
		want  float64
	}{
		{"one", []*audit.Rule{measure("m", 0.5, 0.75, audit.Low)}, 50},
		{"nothing found", []*audit.Rule{measure("m", 0.5, 0, audit.Low)}, 100},
		{"two", []*audit.Rule{measure("m", 0.5, 0.75, audit.Low), measure("n", 0.5, 0.36, audit.Medium)}, 40},
		{"all that can be", []*audit.Rule{measure("m", 0.5, 1, audit.Low)}, 10},
		{"and at least 2", []*audit.Rule{measure("m", 1, 1, audit.Low)}, 2},
		{"somebody lets it only inform", []*audit.Rule{measure("m", 0.5, 0.75, audit.Info)}, 100},
		{"beside a check", []*audit.Rule{measure("m", 0.5, 0.75, audit.Low), rule("r", audit.Low, fails(1))}, 47.6},
	} {
		shop := score.Assess(cluster(t, 1), alone(test.rules...)).Namespaces[0]
		if shop.Score != test.want {
			t.Errorf("%s: score %v, want %v", test.name, shop.Score, test.want)
		}
		without := shop.GainOfRule(test.rules[0])
		rest := score.Assess(cluster(t, 1), alone(test.rules[1:]...))
		if want := 100 - shop.Score; len(test.rules) == 1 && math.Abs(without-want) > 1e-9 {
			t.Errorf("%s: the gain is %v, want %v", test.name, without, want)
		} else if len(test.rules) == 2 && math.Abs(shop.Score+without-rest.Namespaces[0].Score) > 1e-9 {
			t.Errorf("%s: the gain is %v, the score without it %v", test.name, without, rest.Namespaces[0].Score)
		}
	}
}

// What measures and checks find explains every point, and what is gained is what
// the score would be.
func TestPointsOfMeasuresAddUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		rules := []*audit.Rule{rule("bad", audit.Severity(1+r.IntN(5)), fails(r.IntN(3)))}
		for i := range 3 {
			rules = append(rules, measure(fmt.Sprintf("m%d", i), r.Float64()/3, r.Float64()*float64(r.IntN(2)), audit.Severity(1+r.IntN(3))))
		}
		shop := score.Assess(cluster(t, 2), categories(rules...)).Namespaces[0]
		sum := 0.0
		for _, f := range shop.Findings {
			sum += f.Points
			if f.Rule.Weight == 0 {
				continue
			}
			rest := slices.DeleteFunc(slices.Clone(rules), func(one *audit.Rule) bool { return one == f.Rule })
			want := score.Assess(cluster(t, 2), categories(rest...)).Namespaces[0].Score
			if got := shop.Score + f.Gain(); math.Abs(got-want) > 1e-6 {
				t.Fatalf("without %s the score is to be %v, and is %v", f.Rule.ID, got, want)
			}
		}
		if math.Abs(sum-(100-shop.Score)) > 1e-6 {
			t.Fatalf("findings cost %v, score %v", sum, shop.Score)
		}
		all := shop.GainWithout(func(*score.Finding) bool { return true })
		if math.Abs(all-(100-shop.Score)) > 1e-9 {
			t.Fatalf("without any finding the gain is %v, score %v", all, shop.Score)
		}
	}
}
