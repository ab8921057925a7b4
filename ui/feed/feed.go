// Package feed keeps the newest assessment of a source at hand.
//
// # Design
//
// A source publishes views when it likes; judging one takes as long as it
// takes; a screen wants the newest result and must wait for neither. So the
// source's goroutine only puts its newest view down and returns, a second
// goroutine judges whatever view is newest, and readers get the newest
// assessment from an atomic pointer. Views that were overtaken are never
// judged. A feed tells of scores at most ten times a second, and as often of what is
// broken.
//
// While the cluster is read for the first time every view is of another part of
// it, and its scores mean little. Then judging takes no more than about a tenth of
// the time: a small cluster is judged at once, a large one now and then, and in
// between the news are how far the reading is.
//
// What was judged is recorded before it is told of, so that whoever is told finds how
// the scores went up to there (package trend).
//
// What is broken is worked out in a third goroutine (triage.go), of the same newest
// view: it waits for no score, and no score for it. Where the source can go back or leave
// out views, those on the way are gone through again, so that what is broken at a moment
// is the same however one came to it.
//
// It knows nothing of screens, and starts no goroutine outside of [Feed.Run]. Whoever
// tells of a cluster as it changes reads a feed, the server of cmd as well: it stands here
// because audit has no clock and kube no rules.
package feed

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
)

// interval is the shortest time between two assessments.
const interval = 100 * time.Millisecond

// rest is how many times as long as judging took an unsettled view is not judged
// again.
const rest = 9

// debounce is the shortest time between two judgements by the rules that look at
// the whole cluster.
const debounce = time.Second

// News is the newest state of a feed.
type News struct {
	// Cluster is the newest view, nil before the first. While the first read
	// goes on it may be newer than the one that was judged.
	Cluster *kube.Cluster
	// Assessment is the newest there is, nil before the first.
	Assessment *score.Assessment
	// Triage is what is broken, nil while too little was read to tell. It may be of
	// another view than the others.
	Triage *briefing.Report
	// Ended reports that the source will publish nothing more.
	Ended bool
	// Err is why it ended, nil if it was exhausted.
	Err error
}

// view is a view of the source.
type view struct {
	cluster  *kube.Cluster
	received time.Time
}

// Feed follows one source.
type Feed struct {
	source   kube.Source
	meter    *meter
	assessor *score.Assessor // of the goroutine that judges
	view     atomic.Pointer[view]
	news     atomic.Pointer[News]
	viewed   chan struct{} // a newer view is there
	seen     chan struct{} // likewise, for triage
	changed  chan struct{} // newer news are there
	views    atomic.Uint64
	trend    trend.Log
	telling  sync.Mutex // held while the news are changed

	whole      time.Time  // rules about the whole cluster are judged from then on
	guard      sync.Mutex // of the statistics
	statistics Statistics
}

// New returns a feed of a source, judged by categories. Run starts it.
func New(source kube.Source, categories []audit.Category) *Feed {
	return NewUnder(nil, source, categories)
}

// NewUnder returns a feed of a source, judged by categories under a policy, which
// no other feed may have. It may be nil.
func NewUnder(policy score.Policy, source kube.Source, categories []audit.Category) *Feed {
	meter := newMeter()
	f := &Feed{
		source: source, meter: meter, assessor: score.NewAssessor(categories, meter).Under(policy),
		viewed: make(chan struct{}, 1), seen: make(chan struct{}, 1), changed: make(chan struct{}, 1),
	}
	f.news.Store(&News{})
	return f
}

// Run follows the source until the context ends, and returns when every
// goroutine of it has ended. If one of them panics, so does it.
func (f *Feed) Run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	watched := make(chan error, 1)
	running := workgroup.Group{Stop: stop}
	running.Go(func() {
		watched <- f.source.Watch(ctx, func(c *kube.Cluster) {
			f.view.Store(&view{c, time.Now()})
			f.views.Add(1)
			signal(f.viewed)
			signal(f.seen)
		})
	})
	ended, triaged := make(chan struct{}), make(chan struct{})
	running.Go(func() {
		defer close(triaged)
		f.respond(ctx, ended)
	})
	defer running.Wait()
	defer stop()
	var rested time.Time           // an unsettled view is judged from then on
	due := time.NewTimer(interval) // for a view that was left and is not followed by another
	due.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-watched:
			close(ended)
			<-triaged
			f.end(ctx, err)
			return
		case <-due.C:
		case <-f.viewed:
		}
		if wait := time.Until(rested); wait > 0 && !f.view.Load().cluster.Settled() {
			f.progress()
			due.Reset(wait)
		} else {
			due.Stop()
			began := time.Now()
			if !f.judge(time.Until(f.whole) <= 0 || f.settles()) {
				due.Reset(time.Until(f.whole))
			}
			rested = time.Now().Add(rest * time.Since(began))
		}
		if !pause(ctx, interval) {
			return
		}
	}
}

// Trend returns how the scores went so far. It is there before the feed runs.
func (f *Feed) Trend() *trend.Log { return &f.trend }

// Newest returns the newest news without waiting.
func (f *Feed) Newest() News { return *f.news.Load() }

// Next waits for news that were not yet returned by Next; false if the context
// ended before. Only one goroutine at a time may wait.
func (f *Feed) Next(ctx context.Context) (News, bool) {
	select {
	case <-ctx.Done():
		return News{}, false
	case <-f.changed:
		return f.Newest(), true
	}
}

// progress tells of the newest view without judging it.
func (f *Feed) progress() {
	f.tell(func(n *News) { n.Cluster = f.view.Load().cluster })
}

// settles reports whether the newest view is the first in which all was read: every rule
// judges it, however lately all of them judged a part of the cluster.
func (f *Feed) settles() bool {
	last := f.Newest().Assessment
	return last != nil && !last.Cluster.Settled() && f.view.Load().cluster.Settled()
}

// judge judges the newest view, by all rules or by those that look at one
// namespace at a time. It reports whether the others have nothing left to judge.
func (f *Feed) judge(whole bool) (complete bool) {
	newest := f.view.Load()
	if last := f.Newest().Assessment; last != nil && last.Cluster == newest.cluster && last.Complete {
		return true
	}
	began, assess := time.Now(), f.assessor.Glance
	if whole {
		assess = f.assessor.Assess
	}
	assessment := assess(newest.cluster)
	if whole {
		f.whole = time.Now().Add(max(debounce, rest*time.Since(began)))
	}
	f.record(began, newest.received)
	f.trend.Record(assessment)
	f.tell(func(n *News) { n.Cluster, n.Assessment = newest.cluster, assessment })
	return assessment.Complete
}

// tell changes the news, and tells of it.
func (f *Feed) tell(change func(*News)) {
	f.keep(change)
	signal(f.changed)
}

// keep changes the news for whoever looks next.
func (f *Feed) keep(change func(*News)) {
	f.telling.Lock()
	defer f.telling.Unlock()
	news := f.Newest()
	change(&news)
	f.news.Store(&news)
}

// end judges what is left and says that nothing more will come.
func (f *Feed) end(ctx context.Context, err error) {
	if f.view.Load() != nil {
		f.judge(true)
	}
	if ctx.Err() != nil {
		return
	}
	f.tell(func(n *News) { n.Ended, n.Err = true, err })
}

// signal leaves a note unless one is there already.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// pause waits, and reports false if the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
