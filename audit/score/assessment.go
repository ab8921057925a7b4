package score

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Group tells namespaces apart that are scored apart.
type Group string

// The groups of namespaces. Policies may have others, which are scored as
// applications are.
const (
	Application Group = "application"
	Platform    Group = "platform"
	Wide        Group = "cluster" // the row [ClusterWide]
)

// Assessment is a result with its scores. Like the view that it judges, it
// never changes. A namespace about which nothing changed since the assessment
// before is the same [Namespace].
type Assessment struct {
	*audit.Result
	Score    float64 // of the cluster, 0 to 100, one decimal; 0 if nothing is scored
	Scored   bool    // false if no namespace has subjects
	Grade    string  // "A" to "F", with "?" below 80 % coverage; "" if not scored
	Raw      float64 // what Score would be if nothing were accepted
	Accepted int     // findings that are accepted: they cost nothing
	Coverage float64 // percent of the checks that could be made, 0 to 100
	// Categories are the means of the cluster's namespaces, in the order in
	// which the categories were given.
	Categories []CategoryScore
	// Platform is the mean of the platform namespaces, not part of Score; nil
	// if none is scored.
	Platform   *float64
	Namespaces []*Namespace // worst first; those not scored last
}

// Namespace is the score of one namespace.
type Namespace struct {
	Name       string
	Group      Group
	Subjects   int     // what is deployed or granted there; 0 means not scored
	Score      float64 // 0 to 100, one decimal; meaningless unless Scored
	Scored     bool
	Grade      string
	Raw        float64        // what Score would be if nothing were accepted
	Accepted   int            // findings that are accepted
	Coverage   float64        // percent, 0 to 100
	Capped     audit.Severity // the open severity that holds the score down, 0 if none
	Uncapped   float64        // what the score would be without the cap
	Categories []CategoryScore
	Counts     Counts     // findings that are open
	Findings   []*Finding // in the order of the result

	ledger  *ledger
	covered mean    // of the coverage of its checks, 0 to 1
	weight  float64 // in the mean of the cluster: the logarithm of its subjects
}

// Counts is how many findings there are of each severity, which is the index.
type Counts [audit.Critical + 1]int

// CategoryScore is the score of one category.
type CategoryScore struct {
	ID     string
	Title  string
	Score  float64 // 2 to 100, one decimal
	Points float64 // points of the namespace's or cluster's score lost here
	Scored bool    // false where the category applies to nothing
	Heart  bool
	Counts Counts
}

// Finding is a finding with its price.
type Finding struct {
	*audit.Placed
	// Points is what the finding costs its namespace, in hundredths: the points
	// of all its findings add up to 100 minus the score. 0 for what is implied,
	// accepted or only informs, and in a namespace that is not scored.
	Points float64

	namespace *Namespace
}

// Home returns the namespace in which the finding is scored.
func (f *Finding) Home() *Namespace { return f.namespace }

// Gain is how many points the namespace would gain if this finding were gone,
// by scoring it again. It may be 0 although Points is not: another finding
// fails the same check for the same subject, or a cap stays.
func (f *Finding) Gain() float64 {
	n := f.namespace
	if n.Scored && n.ledger.lonely(f) {
		return n.ledger.gainOf(checkOf(f.Placed), n.gainBy)
	}
	if !n.Scored {
		return 0
	}
	return n.gainBy(n.ledger.withoutOne(f))
}

// GainOfRule is how many points the namespace would gain if the rule failed
// for nothing in it.
func (n *Namespace) GainOfRule(rule *audit.Rule) float64 {
	return n.GainWithout(func(f *Finding) bool { return f.Rule == rule })
}

// GainOfSubject is how many points the namespace would gain if the subject had
// no findings.
func (n *Namespace) GainOfSubject(subject kube.Ref) float64 {
	return n.gain([]kube.Ref{subject}, func(f *Finding) bool { return f.Subject == subject })
}

// GainWithout is how many points the namespace would gain if none of the
// findings for which gone is true were there.
func (n *Namespace) GainWithout(gone func(*Finding) bool) float64 {
	var subjects []kube.Ref
	seen := map[kube.Ref]bool{}
	for _, f := range n.Findings {
		if gone(f) && !seen[f.Subject] {
			seen[f.Subject] = true
			subjects = append(subjects, f.Subject)
		}
	}
	return n.gain(subjects, gone)
}

func (n *Namespace) gain(subjects []kube.Ref, gone func(*Finding) bool) float64 {
	if !n.Scored {
		return 0
	}
	return n.gainBy(n.ledger.without(subjects, gone))
}

// gainBy is the gain of other numbers of failing subjects.
func (n *Namespace) gainBy(delta map[check]int) float64 {
	return math.Round(100*(round(n.ledger.evaluate(delta).score)-n.Score)) / 100
}

func compareNamespaces(a, b *Namespace) int {
	if a.Scored != b.Scored {
		if a.Scored {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Score, b.Score), strings.Compare(a.Name, b.Name))
}

// mean is a weighted mean.
type mean struct{ sum, weight float64 }

func (m *mean) add(x, weight float64) { m.sum, m.weight = m.sum+x*weight, m.weight+weight }

func (m *mean) value() float64 {
	if m.weight == 0 {
		return 0
	}
	return m.sum / m.weight
}

// Namespace returns the scores of a namespace, [ClusterWide] among them; nil if nothing
// is said of it.
func (a *Assessment) Namespace(name string) *Namespace {
	i := slices.IndexFunc(a.Namespaces, func(n *Namespace) bool { return n.Name == name })
	if i < 0 {
		return nil
	}
	return a.Namespaces[i]
}

// Finding returns the finding of an ID ([audit.Finding.ID]), nil if there is
// none (any more).
func (a *Assessment) Finding(id string) *Finding {
	for _, n := range a.Namespaces {
		for _, f := range n.Findings {
			if strings.HasPrefix(id, f.Rule.ID) && f.ID() == id {
				return f
			}
		}
	}
	return nil
}
