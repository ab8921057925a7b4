package audit

import (
	"cmp"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Finding is how a rule fails, wherever that is: subjects that lack the same thing
// share one. A large cluster has half a million places and a few thousand of these.
type Finding struct {
	// Rule, Category, Severity and Fixable are filled in by [Pass.Report]; a rule may
	// give a severity of its own.
	Rule      *Rule
	Category  string // the ID of the rule's category
	Severity  Severity
	Fixable   bool   // the rule reported a fix
	Container string // the container's name, "" where it is about none
	// Path is the field at fault in the subject's object, as
	// "spec.template.spec.containers[0].securityContext.privileged". A missing
	// field is named where it should be. "" means the object as a whole.
	Path    string
	Message string // what is wrong, short, for a list
	Detail  string // the evidence, in full sentences; may be empty
	// Implied names the rule whose finding on the same subject makes this one a
	// consequence; it costs no points then. "" for a finding of its own.
	Implied string
	// Fixes is for rules to report alternatives, best first; empty where a person
	// must decide. The findings of a [Result] have none: [Fixer] has.
	Fixes []Fix
	// Placeholder is for rules that know which fields are to be set and not to what:
	// a fix whose values a person has to fill in. It must never be made as it is, so
	// its values are such that no server takes them. nil where there is none, and in
	// the findings of a [Result].
	Placeholder *Fix
}

// Placed is a finding where it was made. Other places may have the same Finding: it
// must never be changed through one of them.
type Placed struct {
	*Place
	*Finding
	// Accepted says why the finding is accepted here, nil if it is not. Rules do not
	// know of that: it is added to what they found.
	Accepted *Acceptance
}

// Place is what findings are about, and where they count.
type Place struct {
	Subject kube.Ref
	// Namespace is where the findings are scored: the subject's namespace or, for
	// a cluster-scoped subject, the namespace it gives power to; "" for the
	// cluster as a whole.
	Namespace string
}

// ID names the finding in addresses and across runs: the same rule at the same
// place has the same ID, whatever its message says.
func (f *Placed) ID() string {
	parts := []string{f.Rule.ID, f.Namespace, f.Subject.Kind, f.Subject.Name}
	if f.Container != "" || f.Path != "" {
		parts = append(parts, f.Container, f.Path)
	}
	return strings.Join(parts, "/")
}

// Statement names what the finding says about its place, also in another view: twins
// have one ID, and are told apart by their messages.
func (f *Placed) Statement() string { return f.ID() + "\x00" + f.Message }

// sameFinding reports whether two findings say the same.
func sameFinding(a, b Placed) bool {
	return *a.Place == *b.Place && (a.Finding == b.Finding || wordingOf(a.Finding) == wordingOf(b.Finding))
}

// CompareFindings orders by namespace, then worst first, then by rule and place.
func CompareFindings(a, b *Placed) int {
	return cmp.Or(
		strings.Compare(a.Namespace, b.Namespace),
		cmp.Compare(b.Severity, a.Severity),
		strings.Compare(a.Rule.ID, b.Rule.ID),
		kube.CompareRefs(a.Subject, b.Subject),
		strings.Compare(a.Container, b.Container),
		strings.Compare(a.Path, b.Path),
		strings.Compare(a.Message, b.Message),
	)
}
