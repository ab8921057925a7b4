package policy

import (
	"regexp"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Exempted is an exemption in force as others may put it in a form of their own: a
// configuration's by its patterns, an annotation's by the object that bears it.
type Exempted struct {
	Scope
	audit.Acceptance

	// Object bears the annotation, zero for an exemption of a configuration. A
	// Namespace exempts everything in it.
	Object kube.Ref
}

// Exempted returns the exemptions from a rule that are in force at the time of a
// view: those of the configuration, and then those of annotations.
func (p *Policy) Exempted(c *kube.Cluster, rule string) []Exempted {
	var all []Exempted
	for _, e := range p.exemptionsOf(c) {
		if e.wrong != "" || e.expired(c.Time.UTC()) || !matches(e.Rule, rule) {
			continue
		}
		all = append(all, Exempted{e.Scope, e.Acceptance, e.object})
	}
	return all
}

// Regexp returns a pattern of a [Scope] as a regular expression of RE2 that matches
// the same names.
func Regexp(pattern string) string {
	if pattern == "" {
		pattern = "*"
	}
	text := regexp.QuoteMeta(pattern)
	return "^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(text) + "$"
}

// Literal reports whether a pattern of a [Scope] matches one name alone.
func Literal(pattern string) bool { return literal(pattern) }

// Matches reports whether a name matches a pattern of a [Scope].
func Matches(pattern, name string) bool { return matches(pattern, name) }
