package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Grouping is a group of namespaces, for those who list them.
type Grouping struct {
	Name       string            `json:"name"`
	Namespaces []string          `json:"namespaces,omitempty"` // patterns of names
	Labels     map[string]string `json:"labels,omitempty"`
}

// String names what is in the group.
func (g Grouping) String() string {
	parts := slices.Clone(g.Namespaces)
	if len(g.Labels) > 0 {
		parts = append(parts, "labels "+writeLabels(g.Labels))
	}
	return strings.Join(parts, ", ")
}

// Groups returns the groups in the order in which they count.
func (p *Policy) Groups() []Grouping {
	groups := make([]Grouping, len(p.groups))
	for i, g := range p.groups {
		groups[i] = Grouping{g.name, g.namespaces, g.labels}
	}
	return groups
}

// Exemptions returns the exemptions of the file, in its order.
func (p *Policy) Exemptions() []Exemption {
	list := make([]Exemption, len(p.exemptions))
	for i, e := range p.exemptions {
		list[i] = *e
	}
	return list
}

// Changed returns the IDs of the rules of which more is decided than whether the
// profile picks them.
func (p *Policy) Changed(categories []audit.Category) []string {
	var ids []string
	for _, c := range categories {
		for _, r := range c.Rules {
			s := p.rules[r.ID]
			if p.Enabled(c.ID, r) != p.picks.has(c.ID, r) || s.severity != 0 && s.severity != r.Severity || s.parameters != nil {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

// String tells the scope in a few words.
func (s Scope) String() string {
	text := []string{s.Rule}
	for _, part := range []struct{ what, pattern string }{
		{"namespace", s.Namespace},
		{"kind", s.Kind},
		{"name", s.Name},
		{"container", s.Container},
		{"labels", writeLabels(s.Labels)},
	} {
		if part.pattern != "" {
			text = append(text, part.what, part.pattern)
		}
	}
	return strings.Join(text, " ")
}

func writeLabels(labels map[string]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, fmt.Sprintf("%s=%s", key, labels[key]))
	}
	return strings.Join(parts, ",")
}
