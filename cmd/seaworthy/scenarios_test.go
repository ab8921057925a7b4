//go:build e2e

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/scenario"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// scenarioFolder is where the scenarios of triage are.
const scenarioFolder = "../../audit/triage/scenario/testdata"

// TestEndToEndScenarios lets clusters break and judges what the live source shows of
// it, as the recordings of all scenarios are judged. It takes about three minutes.
//
//nolint:paralleltest // each has a control plane of its own
func TestEndToEndScenarios(t *testing.T) {
	for _, name := range []string{"oom-after-limit", "node-lost", "quiet-rollout"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(scenarioFolder, name, "expect.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			e, err := scenario.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if name == "node-lost" {
				// A recording has nodes of some age. Those of a testbed are new, and one that
				// goes again within minutes is not counted among the nodes that were lost.
				e.Severity = "S2"
			}
			testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Controllers: true, Nodes: 4, Zones: 2})
			w := watchFrom(t, testbed)
			testbed.Play(t, filepath.Join(scenarioFolder, name, "scenario.yaml"), w.begin)
			w.expect(t, e)
		})
	}
}

// witness keeps the views of a live source.
type witness struct {
	news chan struct{} // has one when there is another view

	mu    sync.Mutex
	keeps bool
	views []*kube.Cluster
}

func watchFrom(t *testing.T, testbed *kubetest.Testbed) *witness {
	t.Helper()
	source, err := live.New(t.Context(), live.Options{Flags: &live.Flags{Kubeconfig: testbed.Kubeconfig}, Context: "reader", Version: "e2e"})
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{news: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- source.Watch(ctx, w.see) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("watching ended: %v", err)
		}
	})
	return w
}

func (w *witness) see(c *kube.Cluster) {
	w.mu.Lock()
	if w.keeps {
		w.views = append(w.views, c)
	}
	w.mu.Unlock()
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// begin keeps the views from now on: what was before is how a cluster starts.
func (w *witness) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keeps = true
}

// expect judges all views, and again with each that comes, until they are as
// expected.
func (w *witness) expect(t *testing.T, e *scenario.Expectation) {
	t.Helper()
	patience := time.After(20 * time.Second)
	for {
		w.mu.Lock()
		views := w.views
		w.mu.Unlock()
		r := scenario.NewRun()
		for _, c := range views {
			r.See(c)
		}
		if err := r.Pass(e.Later); err != nil {
			t.Fatal(err)
		}
		differences := e.Differences(r)
		if len(views) > 0 && differences == nil {
			return
		}
		select {
		case <-w.news:
		case <-patience:
			t.Fatalf("of %d views: %q", len(views), differences)
		}
	}
}
