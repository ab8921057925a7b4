package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
)

// catalogue has a rule with a parameter of each type.
func catalogue() []audit.Category {
	return []audit.Category{
		{ID: "images", Rules: []*audit.Rule{{ID: "registry", Severity: audit.Low, Parameters: []audit.Parameter{
			{Name: "allowed", Value: []string{}}, {Name: "most", Value: 3}, {Name: "strict", Value: false}, {Name: "mirror", Value: "none"},
		}}}},
		{ID: "security-context", Rules: []*audit.Rule{
			{ID: "privileged", Severity: audit.Critical, Controls: []string{"PSS-baseline"}},
			{ID: "run-as-root-group", Severity: audit.Low},
			{ID: "run-as-user-zero", Severity: audit.High},
		}},
	}
}

func TestParseTellsEachMistakeWithItsLine(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"unknown key":         {"rulez: {}\n", []string{`f.yaml:1: the file has no key "rulez"; did you mean "rules"?`}},
		"unknown rule":        {"rules:\n  run-as-rooot: {}\n", []string{`f.yaml:2: rule "run-as-rooot" does not exist; did you mean "run-as-root-group"?`}},
		"rule like none":      {"rules:\n  zzz: {}\n", []string{`f.yaml:2: rule "zzz" does not exist`}},
		"unknown rule key":    {"rules:\n  registry:\n    enable: true\n", []string{`f.yaml:3: rule registry has no key "enable"; did you mean "enabled"?`}},
		"not a switch":        {"rules: {registry: {enabled: maybe}}\n", []string{`f.yaml:1: enabled is true or false, not "maybe"`}},
		"severity":            {"rules: {registry: {severity: grave}}\n", []string{`f.yaml:1: severity is one of critical, high, medium, low, info, not "grave"`}},
		"unknown parameter":   {"rules: {registry: {parameters: {allow: []}}}\n", []string{`f.yaml:1: rule registry has no parameter "allow"; did you mean "allowed"?`}},
		"list parameter":      {"rules: {registry: {parameters: {allowed: here}}}\n", []string{`f.yaml:1: allowed is a list, not "here"`}},
		"list of numbers":     {"rules: {registry: {parameters: {allowed: [1]}}}\n", []string{`f.yaml:1: each of allowed is a text, not 1`}},
		"number parameter":    {"rules: {registry: {parameters: {most: 1.5}}}\n", []string{`f.yaml:1: most is a whole number, not 1.5`}},
		"switch parameter":    {"rules: {registry: {parameters: {strict: 1}}}\n", []string{`f.yaml:1: strict is true or false, not 1`}},
		"text parameter":      {"rules: {registry: {parameters: {mirror: [a]}}}\n", []string{`f.yaml:1: mirror is a text, not a list`}},
		"profile":             {"\nprofile: none\n", []string{`f.yaml:2: profile "none" does not exist, only default, everything, minimal, production, pss-restricted`}},
		"profile as a list":   {"profile: []\n", []string{`f.yaml:1: profile is a text, not a list`}},
		"rules as a list":     {"rules: [registry]\n", []string{`f.yaml:1: rules is a mapping, not a list`}},
		"twice":               {"profile: default\nprofile: minimal\n", []string{`f.yaml:2: the file has the key "profile" already, in line 1`}},
		"threshold":           {"thresholds: {minScore: 101}\n", []string{`f.yaml:1: minScore is a number from 0 to 100, not 101`}},
		"no number":           {"thresholds: {minCoverage: .nan}\n", []string{`f.yaml:1: minCoverage is a number from 0 to 100, not .nan`}},
		"fail on":             {"thresholds: {failOn: often}\n", []string{`f.yaml:1: failOn ("never" aside) is one of critical, high, medium, low, info, not "often"`}},
		"empty group":         {"groups:\n  shop:\n", []string{`f.yaml:2: group shop needs namespaces or labels`}},
		"reserved group":      {"groups: {cluster: {namespaces: [a]}}\n", []string{`f.yaml:1: a group cannot be called "cluster"`}},
		"group label":         {"groups: {shop: {labels: {a: 1}}}\n", []string{`f.yaml:1: the label a is a text, not 1`}},
		"exemption alone":     {"exemptions:\n- {}\n", []string{`f.yaml:2: the exemption has no scope`, `f.yaml:2: the exemption has no reason`, `f.yaml:2: the exemption has no owner`}},
		"exempt rule":         {"exemptions:\n- scope:\n    rule: privilegd\n  reason: a\n  owner: b\n", []string{`f.yaml:3: rule "privilegd" does not exist; did you mean "privileged"?`}},
		"exempt nothing":      {"exemptions: [{scope: {name: a}, reason: a, owner: b}]\n", []string{`f.yaml:1: the scope has no rule; "*" is every one`}},
		"exempt until":        {"exemptions: [{scope: {rule: '*'}, reason: a, owner: b, expires: 2027-02-31}]\n", []string{`f.yaml:1: expires is a day such as 2027-01-31, not "2027-02-31"`}},
		"reason empty":        {"exemptions: [{scope: {rule: '*'}, reason: '', owner: b}]\n", []string{`f.yaml:1: reason is empty`}},
		"exempt no mapping":   {"exemptions: [a]\n", []string{`f.yaml:1: an exemption is a mapping, not "a"`}},
		"ignore":              {"ignoreAnnotations: often\n", []string{`f.yaml:1: ignoreAnnotations is true or false, not "often"`}},
		"no YAML":             {"profile: default\nrules: {\n", []string{`f.yaml:2: did not find expected node content`}},
		"a second document":   {"profile: default\n---\nprofile: minimal\n", []string{`f.yaml:2: a second document begins; there may be one`}},
		"a list":              {"- a\n", []string{`f.yaml:1: the file is a mapping, not a list`}},
		"several in one file": {"a: 1\nb: 2\n", []string{`f.yaml:1: the file has no key "a"`, `f.yaml:2: the file has no key "b"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := policy.Parse("f.yaml", []byte(tt.text), catalogue(), "")
			if err == nil {
				t.Fatal("it is taken")
			}
			if diff := cmp.Diff(tt.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// ids lists the rules with their severities.
func ids(categories []audit.Category) []string {
	var list []string
	for _, c := range categories {
		for _, r := range c.Rules {
			list = append(list, r.ID+" "+r.Severity.String())
		}
	}
	return list
}

func TestApply(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text, profile string
		want          []string
	}{
		"nothing":             {"", "", []string{"registry low", "privileged critical", "run-as-root-group low", "run-as-user-zero high"}},
		"only comments":       {"# soon\n", "", []string{"registry low", "privileged critical", "run-as-root-group low", "run-as-user-zero high"}},
		"empty sections":      {"rules:\ngroups:\n", "minimal", []string{"privileged critical", "run-as-user-zero high"}},
		"profile":             {"profile: pss-restricted\n", "", []string{"privileged critical"}},
		"flag over file":      {"profile: pss-restricted\n", "minimal", []string{"privileged critical", "run-as-user-zero high"}},
		"rules over profile":  {"profile: minimal\nrules: {registry: {enabled: true}, privileged: {enabled: false}}\n", "", []string{"registry low", "run-as-user-zero high"}},
		"severity":            {"rules: {privileged: {severity: low}}\n", "minimal", []string{"privileged low", "run-as-user-zero high"}},
		"aliases are allowed": {"rules: {privileged: &off {enabled: false}, registry: *off}\n", "", []string{"run-as-root-group low", "run-as-user-zero high"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := catalogue()
			p, err := policy.Parse("f.yaml", []byte(tt.text), given, tt.profile)
			if err != nil {
				t.Fatal(err)
			}
			applied, err := p.Apply(given)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, ids(applied)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(ids(catalogue()), ids(given)); diff != "" {
				t.Errorf("what was given changed: %s", diff)
			}
			if terms := p.Terms(given); terms.On != len(tt.want) || terms.Rules != 4 {
				t.Errorf("%d of %d rules are on, want %d of 4", terms.On, terms.Rules, len(tt.want))
			}
		})
	}
}

func TestParametersAreSet(t *testing.T) {
	t.Parallel()
	given := catalogue()
	text := "rules: {registry: {parameters: {allowed: [a, b], most: 7, strict: true, mirror: m}}}\n"
	p, err := policy.Parse("f.yaml", []byte(text), given, "")
	if err != nil {
		t.Fatal(err)
	}
	applied, err := p.Apply(given)
	if err != nil {
		t.Fatal(err)
	}
	want := []audit.Parameter{
		{Name: "allowed", Value: []string{"a", "b"}}, {Name: "most", Value: 7}, {Name: "strict", Value: true}, {Name: "mirror", Value: "m"},
	}
	if diff := cmp.Diff(want, applied[0].Rules[0].Parameters); diff != "" {
		t.Error(diff)
	}
	if given[0].Rules[0].Parameters[1].Value != 3 {
		t.Error("what was given changed")
	}
}

// A profile must not speak of rules that are none.
func TestProfilesNameRules(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, c := range rules.All() {
		for _, r := range c.Rules {
			known[r.ID] = true
		}
	}
	for _, profile := range policy.Profiles() {
		p, err := policy.Parse("", nil, nil, profile[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range policy.RulesOf(p) {
			if !known[id] {
				t.Errorf("profile %s speaks of %s, which is no rule", profile[0], id)
			}
		}
		if terms := p.Terms(rules.All()); terms.On == 0 {
			t.Errorf("profile %s has no rules", profile[0])
		}
	}
}
