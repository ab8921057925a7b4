package upgrade

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/audit/rules/deprecation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Plan is what stands in the way of a cluster's next minor release.
type Plan struct {
	Version string // the server's, as it names itself; "" if it is not known
	Target  string // the next minor release, "1.38"; "" if that is not known
	Stages  []Stage
}

// Stage is what belongs to one step of an upgrade.
type Stage struct {
	ID       string // a kebab-case slug that never changes
	Title    string
	Concerns []Concern
}

// Concern is one thing that an upgrade trips over.
type Concern struct {
	ID    string // a kebab-case slug that never changes
	Title string
	About string // what happens otherwise, in a sentence
	// Advice says what to do.
	Advice string
	Rules  []Judge
	// Versioned says that without the server's version its rules cannot judge.
	Versioned bool
	// Detailed says that its findings say little without their details.
	Detailed bool
	// Unseen returns what its rules do not look at, "" for nothing.
	Unseen func(*kube.Cluster, deprecation.Leap) string
	// Notice returns what is worth knowing and no rule's to judge, nil for nothing.
	Notice func(*kube.Cluster) []string

	State State
	// Findings are what is in the way and then what is worth knowing, the worst first.
	Findings []*audit.Placed
	Notes    []string // what else is worth knowing
	// Why says why more may be in the way than was found; "" if all was read that the
	// rules read.
	Why string
}

// Judge is a rule of a concern.
type Judge struct {
	Rule string // its ID
	// Blocks is the least severity at which its findings have to be gone before the
	// upgrade; 0 if none has to.
	Blocks audit.Severity
}

// State is what can be said of a concern.
type State int

// The states. The zero State claims nothing.
const (
	CannotTell State = iota // nothing was found, and not everything was read
	Clear                   // nothing was found, and everything was read
	Worth                   // something is worth knowing
	InTheWay                // something has to be done first
)

// String returns the state in the words of reports.
func (s State) String() string {
	return [...]string{"cannot tell", "nothing found", "worth knowing", "in the way"}[s]
}

// ID returns the state as a slug, as programs read it.
func (s State) ID() string {
	return [...]string{"unknown", "nothing-found", "worth-knowing", "in-the-way"}[s]
}

// Read says what stands in the way of the next minor release of the cluster that was
// judged.
func Read(r *audit.Result) *Plan {
	leap := deprecation.LeapOf(r.Cluster)
	p := &Plan{Version: r.Cluster.Info.Version, Target: leap.To, Stages: stages()}
	said := gather(r)
	for i := range p.Stages {
		for j := range p.Stages[i].Concerns {
			p.Stages[i].Concerns[j].settle(r.Cluster, leap, said)
		}
	}
	return p
}

// verdict is what a rule said of the whole cluster.
type verdict struct {
	rule     *audit.Rule // nil if it is off
	findings []*audit.Placed
	blind    string // why it could not judge everything; "" if it could
}

// gather goes once through what rules said.
func gather(r *audit.Result) map[string]*verdict {
	said := map[string]*verdict{}
	for _, category := range r.Categories {
		for _, rule := range category.Rules {
			said[rule.ID] = &verdict{rule: rule}
		}
	}
	for _, n := range r.Namespaces {
		for _, t := range n.Tallies {
			if v := said[t.Rule.ID]; v != nil && (t.Coverage < 1 || t.Unknown > 0) {
				v.blind = cmp.Or(v.blind, t.Why, "not everything could be judged")
			}
		}
		for _, f := range n.Findings {
			if v := said[f.Rule.ID]; v != nil && f.Open() {
				v.findings = append(v.findings, f)
			}
		}
	}
	return said
}

// settle decides on the state.
func (c *Concern) settle(view *kube.Cluster, leap deprecation.Leap, said map[string]*verdict) {
	switch known := leap.Beyond(); {
	case !c.Versioned:
	case leap == (deprecation.Leap{}):
		c.Why = "the version of the server is not known"
	case known != "":
		c.Why = "releases after " + known + " are not known here: use a newer seaworthy"
	}
	var reads []kube.Resource
	for _, judge := range c.Rules {
		v := said[judge.Rule]
		if v == nil {
			c.Why = cmp.Or(c.Why, "the rule "+judge.Rule+" is off")
			continue
		}
		c.Findings = append(c.Findings, v.findings...)
		c.Why = cmp.Or(c.Why, v.blind)
		reads = append(append(reads, v.rule.Subjects...), v.rule.Reads...)
	}
	c.Why = cmp.Or(platform.Unseen(view, reads), c.Why)
	if c.Unseen != nil && c.Why == "" {
		c.Why = c.Unseen(view, leap)
	}
	slices.SortStableFunc(c.Findings, func(a, b *audit.Placed) int {
		return cmp.Or(order(c.Blocked(a), c.Blocked(b)), cmp.Compare(b.Severity, a.Severity), kube.CompareRefs(a.Subject, b.Subject))
	})
	if c.Notice != nil {
		c.Notes = c.Notice(view)
	}
	switch {
	case len(c.Findings) > 0 && c.Blocked(c.Findings[0]):
		c.State = InTheWay
	case len(c.Findings) > 0 || len(c.Notes) > 0:
		c.State = Worth
	case c.Why == "":
		c.State = Clear
	}
}

// order puts what is true first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Blocked reports whether a finding of the concern has to be gone before the upgrade.
func (c *Concern) Blocked(f *audit.Placed) bool {
	return slices.ContainsFunc(c.Rules, func(j Judge) bool {
		return j.Rule == f.Rule.ID && j.Blocks > 0 && f.Severity >= j.Blocks
	})
}

// InTheWay returns how many findings have to be gone before the upgrade.
func (c *Concern) InTheWay() int {
	n := 0
	for _, f := range c.Findings {
		if c.Blocked(f) {
			n++
		}
	}
	return n
}

// Told is a finding of the concern in a line; of an API that goes away with who wrote it.
func (c *Concern) Told(f *audit.Placed) string {
	text := f.Subject.String() + ": " + f.Message
	if c.Detailed && f.Detail != "" {
		text += ". " + f.Detail
	}
	if c.State == InTheWay && !c.Blocked(f) {
		text += " (worth knowing)"
	}
	return text
}

// Summary is the plan in a line.
func (p *Plan) Summary() string {
	blocking, worth, untold := 0, 0, 0
	for _, s := range p.Stages {
		for i := range s.Concerns {
			c := &s.Concerns[i]
			blocking += c.InTheWay()
			worth += len(c.Findings) - c.InTheWay()
			if c.Why != "" {
				untold++
			}
		}
	}
	parts := []string{fmt.Sprintf("%d in the way", blocking), fmt.Sprintf("%d worth knowing", worth)}
	if untold > 0 {
		parts = append(parts, fmt.Sprintf("%d unclear", untold))
	}
	return p.Leap() + ": " + strings.Join(parts, ", ")
}

// Leap says from where the upgrade goes to where.
func (p *Plan) Leap() string {
	switch {
	case p.Target == "":
		return "from a version that the server does not say"
	case p.Version == "":
		return "to " + p.Target + ", the next release that is known"
	}
	return "from " + p.Version + " to " + p.Target
}
