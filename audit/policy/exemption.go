package policy

import (
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Exemption says which findings are accepted, and why.
type Exemption struct {
	Scope
	audit.Acceptance

	// object bears the annotation; zero for an exemption of a file. Those of a
	// Namespace are for everything in it.
	object kube.Ref
	// wrong says why the exemption cannot be understood; it exempts nothing then.
	wrong string
}

// Scope is what an exemption is for. A text is a pattern, in which * stands for
// any text and ? for one byte; "" is anything.
type Scope struct {
	Rule, Namespace, Kind, Name, Container string

	Labels map[string]string // those that the object must have
}

// day is the precision in which exemptions expire.
const day = 24 * time.Hour

// expired reports whether the last day is over.
func (e *Exemption) expired(now time.Time) bool {
	return !e.Expires.IsZero() && !now.Before(e.Expires.Add(day))
}

// reaches reports whether the exemption may be for findings of a namespace.
func (e *Exemption) reaches(namespace string) bool {
	switch {
	case e.wrong != "":
		return false
	case e.object.IsZero():
		return matches(e.Namespace, namespace)
	}
	return e.object.Namespace == "" && e.object.Kind != kube.Namespaces.Kind || home(e.object) == namespace
}

// home returns the namespace that an object is in, or is.
func home(object kube.Ref) string {
	if object.Kind == kube.Namespaces.Kind && object.Group == "" {
		return object.Name
	}
	return object.Namespace
}

// covers reports whether the exemption is for a finding, in a namespace that it
// reaches.
func (e *Exemption) covers(c *kube.Cluster, f *audit.Placed) bool {
	if !matches(e.Rule, f.Rule.ID) {
		return false
	}
	if !e.object.IsZero() {
		return e.object == f.Subject || e.object == kube.Namespaces.Ref("", home(f.Subject))
	}
	if !matches(e.Kind, f.Subject.Kind) || !matches(e.Name, f.Subject.Name) || !matches(e.Container, f.Container) {
		return false
	}
	if len(e.Labels) == 0 {
		return true
	}
	if w := c.Workload(f.Subject); w != nil {
		return labelled(w.Labels, e.Labels)
	}
	o, ok := c.Find(f.Subject)
	return ok && labelled(labelsOf(o), e.Labels)
}

// matches reports whether a name matches a pattern that may be "".
func matches(pattern, name string) bool { return pattern == "" || glob(pattern, name) }

// literal reports whether a pattern matches one name alone.
func literal(pattern string) bool { return pattern != "" && !strings.ContainsAny(pattern, "*?") }
