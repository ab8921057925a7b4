package live

import (
	"context"
	"fmt"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// How often what cannot be watched is read again. metrics-server has new
// figures each 15 s by default.
const (
	metricsEvery   = 15 * time.Second
	namespaceEvery = 30 * time.Second
	// leasesEvery is longer than a kubelet waits between two renewals (10 s), and half
	// of the 40 s after which a Lease of one counts as stale.
	leasesEvery = 20 * time.Second
	// pagesEvery is far shorter than a server runs between two changes of its flags,
	// which take a restart; only its health may change in between, and a server that is
	// not well is soon not asked any more.
	pagesEvery = time.Minute
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
	}
	if err := p.f.setAll(objects); err != nil {
		return err
	}
	p.f.retain(names)
	changed, err := p.f.measured.add(samples)
	if changed {
		p.f.touch()
	}
	p.f.complete()
	return err
}

// readLeases lists the Leases of a namespace. They are not watched: each of some
// thousand nodes renews its own every ten seconds, and who looks wants to know which
// of them did not. The list is consistent (no resourceVersion): a cache of the server
// that has fallen behind would make all of them look stale.
func (f *feed) readLeases(ctx context.Context) ([]kube.Object, error) {
	list, err := f.source.client.list(ctx, f.resource, f.namespace, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	leases, ok := list.(*coordinationv1.LeaseList)
	if !ok {
		return nil, fmt.Errorf("reading a list of %s: the server sent %T", f.resource, list)
	}
	objects := make([]kube.Object, len(leases.Items))
	for i := range leases.Items {
		objects[i] = &leases.Items[i]
	}
	return objects, nil
}

// readNamespace gets the Namespace object of the feed's namespace: who may not
// list namespaces may often get the one they work in, as the roles view, edit
// and admin let them.
func (f *feed) readNamespace(ctx context.Context) ([]kube.Object, error) {
	o := &corev1.Namespace{}
	err := f.source.client.get(ctx, kube.Namespaces, f.namespace, o)
	return []kube.Object{o}, err
}
