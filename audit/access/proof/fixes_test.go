package proof_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/rules/rbac"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// No fix that a rule offers gives anybody anything, and each clears its finding.
func TestFixesGiveNothing(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/rbac/testdata/*/fail*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	proved := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := view(t, string(text))
		before := score.Assess(c, []audit.Category{rbac.Category()})
		for _, n := range before.Namespaces {
			for _, f := range n.Findings {
				for _, chosen := range audit.NewFixer(c).Fixes(f.Placed) {
					changes, err := fix.Outcome(c, f.Subject, chosen)
					if err != nil {
						t.Fatalf("%s, %s: %v", file, f.ID(), err)
					}
					p, err := proof.Of(context.Background(), before, changes)
					if err != nil {
						t.Fatal(err)
					}
					proved[f.Rule.ID] = true
					if p.Gains() {
						t.Errorf("%s, %s: somebody gains by %q: %+v", file, f.ID(), chosen.Title, p.Rights)
					}
					left := score.Assess(p.View, []audit.Category{rbac.Category()})
					if left.Finding(f.ID()) != nil {
						t.Errorf("%s, %s is still found after %q", file, f.ID(), chosen.Title)
					}
				}
			}
		}
	}
	if len(proved) < 15 || !proved["cluster-role-wildcard-bound"] {
		t.Errorf("fixes of %d rules prove little", len(proved))
	}
	for id := range proved {
		if strings.Contains(id, "wildcard-verbs") {
			t.Errorf("%s has a fix: who knows which verbs are needed?", id)
		}
	}
}
