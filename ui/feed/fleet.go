package feed

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// MostLive is how many clusters a fleet follows live: each takes the memory of its view.
// Of a larger fleet some are read at a time, and each again after a while.
const MostLive = 8

// What a fleet does with those it does not follow live.
const (
	inTurn    = 4               // are read at the same time
	turnAfter = 5 * time.Minute // a cluster is read again
)

// How long a cluster that does not answer is left alone.
const (
	retryFirst = 2 * time.Second // doubles with each failure
	retryMost  = 30 * time.Second
)

// Named is a cluster that a fleet is to follow.
type Named struct {
	Place string // by which it is opened
	Name  string
	// Address is equal for the same server and authority, "" if they are not known.
	Address string
}

// Opened is a cluster that has answered.
type Opened struct {
	Source kube.Source
	Policy score.Policy // of this source alone; nil if nothing was decided
	UID    string       // [kube.Cluster.UID], "" if it is not known
	Still  bool         // nothing happens there any more: a recording
	Retry  func()       // asks at once for what would be asked later, nil for nothing to ask
	Close  func()       // nil for nothing to end
}

// errLeft is what is wrong with a member that another one stands for.
var errLeft = errors.New("it is the same cluster as another")

// Opener opens a place. It may take its time, and ends with its context.
type Opener func(ctx context.Context, place string) (Opened, error)

// Fleet follows several clusters. Each connects, fails and comes back by itself: a
// goroutine of its own opens it, follows it with a [Feed], and opens it again if that
// ends. What the screen is told is put together in one more goroutine, at most ten times a
// second for all of them.
type Fleet struct {
	open       Opener
	categories []audit.Category
	members    []*follower
	turns      chan struct{} // a place in it lets a cluster be read; nil if all are live
	stirred    chan struct{} // something is new of a member
	changed    chan struct{} // newer members are there
	newest     atomic.Pointer[[]Member]

	guard sync.Mutex
	wake  chan struct{} // closed by Retry
}

// NewFleet returns a fleet of clusters, judged by categories. Run starts it.
func NewFleet(named []Named, categories []audit.Category, open Opener) *Fleet {
	f := &Fleet{open: open, categories: categories, stirred: make(chan struct{}, 1), changed: make(chan struct{}, 1), wake: make(chan struct{})}
	for _, n := range named {
		f.members = append(f.members, &follower{Named: n})
	}
	if len(named) > MostLive {
		f.turns = make(chan struct{}, inTurn)
	}
	f.collect()
	return f
}

// Run follows the clusters until the context ends, and returns when every goroutine has
// ended. If one of them panics, so does it.
func (f *Fleet) Run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	running := workgroup.Group{Stop: stop}
	defer running.Wait()
	defer stop()
	for _, m := range f.members {
		own, leave := context.WithCancel(ctx)
		m.leave = leave
		running.Go(func() {
			defer leave()
			f.follow(own, m)
		})
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.stirred:
		}
		f.collect()
		signal(f.changed)
		if !pause(ctx, interval) {
			return
		}
	}
}

// Members returns the clusters as they are, without waiting, in the order in which they
// were named. The caller must not change them.
func (f *Fleet) Members() []Member { return *f.newest.Load() }

// Next waits for members that were not yet returned by Next; false if the context ended
// before. Only one goroutine at a time may wait.
func (f *Fleet) Next(ctx context.Context) ([]Member, bool) {
	select {
	case <-ctx.Done():
		return nil, false
	case <-f.changed:
		return f.Members(), true
	}
}

// Live returns the feed of a place that is followed now, for who wants to look at it as
// well; nil if there is none, or if it may end at any time.
func (f *Fleet) Live(place string) *Feed {
	if f.turns != nil {
		return nil
	}
	for _, m := range f.members {
		if m.Place == place {
			return m.state().feed
		}
	}
	return nil
}

// Retry asks at once those that would be asked later, and the others for what they did not
// let be read.
func (f *Fleet) Retry() {
	for _, m := range f.members {
		if retry := m.state().retry; retry != nil {
			retry()
		}
	}
	f.guard.Lock()
	defer f.guard.Unlock()
	close(f.wake)
	f.wake = make(chan struct{})
}

// woken returns a channel that the next Retry closes.
func (f *Fleet) woken() <-chan struct{} {
	f.guard.Lock()
	defer f.guard.Unlock()
	return f.wake
}

// follow opens a cluster and follows it, again and again.
func (f *Fleet) follow(ctx context.Context, m *follower) {
	wait := retryFirst
	for ctx.Err() == nil {
		woken := f.woken()
		rest := f.once(ctx, m)
		if ctx.Err() != nil {
			return
		}
		if m.state().err != nil {
			rest, wait = wait, min(2*wait, retryMost)
		} else {
			wait = retryFirst
		}
		m.change(func(s *state) { s.next = time.Now().Add(rest) })
		signal(f.stirred)
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-woken:
		}
		timer.Stop()
	}
}

// once opens a cluster and follows it until its source ends or, in a large fleet, until it
// is read and judged. It returns how long to leave it alone.
func (f *Fleet) once(ctx context.Context, m *follower) time.Duration {
	if f.turns != nil {
		select {
		case <-ctx.Done():
			return 0
		case f.turns <- struct{}{}:
			defer func() { <-f.turns }()
		}
	}
	m.change(func(s *state) { s.asking, s.next = true, time.Time{} })
	signal(f.stirred)
	opened, err := f.open(ctx, m.Place)
	if err != nil {
		m.change(func(s *state) { s.asking, s.err = false, err })
		return 0
	}
	if opened.Close != nil {
		defer opened.Close()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	feed := NewUnder(opened.Policy, opened.Source, f.categories)
	feed.told = func(n News) {
		signal(f.stirred)
		if a := n.Assessment; f.turns != nil && a != nil && a.Complete && a.Cluster.Settled() {
			stop()
		}
	}
	m.change(func(s *state) {
		s.asking, s.err, s.feed, s.uid, s.still, s.retry = false, nil, feed, opened.UID, opened.Still, opened.Retry
	})
	signal(f.stirred)
	feed.Run(ctx)
	news := feed.Newest()
	m.change(func(s *state) { s.feed, s.retry, s.last, s.err = nil, nil, news, news.Err })
	return turnAfter
}

// collect puts together what there is to tell of the clusters: one for each that is not
// the same as another.
func (f *Fleet) collect() {
	states := make([]state, len(f.members))
	contacts := make([]fleet.Contact, len(f.members))
	for i, m := range f.members {
		states[i] = m.state()
		m.take(states[i])
		contacts[i] = fleet.Contact{Context: m.Name, UID: m.uid(states[i]), Address: m.Address, Err: states[i].err}
		if m.left {
			contacts[i].Err = errLeft
		}
	}
	members := []Member{}
	for _, same := range fleet.Join(contacts) {
		lead := same[0]
		if i := slices.IndexFunc(same, func(i int) bool { return !f.members[i].left }); i >= 0 {
			lead = same[i]
		}
		told := f.members[lead].told(states[lead])
		for _, i := range same {
			if i == lead {
				continue
			}
			m := f.members[i]
			told.Names = append(told.Names, m.Name)
			if states[lead].feed != nil && !m.left { // one cluster is followed once
				m.left = true
				m.leave()
			}
		}
		members = append(members, told)
	}
	f.newest.Store(&members)
}
