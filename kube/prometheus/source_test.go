package prometheus_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// scripted is a source that shows views, and then ends with an error or lasts.
type scripted struct {
	views []*kube.Cluster
	err   error
	lasts bool
}

func (s *scripted) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	for _, c := range s.views {
		publish(c)
	}
	if s.lasts {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.err
}

// measuring is a server that has figures of the Deployment web.
func measuring(t *testing.T) *server {
	t.Helper()
	const pod = "web-5d4f8c7b9d-x2x4z"
	return newServer(t, map[string][]row{
		ofCPU: {{pod, "web", "0.25"}}, ofSamples: {{pod, "web", "2016"}}, ofFirst: {{pod, "web", seconds(167)}}, ofLast: {{pod, "web", seconds(0)}},
	})
}

var web = kube.Deployments.Ref("shop", "web")

// state is that of the measurements.
func state(c *kube.Cluster) kube.State {
	for _, s := range c.States() {
		if s.Resource == kube.Measurements {
			return s
		}
	}
	return kube.State{Phase: -1}
}

// What is exhausted, as manifests are, is shown at once and again when it is measured.
//
//nolint:paralleltest // It counts goroutines, and other tests have theirs.
func TestBesideManifests(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := measuring(t)
	var views []*kube.Cluster
	source := client(t, s.URL).Beside(&scripted{views: []*kube.Cluster{shop(t)}})
	if err := source.Watch(t.Context(), func(c *kube.Cluster) { views = append(views, c) }); err != nil {
		t.Fatal(err)
	}
	if len(views) != 2 || views[0].Settled() || !views[1].Settled() || views[0].Generation >= views[1].Generation {
		t.Fatalf("%d views; want one that waits and one that is settled, each newer", len(views))
	}
	m, ok := views[1].Measured(web, "web")
	if !ok || !m.Enough() || m.CPU.String() != "250m" || state(views[1]).Count != 1 {
		t.Errorf("measured %t: %+v, state %+v", ok, m, state(views[1]))
	}
	loaded, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := loaded.Measured(web, "web"); !ok {
		t.Error("who loads the source does not wait for the figures")
	}
	s.Close()
	goleak.VerifyNone(t, before)
}

// A server that does not answer costs the figures and nothing else.
func TestBesideWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	s.Close()
	loaded, err := kube.Load(t.Context(), client(t, s.URL).Beside(&scripted{views: []*kube.Cluster{shop(t)}, lasts: true}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, blind := loaded.Blind(kube.Measurements, "shop"); !blind || len(loaded.Workloads()) != 4 {
		t.Errorf("%d workloads, measurements are %+v", len(loaded.Workloads()), state(loaded))
	}
	if s := state(loaded); s.Phase != kube.Failed || !strings.Contains(s.Reason, "refused") || !strings.Contains(s.Reason, "asking Prometheus at ") {
		t.Errorf("measurements are %+v", s)
	}
}

// The error of the other source is that of both, and ends what is being asked.
func TestBesideWhatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	s := newServer(t, nil)
	s.answer = func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	for name, views := range map[string][]*kube.Cluster{"at once": nil, "after a view": {shop(t)}} {
		shown := 0
		err := client(t, s.URL).Beside(&scripted{views: views, err: broken}).Watch(t.Context(), func(*kube.Cluster) { shown++ })
		if !errors.Is(err, broken) || shown != len(views) {
			t.Errorf("%s: error %v after %d views", name, err, shown)
		}
	}
	if err := client(t, s.URL).Beside(&scripted{}).Watch(t.Context(), func(*kube.Cluster) { t.Error("there is a view of nothing") }); err != nil {
		t.Errorf("of nothing: %v", err)
	}
}

// Views that follow are not held up, and have what was measured before.
func TestBesideWhatGoesOn(t *testing.T) {
	t.Parallel()
	s := measuring(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	measured := make(chan struct{})
	inner := following(func(ctx context.Context, publish func(*kube.Cluster)) error {
		publish(shop(t))
		select {
		case <-measured:
		case <-ctx.Done():
			return ctx.Err()
		}
		publish(shop(t))
		<-ctx.Done()
		return ctx.Err()
	})
	var last *kube.Cluster
	later := false
	err := client(t, s.URL).Beside(inner).Watch(ctx, func(c *kube.Cluster) {
		if last != nil && c.Generation <= last.Generation {
			t.Errorf("generation %d comes after %d", c.Generation, last.Generation)
		}
		last = c
		if _, ok := c.Measured(web, "web"); !ok {
			return
		}
		if !later {
			later = true
			close(measured)
			return
		}
		cancel()
	})
	if !errors.Is(err, context.Canceled) || !last.Settled() {
		t.Errorf("error %v, the last view is settled %t", err, last.Settled())
	}
}

// following is a source that is a function.
type following func(ctx context.Context, publish func(*kube.Cluster)) error

func (f following) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	return f(ctx, publish)
}
