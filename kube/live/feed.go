package live

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// reader is a way to read a resource.
type reader interface {
	// count asks for the number of objects, 0 if the server does not say. Its
	// error is that of reading.
	count(ctx context.Context) (int, error)
	// follow reads all objects into the feed, calls its complete, and goes on
	// until ctx ends or the resource has to be read anew.
	follow(ctx context.Context) error
}

// feed keeps one resource, in one namespace or in all, equal to the server's.
type feed struct {
	*watching
	resource  kube.Resource
	served    kube.Resource // at the version that is read; for who reads alone
	namespace string
	stop      context.CancelFunc
	reader    reader
	keep      keeper
	settled   chan struct{} // closed when the first read ended, for better or worse

	mu       sync.Mutex
	state    kube.State
	synced   bool        // the builder holds a complete list
	ended    bool        // another feed took over
	late     *time.Timer // marks the feed stale unless the server answers; nil while it does
	since    time.Time   // when it began not to
	trouble  string      // why, as far as is known
	traffic  traffic
	release  func()    // gives the slot back
	once     sync.Once // closes settled
	known    *roster
	versions versions
}

func newFeed(w *watching, r kube.Resource, namespace string, stop context.CancelFunc) *feed {
	f := &feed{
		watching: w, resource: r, served: r, namespace: namespace, stop: stop,
		settled: make(chan struct{}),
		state:   kube.State{Resource: r, Namespace: namespace},
		known:   newRoster(), versions: versions{maphash.MakeSeed()},
		release: func() {},
	}
	f.reader = wayOf(r, namespace).reader(f)
	if r == kube.Events {
		f.keep = newRecent(f)
	} else {
		f.keep = f
	}
	return f
}

// run reads and follows the resource until ctx ends.
func (f *feed) run(ctx context.Context) {
	defer f.answered()
	defer f.settle()
	pace := f.source.pace
	wait := pace.retryFirst
	for ctx.Err() == nil {
		began := time.Now()
		err := f.read(f.traffic.counted(ctx))
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > pace.retryMost {
			wait = pace.retryFirst
		}
		delay := wait + rand.N(wait/2)
		switch phase := phaseOf(err); {
		case err == nil:
			f.unanswered(errBroken)
			wait = min(2*wait, pace.retryMost)
		case phase == kube.Forbidden || phase == kube.Absent:
			f.refused(ctx, phase, err)
			delay = pace.refused
		default:
			f.failed(phase, err)
			wait = min(2*wait, pace.retryMost)
		}
		if !f.pause(ctx, delay) {
			return
		}
	}
}

// read is one attempt: it returns when it cannot go on, nil if that is in the
// order of things.
func (f *feed) read(ctx context.Context) error {
	if f.phase() != kube.Synced {
		if f.resource.Custom() && f.resource.Page() == "" && f.resource != kube.Constraints {
			var err error
			if f.served, err = f.source.client.served.at(ctx, f.resource); err != nil {
				return err
			}
		}
		if !f.awaitTemplates(ctx) {
			return ctx.Err()
		}
		select {
		case f.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		release := sync.OnceFunc(func() { <-f.slots })
		defer release()
		f.starts(release)
		total, err := f.reader.count(ctx)
		if err != nil {
			return err
		}
		f.expects(total)
	}
	return f.reader.follow(ctx)
}

// awaitTemplates waits until the Deployments are read, if it is the ReplicaSets that
// are to be: the newest of each then takes its pod spec from there. It reports false
// if ctx ended.
func (f *feed) awaitTemplates(ctx context.Context) bool {
	if f.resource != kube.ReplicaSets {
		return true
	}
	f.watching.mu.Lock()
	templates := f.feeds[feedKey{kube.Deployments, f.namespace}]
	f.watching.mu.Unlock()
	if templates == nil {
		return true
	}
	select {
	case <-templates.settled:
		return true
	case <-ctx.Done():
		return false
	}
}

// starts says that a list is on its way. What was complete before stays so.
func (f *feed) starts(release func()) {
	f.mu.Lock()
	f.release = release
	begins := !f.synced && !f.state.Settled() && f.state.Phase != kube.Syncing
	if begins {
		f.state.Phase = kube.Syncing
	}
	f.mu.Unlock()
	if begins {
		f.touch()
	}
}

// expects says how many objects the server announced.
func (f *feed) expects(total int) {
	f.mu.Lock()
	more := total > f.state.Total
	f.state.Total = max(f.state.Total, total)
	f.mu.Unlock()
	if more {
		f.touch()
	}
}

// complete says that the builder holds the whole list.
func (f *feed) complete() {
	first := false
	if f.namespace == "" {
		f.endFallback(f, func() { first = f.becomeSynced() })
	} else {
		first = f.becomeSynced()
	}
	f.mu.Lock()
	release := f.release
	f.mu.Unlock()
	release()
	f.answered()
	f.settle()
	if first {
		f.touch()
	}
}

// becomeSynced sets the state of a complete list, and reports whether it is the
// first.
func (f *feed) becomeSynced() (first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first = !f.synced
	f.synced = true
	f.state.Total = 0
	if f.state.Phase != kube.Stale { // that one is for answered to end
		f.state.Phase, f.state.Verb, f.state.Reason = kube.Synced, "", ""
	}
	return first
}

// refused says that the server will not serve the resource: what was read
// before is forgotten, as it may not be looked at any more. Expired credentials
// are no such verdict.
func (f *feed) refused(ctx context.Context, phase kube.Phase, err error) {
	verb, reason := refusal(f.resource, f.namespace, err)
	if apierrors.IsUnauthorized(err) {
		reason += "; " + f.source.connection.renewal()
	}
	f.mu.Lock()
	keep := f.synced && (verb == "watch" || apierrors.IsUnauthorized(err))
	f.mu.Unlock()
	if keep {
		f.setState(kube.Stale, verb, reason)
		return
	}
	f.forgetAll()
	if f.namespace == "" && apierrors.IsForbidden(err) {
		reason = f.fallBack(ctx, f, reason)
	}
	f.setState(phase, verb, reason)
}

// failed says that reading failed in a way that may pass.
func (f *feed) failed(phase kube.Phase, err error) {
	if f.isSynced() {
		f.unanswered(err)
		return
	}
	f.setState(phase, "", oneLine("reading "+f.resource.String()+": "+rootOf(err)))
}

// setState says how far reading is. A hundred kinds that a server does not have are
// asked for again each minute: that they are still absent is no news.
func (f *feed) setState(phase kube.Phase, verb, reason string) {
	f.mu.Lock()
	before := f.state
	f.state.Phase, f.state.Verb, f.state.Reason = phase, verb, reason
	f.synced = f.synced && phase == kube.Stale
	changed := f.state != before
	f.mu.Unlock()
	f.settle()
	if changed {
		f.touch()
	}
}

// unanswered says that the server did not answer a feed that is complete. If
// that lasts, the feed is stale.
func (f *feed) unanswered(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble = oneLine(rootOf(err))
	f.waits()
}

// asks says that the server is asked to go on, which it may not answer either.
func (f *feed) asks() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.late == nil {
		f.trouble = rootOf(context.DeadlineExceeded)
		f.waits()
	}
}

// waits has a complete feed become stale unless the server answers in time, for the
// newest trouble there is then; the caller holds the lock. What is refused stays so.
func (f *feed) waits() {
	switch {
	case !f.synced || f.state.Verb != "":
	case f.late == nil:
		f.since = time.Now()
		f.late = time.AfterFunc(f.source.pace.stale, func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.late != nil && f.synced && f.state.Verb == "" {
				f.state.Phase = kube.Stale
				f.tell()
			}
		})
	case f.state.Phase == kube.Stale:
		f.tell()
	}
}

// tell says since when a feed is not followed, and why; the caller holds the lock.
func (f *feed) tell() {
	reason := fmt.Sprintf("not followed since %s UTC: %s", f.since.UTC().Format(time.TimeOnly), f.trouble)
	if f.state.Reason != reason {
		f.state.Reason = reason
		f.touch()
	}
}

// answered says that the server answers again.
func (f *feed) answered() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.late != nil {
		f.late.Stop()
		f.late = nil
	}
	if f.synced && f.state.Phase == kube.Stale {
		f.state.Phase, f.state.Verb, f.state.Reason = kube.Synced, "", ""
		f.touch()
	}
}

// settle says that the first read ended.
func (f *feed) settle() { f.once.Do(func() { close(f.settled) }) }

func (f *feed) phase() kube.Phase {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state.Phase
}

func (f *feed) isSynced() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.synced
}

// snapshot returns the state for the next view.
func (f *feed) snapshot() kube.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	s.Count = f.known.size
	s.Total = max(s.Total, s.Count)
	f.traffic.fill(&s)
	return s
}

// phaseOf sorts the error of reading a resource.
func phaseOf(err error) kube.Phase {
	switch {
	case err == nil:
		return kube.Synced
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
		return kube.Forbidden
	case apierrors.IsNotFound(err), apierrors.IsMethodNotSupported(err):
		return kube.Absent
	}
	return kube.Failed
}

// errBroken is why a resource is not followed whose watch ended out of turn.
var errBroken = errors.New("the watch was cut off")

// watchError is the error of a watch whose list is allowed.
type watchError struct{ error }

// Unwrap returns the cause.
func (w watchError) Unwrap() error { return w.error }

// refusal returns the verb that was refused, and why in one line.
func refusal(r kube.Resource, namespace string, err error) (verb, reason string) {
	verb = "list"
	if _, ok := errors.AsType[watchError](err); ok {
		verb = "watch"
	}
	where := "in all namespaces"
	switch {
	case namespace != "":
		where = "in namespace " + namespace
	case !r.Namespaced:
		where = "in the cluster"
	}
	switch page := r.Page(); {
	case page != "" && phaseOf(err) == kube.Absent:
		return "", fmt.Sprintf("the server has no page %s that can be read (%d)", page, http.StatusNotFound)
	case page != "" && !apierrors.IsUnauthorized(err):
		return "get", fmt.Sprintf("may not get %s: %s", page, rootOf(err))
	case apierrors.IsUnauthorized(err):
		return verb, "the server no longer accepts the credentials (401)"
	case phaseOf(err) == kube.Absent && r == kube.Namespaces && namespace != "":
		return "", fmt.Sprintf("namespace %s does not exist", namespace)
	case phaseOf(err) == kube.Absent:
		return "", fmt.Sprintf("the server has no %s (%d)", r, http.StatusNotFound)
	}
	return verb, fmt.Sprintf("may not %s %s %s: %s", verb, r, where, rootOf(err))
}
