package live

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

const (
	// beat is the least time between two views.
	beat = 100 * time.Millisecond
	// share is how many times longer than building a view takes the next one
	// waits: a view of 150,000 pods is not built ten times a second.
	share = 5
	// parallel is how many feeds may read their first list at the same time.
	parallel = 12
)

// watching is one run of [Source.Watch].
type watching struct {
	ctx     context.Context // ends with the Watch: feeds start others that outlive them
	source  *Source
	builder *kube.Builder
	slots   chan struct{} // held while a first list is read
	changed chan struct{} // has a value when there is something to publish
	running workgroup.Group

	mu    sync.Mutex
	feeds map[feedKey]*feed

	permissions permissions
	measured    *measuring
	newest      time.Time    // the time of the newest view, by the server's clock
	told        atomic.Int64 // the offset of the server's clock in it, in nanoseconds
}

type feedKey struct {
	resource  kube.Resource
	namespace string
}

// Watch follows the cluster until ctx ends, and returns the context's error.
// The first view comes at once and shows that nothing was read yet. Publish is
// called by one goroutine; what it takes delays the next view and nothing else.
//
// Another view comes only when something changed: an object, the state of a resource,
// or by a second the server's clock beside this computer's. In a cluster in which nothing
// happens that is once in 20 seconds where Leases can be read, since one of them is always
// renewed, once in 15 where there are metrics, and else never. [kube.Cluster.Now] says
// what time it has become meanwhile.
func (s *Source) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	ctx, stop := context.WithCancel(klog.NewContext(ctx, logger(s.log)))
	w := newWatching(s)
	w.ctx, w.running.Stop = ctx, stop
	s.watchBegins()
	defer s.watchEnds()
	defer w.running.Wait()
	defer stop()
	for _, r := range kube.Resources() {
		if s.only != nil && !slices.Contains(s.only, r) {
			w.builder.SetState(kube.State{Resource: r, Phase: kube.Skipped, Reason: "not needed for what was asked"})
			continue
		}
		w.begin(r)
	}
	w.running.Go(func() { w.listen(ctx) })
	w.publish(ctx, publish)
	return ctx.Err()
}

// newWatching returns a run that reads nothing yet.
func newWatching(s *Source) *watching {
	builder := kube.NewBuilder(s.info)
	return &watching{
		source:   s,
		builder:  builder,
		slots:    make(chan struct{}, parallel),
		changed:  make(chan struct{}, 1),
		feeds:    map[feedKey]*feed{},
		measured: newMeasuring(builder),
	}
}

// begin starts the feeds of a resource.
func (w *watching) begin(r kube.Resource) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, namespace := range places(r, w.source.info.Scope) {
		w.add(r, namespace)
	}
	if r == kube.Leases {
		w.builder.SetState(kube.State{
			Resource: r, Phase: kube.Skipped, Reason: "only those of nodes and of the control plane are read",
		})
	}
}

// add starts one feed; the caller holds the lock.
func (w *watching) add(r kube.Resource, namespace string) {
	key := feedKey{r, namespace}
	if w.feeds[key] != nil {
		return
	}
	ctx, stop := context.WithCancel(w.ctx)
	f := newFeed(w, r, namespace, stop)
	w.feeds[key] = f
	w.running.Go(func() {
		defer stop()
		f.run(ctx)
	})
}

// touch says that there is something to publish. It never blocks.
func (w *watching) touch() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// viewAge is how old a view gets where nothing happens. What is judged by the time, and
// what is no reason for a view, waits for no longer.
const viewAge = time.Minute

// publish builds views until ctx ends.
func (w *watching) publish(ctx context.Context, publish func(*kube.Cluster)) {
	for {
		started := time.Now()
		c := w.build(started)
		pause := max(beat, share*time.Since(started))
		if ctx.Err() != nil {
			return
		}
		w.measured.newest.Store(c)
		publish(c)
		rest := time.NewTimer(pause - time.Since(started))
		select {
		case <-ctx.Done():
			rest.Stop()
			return
		case <-rest.C:
		}
		later := time.NewTimer(viewAge)
		select {
		case <-ctx.Done():
		case <-w.changed:
		case <-later.C:
		}
		later.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// build makes the next view. States are taken first: a state may be older than
// the objects beside it, but never promise objects that are not there. No feed
// begins or ends meanwhile, so that none is seen beside the one that follows it.
func (w *watching) build(now time.Time) *kube.Cluster {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.feeds {
		w.builder.SetState(f.snapshot())
	}
	if len(w.source.info.Scope) > 0 {
		w.skipOthers()
	}
	w.builder.SetInfo(w.source.Info())
	return w.builder.Build(w.moment(now))
}

// mostBack is how far the offset of the server's clock may be off before it is known
// well, and more.
const mostBack = 5 * time.Second

// moment returns what time it is at the server. It is never before that of the view
// before: for as long as a better known offset would have it so, time stands still, but
// not where a clock was set.
func (w *watching) moment(now time.Time) time.Time {
	offset := w.source.client.clock.offset()
	w.told.Store(int64(offset))
	w.builder.SetClock(kube.Clock{Ticks: true, Offset: offset})
	at := now.Add(offset).Round(0) // a computer that slept has lost monotonic time, and nothing else
	if back := w.newest.Sub(at); back > 0 && back < mostBack {
		at = w.newest
	}
	w.newest = at
	return at
}

// hearTime has a view made if the clocks are no longer to each other as the newest
// one has it.
func (w *watching) hearTime() {
	if off := w.source.client.clock.offset() - time.Duration(w.told.Load()); off.Abs() >= finest {
		w.touch()
	}
}

// skipOthers marks the namespaces that were not asked for as not known.
func (w *watching) skipOthers() {
	for _, r := range kube.Resources() {
		if r.Namespaced || r == kube.Namespaces {
			w.builder.SetState(kube.State{
				Resource: r, Phase: kube.Skipped, Reason: "only some namespaces were asked for",
			})
		}
	}
}

// pause waits, and reports false if ctx ended. [Source.Retry] ends the wait.
func (w *watching) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-w.source.woken():
	case <-timer.C:
	}
	return ctx.Err() == nil
}

// listen asks the server from time to time whether it lives.
func (w *watching) listen(ctx context.Context) {
	pulse, silent := w.source.pace.pulse, false
	for w.pause(ctx, pulse) {
		asking, cancel := context.WithTimeout(ctx, pulse)
		var v version.Info
		err := w.source.client.version(asking, &v)
		cancel()
		w.hearTime()
		var answer apierrors.APIStatus
		lost := err != nil && !errors.As(err, &answer)
		if ctx.Err() != nil || !lost && !silent {
			continue
		}
		silent = lost
		w.mu.Lock()
		for _, f := range w.feeds {
			if lost {
				f.unanswered(err)
			} else {
				f.answered()
			}
		}
		w.mu.Unlock()
	}
}
