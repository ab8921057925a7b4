package policy

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
)

// Parse reads a policy. File stands in errors and reports; categories are those
// that it may speak of; profile takes the place of the file's unless it is "".
// All mistakes are reported together, a line each.
func Parse(file string, text []byte, categories []audit.Category, profile string) (*Policy, error) {
	p := &parser{
		Reader: form.Reader{File: file}, known: map[string]*audit.Rule{},
		policy: &Policy{File: file, rules: map[string]setting{}},
	}
	for _, c := range categories {
		for _, r := range c.Rules {
			p.known[r.ID] = r
			p.ids = append(p.ids, r.ID)
		}
	}
	chosen := Default
	if root := p.Document(text); root != nil {
		p.Mapping(root, "the file", form.Fields{
			"profile":    func(_, n *yaml.Node) { chosen = p.profile(n) },
			"rules":      func(_, n *yaml.Node) { p.Pairs(n, "rules", p.rule) },
			"groups":     func(_, n *yaml.Node) { p.Pairs(n, "groups", p.group) },
			"thresholds": func(_, n *yaml.Node) { p.thresholds(n) },
			"exemptions": func(_, n *yaml.Node) { p.List(n, "exemptions", p.exemption) },
			"ignoreAnnotations": func(_, n *yaml.Node) {
				p.policy.IgnoreAnnotations = p.Boolean(n, "ignoreAnnotations")
			},
		})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if profile != "" {
		chosen = profile
	}
	return p.policy, p.policy.start(chosen)
}

// parser reads the parts of a file.
type parser struct {
	form.Reader
	policy *Policy
	known  map[string]*audit.Rule
	ids    []string // of the rules
}

func (p *parser) profile(n *yaml.Node) string {
	name := p.Text(n, "profile")
	if names := profileNames(); name != "" && !slices.Contains(names, name) {
		p.Fault(n, "profile %q does not exist, only %s", name, strings.Join(names, ", "))
	}
	return name
}

// ruleNamed returns the rule of an ID, nil if there is none.
func (p *parser) ruleNamed(n *yaml.Node, id string) *audit.Rule {
	rule := p.known[id]
	if rule == nil {
		p.Fault(n, "rule %q does not exist%s", id, form.Nearest(id, p.ids))
	}
	return rule
}

func (p *parser) rule(key, value *yaml.Node) {
	rule := p.ruleNamed(key, key.Value)
	if rule == nil {
		return
	}
	var s setting
	p.Mapping(value, "rule "+rule.ID, form.Fields{
		"enabled":  func(_, n *yaml.Node) { s.enabled = new(p.Boolean(n, "enabled")) },
		"severity": func(_, n *yaml.Node) { s.severity = p.severity(n, "severity") },
		"parameters": func(_, n *yaml.Node) {
			s.parameters = map[string]any{}
			p.Pairs(n, "parameters", func(key, value *yaml.Node) { p.parameter(rule, s.parameters, key, value) })
		},
	})
	p.policy.rules[rule.ID] = s
}

func (p *parser) severity(n *yaml.Node, what string) audit.Severity {
	severity, err := audit.ParseSeverity(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		p.Fault(n, "%s is one of critical, high, medium, low, info, not %s", what, form.Describe(n))
		return 0
	}
	return severity
}

// parameter reads a value of the type that the parameter has by default.
func (p *parser) parameter(rule *audit.Rule, values map[string]any, key, value *yaml.Node) {
	var names []string
	for _, parameter := range rule.Parameters {
		if parameter.Name != key.Value {
			names = append(names, parameter.Name)
			continue
		}
		switch parameter.Value.(type) {
		case string:
			values[key.Value] = p.Text(value, key.Value)
		case int:
			values[key.Value] = p.Whole(value, key.Value)
		case bool:
			values[key.Value] = p.Boolean(value, key.Value)
		default:
			values[key.Value] = p.Texts(value, key.Value)
		}
		return
	}
	p.Fault(key, "rule %s has no parameter %q%s", rule.ID, key.Value, form.Nearest(key.Value, names))
}

func (p *parser) group(key, value *yaml.Node) {
	g := group{name: key.Value}
	if g.name == "" || g.name == "cluster" {
		p.Fault(key, "a group cannot be called %q", g.name)
	}
	p.Mapping(value, "group "+g.name, form.Fields{
		"namespaces": func(_, n *yaml.Node) { g.namespaces = p.Texts(n, "namespaces") },
		"labels":     func(_, n *yaml.Node) { g.labels = p.Labels(n, "labels") },
	})
	if len(g.namespaces) == 0 && len(g.labels) == 0 {
		p.Fault(key, "group %s needs namespaces or labels", g.name)
	}
	p.policy.groups = append(p.policy.groups, g)
}

func (p *parser) thresholds(n *yaml.Node) {
	t := &p.policy.Thresholds
	p.Mapping(n, "thresholds", form.Fields{
		"failOn": func(_, n *yaml.Node) {
			if t.FailOn = n.Value; t.FailOn != "never" {
				t.FailOn = p.severity(n, `failOn ("never" aside)`).String()
			}
		},
		"minScore":    func(_, n *yaml.Node) { t.MinScore = p.Percent(n, "minScore") },
		"minCoverage": func(_, n *yaml.Node) { t.MinCoverage = p.Percent(n, "minCoverage") },
	})
}

func (p *parser) exemption(n *yaml.Node) {
	e := &Exemption{}
	e.Origin = fmt.Sprintf("%s:%d", p.File, n.Line)
	p.Mapping(n, "an exemption", form.Fields{
		"scope":   func(_, n *yaml.Node) { p.scope(n, &e.Scope) },
		"reason":  func(_, n *yaml.Node) { e.Reason = p.Text(n, "reason") },
		"owner":   func(_, n *yaml.Node) { e.Owner = p.Text(n, "owner") },
		"expires": func(_, n *yaml.Node) { e.Expires = p.Day(n, "expires") },
	})
	p.policy.exemptions = append(p.policy.exemptions, e)
	if n.Kind != yaml.MappingNode {
		return
	}
	for _, needed := range []struct{ key, value string }{{"scope", e.Rule}, {"reason", e.Reason}, {"owner", e.Owner}} {
		if needed.value == "" && !form.HasKey(n, needed.key) {
			p.Fault(n, "the exemption has no %s", needed.key)
		}
	}
}

func (p *parser) scope(n *yaml.Node, s *Scope) {
	pattern := func(to *string) func(key, value *yaml.Node) {
		return func(key, value *yaml.Node) { *to = p.Text(value, key.Value) }
	}
	p.Mapping(n, "scope", form.Fields{
		"rule": func(_, n *yaml.Node) {
			if s.Rule = p.Text(n, "rule"); literal(s.Rule) {
				p.ruleNamed(n, s.Rule)
			}
		},
		"namespace": pattern(&s.Namespace),
		"kind":      pattern(&s.Kind),
		"name":      pattern(&s.Name),
		"container": pattern(&s.Container),
		"labels":    func(_, n *yaml.Node) { s.Labels = p.Labels(n, "labels") },
	})
	if n.Tag == "!!null" || n.Kind == yaml.MappingNode && !form.HasKey(n, "rule") {
		p.Fault(n, "the scope has no rule; \"*\" is every one")
	}
}
