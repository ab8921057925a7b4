package rules_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
)

// Every check of the field is a rule, a part of one, or left out for a reason.
func TestEveryCheckIsARuleOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, category := range rules.All() {
		for _, r := range category.Rules {
			known[r.ID] = true
		}
	}
	for _, check := range catalogue.All() {
		switch {
		case known[check.ID] && check.LeftOut != "":
			t.Errorf("%s is a rule and is left out", check.ID)
		case check.Instead != "" && !known[check.Instead]:
			t.Errorf("%s is a part of %s, which is no rule", check.ID, check.Instead)
		case !known[check.ID] && check.LeftOut == "":
			t.Errorf("%s is no rule, and nothing says why", check.ID)
		}
	}
}
