package compare

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Kind says what became of a finding.
type Kind uint8

// The kinds of changes, those that ask for something first.
const (
	New      Kind = iota + 1 // the object was there, and nothing was found
	Came                     // found in an object or a namespace that was not there
	Worse                    // more severe than before
	Reopened                 // was accepted, and counts again
	Revealed                 // found where nothing could be seen before
	Moved                    // the same, of an object that is called or placed otherwise
	Unknown                  // cannot be seen any more: neither there nor fixed
	Accepted                 // counted before, and is accepted
	Better                   // less severe than before
	Gone                     // its object or its namespace is not there any more
	Fixed                    // judged again, and not found
)

var kindNames = [...]string{"", "new", "came", "worse", "reopened", "revealed", "moved", "unknown", "accepted", "better", "gone", "fixed"}

// Kinds returns every kind, in order.
func Kinds() []Kind {
	return []Kind{New, Came, Worse, Reopened, Revealed, Moved, Unknown, Accepted, Better, Gone, Fixed}
}

// String returns the name of the kind, one word in lower case; "" for none.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// Change is what became of one finding.
type Change struct {
	Kind Kind
	// Before and After are the finding on either side; nil where it is not. One of
	// them is there.
	Before, After *score.Finding
	// Why says what is gone, what came, or what cannot be seen; "" where the kind
	// says it all.
	Why string
}

// Finding returns the finding as it is now or, where it is not found any more, as it
// was.
func (c *Change) Finding() *score.Finding {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// Points is what the change does to the score of its namespace, in points as findings
// cost them: less than 0 for what is new.
func (c *Change) Points() float64 {
	points := 0.0
	if c.Before != nil {
		points += c.Before.Points
	}
	if c.After != nil {
		points -= c.After.Points
	}
	return points
}

// Severity is the graver one of the two sides.
func (c *Change) Severity() audit.Severity {
	worst := audit.Severity(0)
	for _, f := range [...]*score.Finding{c.Before, c.After} {
		if f != nil {
			worst = max(worst, f.Severity)
		}
	}
	return worst
}

// Counts is how many changes there are of each kind, which is the index.
type Counts [Fixed + 1]int

// Total is how many there are of all kinds.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// Comparison is what two assessments have in common, and what not. It never changes.
type Comparison struct {
	Before, After *score.Assessment
	// Apart says why the two are not comparable, in sentences without a full stop;
	// empty if they are.
	Apart []string
	// Changes stand by kind, then worst first, then by place.
	Changes []Change
	Counts  Counts
	Same    int // findings that are on both sides as they were
	// Namespaces are those that differ in score or have changes, what fell most first.
	Namespaces []Namespace
	Categories []Category // in the order of the assessments
}

// Namespace is what became of one namespace.
type Namespace struct {
	Name          string
	Before, After *score.Namespace // nil where it is not there
	Counts        Counts
}

// Delta is by how much the score differs, false where one side has none.
func (n *Namespace) Delta() (float64, bool) {
	if n.Before == nil || n.After == nil || !n.Before.Scored || !n.After.Scored {
		return 0, false
	}
	return n.After.Score - n.Before.Score, true
}

// Category is what became of one category in the cluster.
type Category struct {
	ID, Title     string
	Before, After score.CategoryScore // the zero value where it is not there
	Counts        Counts
}

// Delta is by how much the score differs, false where one side has none.
func (c *Category) Delta() (float64, bool) {
	return c.After.Score - c.Before.Score, c.Before.Scored && c.After.Scored
}

// Delta is by how much the score of the cluster differs, false where one side has none.
func (c *Comparison) Delta() (float64, bool) {
	return c.After.Score - c.Before.Score, c.Before.Scored && c.After.Scored
}
