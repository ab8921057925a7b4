package snapshots

import (
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// Past is what the recordings of a session were worth, as they were judged: figures
// alone, for an assessment holds the whole cluster. It lives on the goroutine of the
// screens and outlives them. One belongs to one source and its policy, by whose rules
// everything in it was judged.
type Past struct{ known map[version]worth }

// NewPast returns a past of which nothing is known.
func NewPast() *Past { return &Past{known: map[version]worth{}} }

// version is a recording as it was when it was read: one that was written anew is
// another one.
type version struct {
	name    string
	size    int64
	written int64 // nanoseconds since 1970
}

func versionOf(o screen.Snapshot) version { return version{o.Name, o.Size, o.Time.UnixNano()} }

// worth is what is known of a recording that was read.
type worth struct {
	cluster string   // that it is of, as it says
	judged  *figures // nil for one of another cluster, and where it failed
	failed  error
}

// figures are those of one moment. They never change.
type figures struct {
	time       time.Time
	scope      []string // the namespaces looked at, nil for all
	whole      standing
	namespaces map[string]standing
}

// standing is what a cluster or a namespace was worth at a moment.
type standing struct {
	score    float64 // 0 to 100
	scored   bool
	grade    string
	coverage float64 // percent
	counts   score.Counts
}

// measure keeps the figures of an assessment.
func measure(a *score.Assessment) *figures {
	f := &figures{
		time: a.Cluster.Time, scope: a.Cluster.Info.Scope, namespaces: make(map[string]standing, len(a.Namespaces)),
		whole: standing{score: a.Score, scored: a.Scored, grade: a.Grade, coverage: a.Coverage},
	}
	for _, n := range a.Namespaces {
		f.namespaces[n.Name] = standing{n.Score, n.Scored, n.Grade, n.Coverage, n.Counts}
		for severity, count := range n.Counts {
			f.whole.counts[severity] += count
		}
	}
	return f
}

// comparable reports whether one could see as much of two standings, so that what lies
// between them is not what could not be seen.
func (s standing) comparable(f *figures, other standing, of *figures) bool {
	const alike = 1 // percent of the checks
	apart := s.coverage - other.coverage
	return -alike < apart && apart < alike && slices.Equal(f.scope, of.scope)
}
