package policy

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Policy is what people have decided about an audit. It never changes once it
// was made by [Parse].
type Policy struct {
	// File is where the policy was read from, "" if from no file.
	File string
	// Profile is the name of the profile that the rules start from.
	Profile    string
	Thresholds Thresholds
	// IgnoreAnnotations says that no annotation of the cluster exempts anything.
	IgnoreAnnotations bool

	rules  map[string]setting // by ID: what the profile and then the file say
	picks  selection          // the rules of the profile
	groups []group            // in the order of the file

	exemptions []*Exemption // in the order of the file
}

// Thresholds are what a scan has to reach. Zero values ask for nothing.
type Thresholds struct {
	FailOn      string  // the severity that fails a scan, "never", or "" if nothing is said
	MinScore    float64 // 0 to 100
	MinCoverage float64 // percent
}

// setting is what is decided about one rule.
type setting struct {
	enabled    *bool          // nil: as the profile picks
	severity   audit.Severity // 0: the rule's own
	parameters map[string]any
}

// over returns the setting with what another one says in front of it.
func (s setting) over(below setting) setting {
	if s.enabled == nil {
		s.enabled = below.enabled
	}
	if s.severity == 0 {
		s.severity = below.severity
	}
	if s.parameters == nil {
		s.parameters = below.parameters
	}
	return s
}

// Enabled reports whether a rule of a category is on.
func (p *Policy) Enabled(category string, r *audit.Rule) bool {
	if enabled := p.rules[r.ID].enabled; enabled != nil {
		return *enabled
	}
	return p.picks.has(category, r)
}

// Apply returns the categories with the rules that are on, as the policy wants
// them: those of [Catalogue] that judge a cluster. What it was given stays as it is; a category without rules stays too. An
// error is about parameters that the rules do not have.
func (p *Policy) Apply(categories []audit.Category) ([]audit.Category, error) {
	applied := slices.Clone(categories)
	for i, c := range applied {
		applied[i].Rules = make([]*audit.Rule, 0, len(c.Rules))
		for _, r := range c.Rules {
			if !judges(r) || !p.Enabled(c.ID, r) {
				continue
			}
			set, err := p.Set(r)
			if err != nil {
				return nil, err
			}
			applied[i].Rules = append(applied[i].Rules, set)
		}
	}
	return applied, nil
}

// Set returns a rule with the severity and parameters of the policy, the rule
// itself where it has nothing to say of it.
func (p *Policy) Set(r *audit.Rule) (*audit.Rule, error) {
	s := p.rules[r.ID]
	if s.severity == 0 && s.parameters == nil {
		return r, nil
	}
	changed, err := r.With(s.parameters)
	if err != nil {
		return nil, err
	}
	if s.severity != 0 {
		changed.Severity = s.severity
	}
	return changed, nil
}

// Terms says in short what categories are judged under.
func (p *Policy) Terms(categories []audit.Category) *audit.Terms {
	t := &audit.Terms{Profile: p.Profile, File: p.File}
	for _, c := range categories {
		for _, r := range c.Rules {
			t.Rules++
			if p.Enabled(c.ID, r) {
				t.On++
			}
		}
	}
	return t
}
