package feed

import (
	"context"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
)

// Connection is how a fleet is connected to a cluster.
type Connection int

// The connections, from the loosest.
const (
	Waiting    Connection = iota // nobody has asked it yet
	Connecting                   // it is being asked
	Failed                       // it does not answer, and is asked again
	Refused                      // it answers, and lets nothing be read
	Offline                      // it was followed, and does not answer any more
	Stale                        // some of it is not followed any more
	Reading                      // it is read for the first time
	Still                        // it was read, and is not followed: a recording, or one of many
	Live
)

// String returns the connection in lower case, one word.
func (b Connection) String() string {
	return [...]string{"waiting", "connecting", "failed", "refused", "offline", "stale", "reading", "read", "live"}[b]
}

// coursePoints is how many moments of a score a member has.
const coursePoints = 20

// Member is what a fleet knows of one cluster. It never changes.
type Member struct {
	Place string
	// Names are those of all places that are this cluster; it is looked at by the first.
	Names      []string
	Connection Connection
	Err        error // why it does not answer, nil if it does
	// Why says what a server that refuses everything says, "" elsewhere.
	Why string
	// Since is since when it is offline or stale, or when it was read; Next is when it is
	// asked again. They are zero for never.
	Since, Next time.Time
	// Standing is the newest that is known, nil before anything was judged. It stays
	// while the cluster does not answer.
	Standing *fleet.Standing
	// Course is the score at moments of the session; empty before there are two. Change is
	// by how much it changed, where Changed says that this is known.
	Course  []float64
	Change  float64
	Changed bool
}

// Cluster is the member for comparing.
func (m Member) Cluster() *fleet.Cluster {
	return &fleet.Cluster{Contexts: m.Names, Standing: m.Standing}
}

// follower is one member in the making.
type follower struct {
	Named
	leave context.CancelFunc // ends following it

	guard sync.Mutex
	now   state

	// What the goroutine that collects keeps.
	left     bool              // another member is the same cluster
	judged   *score.Assessment // that standing is of
	standing *fleet.Standing
}

// state is what the goroutine of a member has to say.
type state struct {
	asking bool
	err    error // why it could not be opened, or not be followed
	next   time.Time
	uid    string
	still  bool
	feed   *Feed // nil while it is not followed
	retry  func()
	last   News // of the last feed
}

func (m *follower) state() state {
	m.guard.Lock()
	defer m.guard.Unlock()
	return m.now
}

func (m *follower) change(change func(*state)) {
	m.guard.Lock()
	defer m.guard.Unlock()
	change(&m.now)
}

// news are the newest that there were.
func (s state) news() News {
	if s.feed != nil {
		return s.feed.Newest()
	}
	return s.last
}

// take remembers the newest assessment.
func (m *follower) take(s state) {
	a := s.news().Assessment
	if a == nil || a == m.judged {
		return
	}
	m.judged, m.standing = a, fleet.Of(a)
}

// uid is what is known of which cluster it is.
func (m *follower) uid(s state) string {
	if s.uid == "" && m.standing != nil {
		return m.standing.UID
	}
	return s.uid
}

// told is what there is to tell of the member.
func (m *follower) told(s state) Member {
	told := Member{Place: m.Place, Names: []string{m.Name}, Standing: m.standing, Next: s.next}
	told.Connection, told.Why, told.Since = s.connection()
	told.Err = s.err
	if s.feed != nil {
		told.Course = s.feed.Trend().Course(nil, trend.Key{}, coursePoints)
		told.Change, told.Changed = s.feed.Trend().Change(trend.Key{})
	}
	return told
}

// connection says how the member is connected, and why it is no better.
func (s state) connection() (connection Connection, why string, since time.Time) {
	news := s.news()
	view := news.Cluster
	switch {
	case s.err != nil && s.asking:
		return Connecting, "", since
	case s.err != nil:
		return Failed, "", since
	case s.feed == nil && view != nil:
		return Still, "", view.Time
	case s.asking, s.feed != nil && view == nil:
		return Connecting, "", since
	case view == nil:
		return Waiting, "", since
	case news.Ended, s.still && view.Settled() && news.Assessment != nil:
		return Still, "", view.Time
	}
	return followed(view, news.Assessment != nil)
}

// followed says how well a view is followed that may have been judged.
func followed(view *kube.Cluster, judged bool) (connection Connection, why string, since time.Time) {
	if reason, refused := view.Refused(); refused {
		return Refused, reason, since
	}
	switch heard, stale, all := view.Outage(); {
	case all:
		return Offline, "", heard
	case stale > 0:
		return Stale, "", heard
	case !view.Settled() || !judged:
		return Reading, "", since
	}
	return Live, "", since
}
