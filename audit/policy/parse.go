package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Parse reads a policy. File stands in errors and reports; categories are those
// that it may speak of; profile takes the place of the file's unless it is "".
// All mistakes are reported together, a line each.
func Parse(file string, text []byte, categories []audit.Category, profile string) (*Policy, error) {
	p := &parser{
		reader: reader{file: file}, known: map[string]*audit.Rule{},
		policy: &Policy{File: file, rules: map[string]setting{}},
	}
	for _, c := range categories {
		for _, r := range c.Rules {
			p.known[r.ID] = r
			p.ids = append(p.ids, r.ID)
		}
	}
	chosen := Default
	if root := p.document(text); root != nil {
		p.mapping(root, "the file", fields{
			"profile":    func(_, n *yaml.Node) { chosen = p.profile(n) },
			"rules":      func(_, n *yaml.Node) { p.pairs(n, "rules", p.rule) },
			"groups":     func(_, n *yaml.Node) { p.pairs(n, "groups", p.group) },
			"thresholds": func(_, n *yaml.Node) { p.thresholds(n) },
			"exemptions": func(_, n *yaml.Node) { p.list(n, "exemptions", p.exemption) },
			"ignoreAnnotations": func(_, n *yaml.Node) {
				p.policy.IgnoreAnnotations = p.boolean(n, "ignoreAnnotations")
			},
		})
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, err
	}
	if profile != "" {
		chosen = profile
	}
	return p.policy, p.policy.start(chosen)
}

// parser reads the parts of a file.
type parser struct {
	reader
	policy *Policy
	known  map[string]*audit.Rule
	ids    []string // of the rules
}

func (p *parser) profile(n *yaml.Node) string {
	name := p.text(n, "profile")
	if names := profileNames(); name != "" && !slices.Contains(names, name) {
		p.fault(n, "profile %q does not exist, only %s", name, strings.Join(names, ", "))
	}
	return name
}

// ruleNamed returns the rule of an ID, nil if there is none.
func (p *parser) ruleNamed(n *yaml.Node, id string) *audit.Rule {
	rule := p.known[id]
	if rule == nil {
		p.fault(n, "rule %q does not exist%s", id, Nearest(id, p.ids))
	}
	return rule
}

func (p *parser) rule(key, value *yaml.Node) {
	rule := p.ruleNamed(key, key.Value)
	if rule == nil {
		return
	}
	var s setting
	p.mapping(value, "rule "+rule.ID, fields{
		"enabled":  func(_, n *yaml.Node) { s.enabled = new(p.boolean(n, "enabled")) },
		"severity": func(_, n *yaml.Node) { s.severity = p.severity(n, "severity") },
		"parameters": func(_, n *yaml.Node) {
			s.parameters = map[string]any{}
			p.pairs(n, "parameters", func(key, value *yaml.Node) { p.parameter(rule, s.parameters, key, value) })
		},
	})
	p.policy.rules[rule.ID] = s
}

func (p *parser) severity(n *yaml.Node, what string) audit.Severity {
	severity, err := audit.ParseSeverity(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		p.fault(n, "%s is one of critical, high, medium, low, info, not %s", what, describe(n))
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
			values[key.Value] = p.text(value, key.Value)
		case int:
			values[key.Value] = p.whole(value, key.Value)
		case bool:
			values[key.Value] = p.boolean(value, key.Value)
		default:
			values[key.Value] = p.texts(value, key.Value)
		}
		return
	}
	p.fault(key, "rule %s has no parameter %q%s", rule.ID, key.Value, Nearest(key.Value, names))
}

func (p *parser) group(key, value *yaml.Node) {
	g := group{name: key.Value}
	if g.name == "" || g.name == "cluster" {
		p.fault(key, "a group cannot be called %q", g.name)
	}
	p.mapping(value, "group "+g.name, fields{
		"namespaces": func(_, n *yaml.Node) { g.namespaces = p.texts(n, "namespaces") },
		"labels":     func(_, n *yaml.Node) { g.labels = p.labels(n, "labels") },
	})
	if len(g.namespaces) == 0 && len(g.labels) == 0 {
		p.fault(key, "group %s needs namespaces or labels", g.name)
	}
	p.policy.groups = append(p.policy.groups, g)
}

func (p *parser) thresholds(n *yaml.Node) {
	t := &p.policy.Thresholds
	p.mapping(n, "thresholds", fields{
		"failOn": func(_, n *yaml.Node) {
			if t.FailOn = n.Value; t.FailOn != "never" {
				t.FailOn = p.severity(n, `failOn ("never" aside)`).String()
			}
		},
		"minScore":    func(_, n *yaml.Node) { t.MinScore = p.percent(n, "minScore") },
		"minCoverage": func(_, n *yaml.Node) { t.MinCoverage = p.percent(n, "minCoverage") },
	})
}

func (p *parser) exemption(n *yaml.Node) {
	e := &Exemption{}
	e.Origin = fmt.Sprintf("%s:%d", p.file, n.Line)
	p.mapping(n, "an exemption", fields{
		"scope":   func(_, n *yaml.Node) { p.scope(n, &e.Scope) },
		"reason":  func(_, n *yaml.Node) { e.Reason = p.text(n, "reason") },
		"owner":   func(_, n *yaml.Node) { e.Owner = p.text(n, "owner") },
		"expires": func(_, n *yaml.Node) { e.Expires = p.day(n, "expires") },
	})
	p.policy.exemptions = append(p.policy.exemptions, e)
	if n.Kind != yaml.MappingNode {
		return
	}
	for _, needed := range []struct{ key, value string }{{"scope", e.Rule}, {"reason", e.Reason}, {"owner", e.Owner}} {
		if needed.value == "" && !hasKey(n, needed.key) {
			p.fault(n, "the exemption has no %s", needed.key)
		}
	}
}

func (p *parser) scope(n *yaml.Node, s *Scope) {
	pattern := func(to *string) func(key, value *yaml.Node) {
		return func(key, value *yaml.Node) { *to = p.text(value, key.Value) }
	}
	p.mapping(n, "scope", fields{
		"rule": func(_, n *yaml.Node) {
			if s.Rule = p.text(n, "rule"); literal(s.Rule) {
				p.ruleNamed(n, s.Rule)
			}
		},
		"namespace": pattern(&s.Namespace),
		"kind":      pattern(&s.Kind),
		"name":      pattern(&s.Name),
		"container": pattern(&s.Container),
		"labels":    func(_, n *yaml.Node) { s.Labels = p.labels(n, "labels") },
	})
	if n.Tag == "!!null" || n.Kind == yaml.MappingNode && !hasKey(n, "rule") {
		p.fault(n, "the scope has no rule; \"*\" is every one")
	}
}

// hasKey reports whether a mapping has a key.
func hasKey(n *yaml.Node, key string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
