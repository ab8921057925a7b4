package audit

import (
	"io/fs"

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
	// Check judges the subjects of the pass's cluster, by one of [EachWorkload]
	// and its like.
	Check func(*Pass)
}

// Category is a group of rules that a score is given for.
type Category struct {
	ID     string // a kebab-case slug, the name of its folder
	Title  string
	Label  string  // a heading for narrow columns, 8 letters at most
	About  string  // one paragraph for people
	Weight float64 // its part of a namespace's score, relative to the others
	Heart  bool    // always shown, also where none of its rules apply
	Rules  []*Rule // by ID
	// Examples has testdata/ID/fail.yaml and the like for each rule: what the
	// rules are tested with is what explains them. It is compiled in.
	Examples fs.FS
}
