package score

import (
	"math"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// RuleSet is the version of the rules and of the way they are scored. Scores of
// different rule sets cannot be compared.
const RuleSet = "3"

// ClusterWide is the name of the row for what belongs to no namespace.
const ClusterWide = "(cluster)"

// weight returns w of the package comment.
func weight(s audit.Severity) float64 {
	return [...]float64{audit.Info: 0, audit.Low: 0.5, audit.Medium: 2, audit.High: 5, audit.Critical: 10}[s]
}

// saturation returns a of the package comment.
func saturation(s audit.Severity) float64 {
	return [...]float64{audit.Info: 0, audit.Low: 0, audit.Medium: 0.2, audit.High: 0.5, audit.Critical: 0.8}[s]
}

// penalty returns w·x for f failing of n subjects.
func penalty(s audit.Severity, f, n int) float64 {
	if f <= 0 || n <= 0 {
		return 0
	}
	p := float64(min(f, n)) / float64(n)
	x := 1 - (1-p)*(1-saturation(s)*(1-math.Exp2(-float64(f))))
	return weight(s) * x
}

// measured returns −10·m·ln(1−y) for a measure of weight m that found an extent
// of y.
func measured(s audit.Severity, weight, extent float64) float64 {
	if s == audit.Info {
		return 0 // somebody decided that it informs and no more
	}
	return -10 * weight * math.Log(max(leastLeft, 1-extent))
}

// leastLeft is what a measure leaves at least, so that one of them alone never
// takes everything.
const leastLeft = 0.01

// categoryScore returns S for a sum of penalties, 2 to 100.
func categoryScore(sum float64) float64 {
	return max(2, 100*math.Exp(-sum/10))
}

// limit returns the highest score that open findings allow.
func limit(criticals, highs int) float64 {
	switch {
	case criticals > 0:
		return 69
	case highs > 0:
		return 89
	}
	return 100
}

// Grade returns the letter of a score. Below 80 % coverage it carries a
// question mark: too much was not looked at.
func Grade(score, coverage float64) string {
	letter := "F"
	for _, g := range []struct {
		least  float64
		letter string
	}{{90, "A"}, {80, "B"}, {70, "C"}, {60, "D"}, {50, "E"}} {
		if score >= g.least {
			letter = g.letter
			break
		}
	}
	if coverage < 80 {
		letter += "?"
	}
	return letter
}

// NextGrade returns the lowest score of the grade above that of a score, 100 where
// there is none.
func NextGrade(score float64) float64 {
	for _, least := range []float64{50, 60, 70, 80, 90} {
		if score < least {
			return least
		}
	}
	return 100
}

// round rounds to one decimal, the precision in which scores are told.
func round(x float64) float64 { return math.Round(x*10) / 10 }
