package prometheus

import (
	"context"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// How long what was measured is good for: of a week, minutes change little.
const (
	again      = 15 * time.Minute
	afterError = time.Minute
)

// Source is another source with measurements beside what that shows.
type Source struct {
	client *Client
	inner  kube.Source
}

var _ kube.Source = (*Source)(nil)

// Beside returns a source that shows what inner shows, and what the workloads were
// measured to use once that is known. Until then, [kube.Measurements] are on their
// way, and the view is not settled.
func (c *Client) Beside(inner kube.Source) *Source { return &Source{c, inner} }

// Inner returns the source whose views have the measurements beside them.
func (s *Source) Inner() kube.Source { return s.inner }

// Watch publishes the views of the inner source with what was measured. The server
// is asked when the first of them is settled, and from time to time after. The error
// is that of the inner source: that nothing could be measured is a state of the views.
func (s *Source) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	j := &joining{
		publish: publish, ready: make(chan struct{}), exhausted: make(chan struct{}),
		state: kube.State{Resource: kube.Measurements, Phase: kube.Syncing},
	}
	measuring := workgroup.Group{Stop: stop}
	measuring.Go(func() { s.measure(ctx, j) })
	err := s.inner.Watch(ctx, j.take)
	close(j.exhausted)
	if err != nil {
		stop()
	}
	measuring.Wait()
	if err == nil {
		err = j.err
	}
	return err
}

// measure measures until ctx ends, or once more when no further view comes.
func (s *Source) measure(ctx context.Context, j *joining) {
	select {
	case <-ctx.Done():
		return
	case <-j.ready:
	case <-j.exhausted:
	}
	for {
		view := j.newest()
		if view == nil {
			return
		}
		measured, err := s.client.Measure(ctx, view)
		if ctx.Err() != nil {
			return
		}
		wait := again
		if err != nil {
			wait = afterError
		}
		j.set(measured, stateOf(measured, err))
		rest := time.NewTimer(wait)
		select {
		case <-rest.C:
		case <-ctx.Done():
			rest.Stop()
			return
		case <-j.exhausted:
			rest.Stop()
			return
		}
	}
}

// joining puts views and measurements together.
type joining struct {
	publish   func(*kube.Cluster)
	ready     chan struct{} // closed when a view is settled
	exhausted chan struct{} // closed when no further view comes

	mu         sync.Mutex
	once       sync.Once // closes ready
	last       *kube.Cluster
	shown      *kube.Cluster // last with what was measured
	measured   []*kube.Measurement
	state      kube.State
	generation uint64
	err        error
}

// take takes a view of the inner source.
func (j *joining) take(c *kube.Cluster) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last = c
	j.show()
	if c.Settled() {
		j.once.Do(func() { close(j.ready) })
	}
}

// set takes what was measured. What could not be measured again stays as it was.
func (j *joining) set(measured []*kube.Measurement, state kube.State) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if state.Phase == kube.Failed && j.state.Phase != kube.Syncing && len(measured) < len(j.measured) {
		measured, state.Phase = j.measured, kube.Stale
		state.Count = len(measured)
	}
	j.measured, j.state = measured, state
	j.show()
}

func (j *joining) newest() *kube.Cluster {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// show publishes the newest view; mu is held.
func (j *joining) show() {
	next, err := j.last.WithMeasurements(j.measured, j.state, j.shown)
	if err != nil {
		j.err = err
		return
	}
	j.generation++
	next.Generation = j.generation
	j.shown = next
	j.publish(next)
}
