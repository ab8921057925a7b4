package live

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// How often what cannot be watched is read again. metrics-server has new
// figures each 15 s by default.
const (
	metricsEvery   = 15 * time.Second
	namespaceEvery = 30 * time.Second
)

// poller reads a resource again and again.
type poller struct {
	f     *feed
	every time.Duration
	all   func(context.Context) ([]kube.Object, error)
}

var _ reader = (*poller)(nil)

func newPoller(f *feed, every time.Duration, all func(context.Context) ([]kube.Object, error)) *poller {
	return &poller{f: f, every: every, all: all}
}

// count does not ask: a poll is one short answer.
func (*poller) count(context.Context) (int, error) { return 0, nil }

// follow polls until it cannot.
func (p *poller) follow(ctx context.Context) error {
	for {
		if err := p.once(ctx); err != nil {
			return err
		}
		if !p.f.pause(ctx, p.every) {
			return nil
		}
	}
}

func (p *poller) once(ctx context.Context) error {
	asking, cancel := p.f.source.within(ctx, answerTime)
	defer cancel()
	objects, err := p.all(asking)
	if err != nil {
		return err
	}
	names := make(map[types.NamespacedName]struct{}, len(objects))
	var samples []*kube.Usage
	for _, o := range objects {
		names[nameOf(o)] = struct{}{}
		if u, ok := o.(*kube.Usage); ok && p.f.resource == kube.PodMetrics && !p.f.holds(u) {
			samples = append(samples, u)
		}
		if err := p.f.keep.set(o); err != nil {
			return err
		}
	}
	p.f.retain(names)
	changed, err := p.f.measured.add(samples)
	if changed {
		p.f.touch()
	}
	p.f.complete()
	return err
}

// readNamespace gets the Namespace object of the feed's namespace: who may not
// list namespaces may often get the one they work in, as the roles view, edit
// and admin let them.
func (f *feed) readNamespace(ctx context.Context) ([]kube.Object, error) {
	o := &corev1.Namespace{}
	err := f.source.client.get(ctx, kube.Namespaces, f.namespace, o)
	return []kube.Object{o}, err
}
