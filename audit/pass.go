package audit

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Pass is one rule's look at one cluster.
type Pass struct {
	Cluster *kube.Cluster
	Rule    *Rule

	category string
	findings []Finding
	tallies  map[string]*Tally // by namespace

	subject  Subject
	failed   bool
	verdict  verdict
	whyBlind string
}

// Subject is what a verdict is about, and where the verdict counts.
type Subject struct {
	Ref       kube.Ref
	Namespace string
}

type verdict int

const (
	judged verdict = iota
	notApplicable
	unknown
)

// Tally counts what became of one rule in one namespace.
type Tally struct {
	Rule      *Rule
	Category  string
	Namespace string
	// Applicable is the number of subjects judged; Failing of them have a
	// finding that is not implied by another rule's.
	Applicable, Failing int
	// Unknown is the number of subjects for which no verdict was possible.
	Unknown int
	// Coverage is the share of the rule that could be judged, 0 to 1: less
	// where a resource it reads is blind or a subject is unknown.
	Coverage float64
	// Why says what was blind; "" at full coverage.
	Why string
}

// Report records a finding about the subject being judged. The rule, category,
// namespace and subject are filled in, and the severity if it has none.
func (p *Pass) Report(f Finding) {
	f.Rule, f.Category, f.Subject, f.Namespace = p.Rule, p.category, p.subject.Ref, p.subject.Namespace
	if f.Severity == 0 {
		f.Severity = p.Rule.Severity
	}
	if f.Implied == "" {
		p.failed = true
	}
	p.findings = append(p.findings, f)
}

// NotApplicable says that the rule has nothing to say of the subject being
// judged, which then counts neither as a pass nor as a failure.
func (p *Pass) NotApplicable() { p.verdict = notApplicable }

// Unknown says that no verdict on the subject is possible, and why.
func (p *Pass) Unknown(why string) { p.verdict, p.whyBlind = unknown, why }

// Each returns a Check that judges each subject that list yields. List says of
// every subject where it counts; what it leaves out is not applicable.
func Each[S any](list func(*kube.Cluster) iter.Seq2[Subject, S], judge func(*Pass, S)) func(*Pass) {
	return func(p *Pass) {
		for subject, s := range list(p.Cluster) {
			t := p.tally(subject.Namespace)
			if t.Coverage == 0 {
				t.Unknown++
				continue
			}
			p.subject, p.failed, p.verdict = subject, false, judged
			judge(p, s)
			switch {
			case p.failed:
				t.Applicable++
				t.Failing++
			case p.verdict == judged:
				t.Applicable++
			case p.verdict == unknown:
				t.Unknown++
				t.Why = p.whyBlind
			}
		}
	}
}

// EachWorkload returns a Check that judges every workload with a pod template.
func EachWorkload(judge func(*Pass, *kube.Workload)) func(*Pass) {
	return Each(func(c *kube.Cluster) iter.Seq2[Subject, *kube.Workload] {
		return func(yield func(Subject, *kube.Workload) bool) {
			for _, w := range c.Workloads() {
				if !yield(Subject{w.Ref, w.Ref.Namespace}, w) {
					return
				}
			}
		}
	}, judge)
}

// EachContainer returns a Check that judges every workload, container by
// container; a workload of which no container was judged is not applicable.
// Judge returns false for a container the rule does not apply to.
func EachContainer(judge func(*Pass, *kube.Workload, kube.Container) bool) func(*Pass) {
	return EachWorkload(func(p *Pass, w *kube.Workload) {
		applies := false
		for c := range w.Containers() {
			applies = judge(p, w, c) || applies
		}
		if !applies {
			p.NotApplicable()
		}
	})
}

// EachObject returns a Check that judges every object of one table of the view:
//
//	EachObject(kube.Services, func(c *kube.Cluster) kube.Table[*corev1.Service] { return c.Services }, …)
func EachObject[T kube.Object](r kube.Resource, table func(*kube.Cluster) kube.Table[T], judge func(*Pass, T)) func(*Pass) {
	return Each(func(c *kube.Cluster) iter.Seq2[Subject, T] {
		return func(yield func(Subject, T) bool) {
			for o := range table(c).All() {
				if !yield(Subject{r.Ref(o.GetNamespace(), o.GetName()), o.GetNamespace()}, o) {
					return
				}
			}
		}
	}, judge)
}

// EachNamespace returns a Check that judges every namespace of the view, also
// those of which only the name is known. A Namespace is scored with what it
// contains.
func EachNamespace(judge func(*Pass, string)) func(*Pass) {
	return Each(func(c *kube.Cluster) iter.Seq2[Subject, string] {
		return func(yield func(Subject, string) bool) {
			for _, name := range c.NamespaceNames() {
				if !yield(Subject{kube.Namespaces.Ref("", name), name}, name) {
					return
				}
			}
		}
	}, judge)
}
