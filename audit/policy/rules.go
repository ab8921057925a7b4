package policy

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// hygiene is the category of the rules about exemptions.
const hygiene = "hygiene"

// expired and stale have no Check: what they judge is the policy, not a cluster.
var (
	expired = &audit.Rule{
		ID: "exemption-expired", Title: "An exemption has run out", Severity: audit.Low, Since: "2",
		Rationale: "Somebody accepted a risk up to a day that is over. What was exempt counts again, and " +
			"nobody has said since whether the reason still holds.",
		Remediation: "Fix what was exempt and delete the exemption; or have its owner confirm the reason, and set a new day.",
	}
	stale = &audit.Rule{
		ID: "exemption-stale", Title: "An exemption matches nothing", Severity: audit.Low, Since: "2",
		Rationale: "What it was written for is fixed, gone or called otherwise. Left in place, it hides the next " +
			"finding that happens to match, which nobody has looked at.",
		Remediation: "Delete the exemption, or correct what it is meant to match.",
	}
)

// Catalogue returns categories with the rules that judge exemptions, which are
// of the category hygiene; without that category there are none. It is for those
// who list rules. To judge by, categories come from [Policy.Apply].
func Catalogue(categories []audit.Category) []audit.Category {
	all := slices.Clone(categories)
	for i, c := range all {
		if c.ID != hygiene {
			continue
		}
		rules := slices.Clone(c.Rules)
		at, _ := slices.BinarySearchFunc(rules, expired.ID, func(r *audit.Rule, id string) int {
			if r.ID < id {
				return -1
			}
			return 1
		})
		all[i].Rules = slices.Insert(rules, at, expired, stale)
	}
	return all
}

// judges reports whether a rule judges a cluster.
func judges(r *audit.Rule) bool { return r.ID != expired.ID && r.ID != stale.ID }
