package score_test

import (
	"math"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Findings thought away one after the other, in any order, score as all of them gone at
// once; and a namespace that is asked twice says the same.
func TestTrialIsAnEvaluation(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		a := random(t, seed)
		var chosen []*score.Finding
		for _, n := range a.Namespaces {
			trial := n.Trial()
			if got := score.Round(trial.Standing().Score); n.Scored && got != n.Score {
				t.Fatalf("seed %d: at first %s scores %v, want %v", seed, n.Name, got, n.Score)
			}
			gone := map[*score.Finding]bool{}
			for i, f := range n.Findings {
				if i%3 == 0 {
					continue
				}
				expected := trial.If(trial.Change([]*score.Finding{f}))
				trial.Remove([]*score.Finding{f})
				if got := trial.Standing(); got != expected {
					t.Fatalf("seed %d: without %s it is %v, %v was said", seed, f.ID(), got, expected)
				}
				gone[f] = true
				chosen = append(chosen, f)
			}
			want := n.GainWithout(func(f *score.Finding) bool { return gone[f] })
			if got := score.Round(trial.Standing().Score) - n.Score; n.Scored && math.Abs(got-want) > 0.01 {
				t.Errorf("seed %d: %s gains %v step by step, %v at once", seed, n.Name, got, want)
			}
		}
		outlook := a.Without(chosen)
		for _, n := range outlook.Namespaces {
			want := n.GainWithout(func(f *score.Finding) bool {
				return slices.Contains(chosen, f)
			})
			if math.Abs(n.After-n.Score-want) > 0.01 {
				t.Errorf("seed %d: %s goes to %v, a gain of %v, want %v", seed, n.Name, n.After, n.After-n.Score, want)
			}
		}
		if none := a.Without(nil); none.Score != a.Score || len(none.Namespaces) != 0 {
			t.Errorf("seed %d: without nothing the cluster scores %v, want %v", seed, none.Score, a.Score)
		}
	}
}

func TestNextGrade(t *testing.T) {
	t.Parallel()
	for is, want := range map[float64]float64{0: 50, 49.9: 50, 50: 60, 62: 70, 79.9: 80, 80: 90, 90: 100, 100: 100} {
		if got := score.NextGrade(is); got != want {
			t.Errorf("the grade above %v begins at %v, want %v", is, got, want)
		}
		if got := score.NextGrade(is); got < 100 && score.Grade(got, 100) == score.Grade(is, 100) {
			t.Errorf("%v and %v are of the same grade", is, got)
		}
	}
}
