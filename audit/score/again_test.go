package score_test

import (
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// What is the same of another result keeps its scores, and the rest is scored as if
// it stood alone.
func TestAgain(t *testing.T) {
	t.Parallel()
	c := cluster(t, 4)
	before := score.Assess(c, categories(rule("bad", audit.Medium, fails(2))))
	same := before.Again(before.Result, nil)
	if !slices.Equal(before.Namespaces, same.Namespaces) || same.Score != before.Score {
		t.Errorf("the same result has score %v and other namespaces, want %v and the same", same.Score, before.Score)
	}
	other := audit.Run(c, categories(rule("bad", audit.Medium, fails(1))))
	again, alone := before.Again(other, nil), score.Assess(c, categories(rule("bad", audit.Medium, fails(1))))
	if again.Score != alone.Score || again.Score == before.Score || len(again.Namespaces) != len(alone.Namespaces) {
		t.Errorf("another result has score %v of %d namespaces, want %v of %d",
			again.Score, len(again.Namespaces), alone.Score, len(alone.Namespaces))
	}
}
