package audit

import (
	"errors"
	"fmt"
	"regexp"
)

var slug = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Validate reports every fault in the description of categories and their
// rules, joined into one error; nil if there is none.
func Validate(categories []Category) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	seen := map[string]bool{}
	for _, c := range categories {
		if !slug.MatchString(c.ID) || c.Title == "" || c.About == "" || c.Weight < 0 || c.Label == "" || len(c.Label) > 8 {
			fault("category %q: needs a slug, a title, a label of 8 letters at most, a paragraph about it and no negative weight", c.ID)
		}
		last, weights := "", 0.0
		for _, r := range c.Rules {
			if err := r.validate(); err != nil {
				faults = append(faults, err)
			}
			if seen[r.ID] {
				fault("rule %q: there are two of it", r.ID)
			}
			if r.ID < last {
				fault("rule %q: out of order in category %s", r.ID, c.ID)
			}
			seen[r.ID], last = true, r.ID
			weights += r.Weight
		}
		if weights > 1+1e-9 {
			fault("category %q: the weights of its measures add up to %g, more than 1", c.ID, weights)
		}
	}
	return errors.Join(faults...)
}

func (r *Rule) validate() error {
	switch {
	case !slug.MatchString(r.ID):
		return fmt.Errorf("rule %q: the ID is not a kebab-case slug", r.ID)
	case r.Title == "" || r.Rationale == "" || r.Remediation == "":
		return fmt.Errorf("rule %q: needs a title, a rationale and a remediation", r.ID)
	case r.Severity < Info || r.Severity > Critical:
		return fmt.Errorf("rule %q: needs a severity", r.ID)
	case r.Since == "":
		return fmt.Errorf("rule %q: needs the rule-set version that it came with", r.ID)
	case len(r.Subjects) == 0:
		return fmt.Errorf("rule %q: needs to name the resources that it judges", r.ID)
	case r.Check.judge == nil:
		return fmt.Errorf("rule %q: needs a check", r.ID)
	case !(r.Weight >= 0 && r.Weight <= 1): // nor is it NaN
		return fmt.Errorf("rule %q: a weight of %g is not 0 to 1", r.ID, r.Weight)
	case r.Weight > 0 && (r.Check.listing.kind != namespaces || !r.Wide):
		return fmt.Errorf("rule %q: measures, and so has to judge each namespace, as a whole", r.ID)
	}
	return nil
}
