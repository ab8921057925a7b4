package audit

import (
	"io/fs"
	"iter"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Rule is one thing that is checked of a cluster.
type Rule struct {
	// ID is a kebab-case slug. The rule's file and its testdata folder have the
	// same name, and the ID never changes: reports and exemptions refer to it.
	ID string
	// Title says in a few words what is wrong when the rule fails.
	Title    string
	Severity Severity
	// Rationale says why it matters: what happens to whom.
	Rationale string
	// Remediation says what to do about it.
	Remediation string
	// Controls are the controls of frameworks that ask for it, "CIS-5.2.2";
	// empty where none does.
	Controls []string
	// Since is the first version of the rule set that has the rule.
	Since string
	// Subjects are the resources of the subjects judged. Where only some of
	// them can be read, the rule is judged for those.
	Subjects []kube.Resource
	// Reads are further resources without which no verdict is possible.
	Reads []kube.Resource
	// Consults are resources that a verdict depends on where they can be read,
	// but which it can do without. What Subjects, Reads and Consults leave out, a
	// Check must not look at: a change of it does not have the rule judge again. The
	// values of a fix are excepted, which is worked out whenever it is asked for, but
	// not whether there is one.
	Consults []kube.Resource
	// Wide says that a verdict may depend on objects of other namespaces than
	// the subject's, or on other subjects than those named by Reads or Consults.
	// Such a rule is judged as a whole, and less often. All others depend on
	// their subject and on what Reads and Consults name, in its namespace or
	// outside of all. Pods are then a workload's own, status and all, and for
	// other subjects those of the namespace, without their status.
	Wide bool
	// Timed says that a verdict depends on the time of the view. It is judged
	// like that of a wide rule.
	Timed bool
	// Weight is 0 for a rule that counts what fails, as most do. A rule with a
	// weight, at most 1, measures: of a namespace as a whole it says how far
	// something goes there ([Pass.Measure]), and costs by that and by its weight,
	// whatever its severity. The weights of a category add up to 1 at most.
	Weight float64
	// Parameters are what people may decide about the rule: limits, lists of
	// what is allowed. Most rules have none.
	Parameters []Parameter
	// Check judges the subjects, one by one: [EachWorkload] and its like.
	Check Check
	// Admission has an API server ask the same of every object that is written;
	// nil where that has not been proved, or cannot be.
	Admission *Admission
}

// Whole reports whether the rule is judged as a whole: it is [Rule.Wide] or
// [Rule.Timed], or lists its subjects itself. To ask it for one subject may cost
// as much as for all.
func (r *Rule) Whole() bool { return r.Wide || r.Timed || r.Check.listing.kind == own }

// reads yields Reads and Consults.
func (r *Rule) reads() iter.Seq[kube.Resource] {
	return func(yield func(kube.Resource) bool) {
		for _, resources := range [...][]kube.Resource{r.Reads, r.Consults} {
			for _, resource := range resources {
				if !yield(resource) {
					return
				}
			}
		}
	}
}

// Category is a group of rules that a score is given for.
type Category struct {
	ID    string // a kebab-case slug, the name of its folder
	Title string
	Label string // a heading for narrow columns, 8 letters at most
	About string // one paragraph for people
	// Weight is its part of a namespace's score, relative to the others. One of
	// weight 0 is no posture: its findings cost nothing and cap nothing.
	Weight float64
	Heart  bool    // always shown, also where none of its rules apply
	Rules  []*Rule // by ID
	// Examples has testdata/ID/fail.yaml and the like for each rule: what the
	// rules are tested with is what explains them. It is compiled in.
	Examples fs.FS
}
