// Command recordscenarios makes the recordings by which triage is tested: for each
// scenario it runs a cluster on the testbed, lets the scenario break it, and
// records what the API server tells meanwhile.
//
//	go run ./cmd/internal/recordscenarios [NAME...]
//
// from the root of the module; all scenarios if none is named. One takes half a
// minute to four minutes, and more the first time, when the testbed is built.
//
// # What is changed afterwards
//
// A testbed is seconds old when it breaks, and no cluster of anybody's is. So what
// happened before the break is told as six hours earlier, events of then are left
// out as a server would have forgotten them, and the break always begins at the
// same moment of the same day. What triage does not look at is left out
// (settle.go). Two recordings of a scenario then differ in what a cluster makes up:
// UIDs, resource versions, the ends of pods' names, addresses, and by some seconds.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

const (
	scenarios = "audit/triage/scenario/testdata"
	beat      = time.Second     // between two frames
	rest      = 3 * time.Second // that is recorded after it is ripe
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := recordAll(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "recordscenarios:", err)
		os.Exit(1)
	}
}

func recordAll(ctx context.Context, names []string) error {
	if len(names) == 0 {
		files, err := filepath.Glob(filepath.Join(scenarios, "*", "scenario.yaml"))
		if err != nil {
			return err
		}
		for _, file := range files {
			names = append(names, filepath.Base(filepath.Dir(file)))
		}
	}
	t, err := buildTestbed(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(filepath.Dir(t.program)) }()
	for _, name := range names {
		if err := t.record(ctx, filepath.Join(scenarios, name)); err != nil {
			return fmt.Errorf("recording %s: %w", name, err)
		}
	}
	return nil
}

// record plays the scenario of a folder and writes its recording there.
func (t *testbed) record(ctx context.Context, folder string) error {
	kubeconfig, end, err := t.up(ctx, filepath.Join(folder, "scenario.yaml"))
	if err != nil {
		return err
	}
	defer end()
	source, err := live.New(ctx, live.Options{Flags: &live.Flags{Kubeconfig: kubeconfig}, Context: "reader", Version: "scenarios"})
	if err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	var newest atomic.Pointer[kube.Cluster]
	watched := make(chan error, 1)
	go func() { watched <- source.Watch(watching, func(c *kube.Cluster) { newest.Store(c) }) }()
	reached, err := t.play(ctx, kubeconfig, filepath.Join(folder, "scenario.yaml"))
	if err != nil {
		return err
	}
	text, began, err := frames(ctx, &newest, reached)
	if err != nil {
		return err
	}
	stop()
	if err := <-watched; !errors.Is(err, context.Canceled) {
		return err
	}
	return settle(text, began, filepath.Join(folder, "recording.seaworthy"))
}

// frames records from when the cluster is healthy until the scenario has been ripe
// for a while. The break begins after the time that it returns.
func frames(ctx context.Context, newest *atomic.Pointer[kube.Cluster], reached <-chan stage) (text []byte, began time.Time, err error) {
	if s := <-reached; s.err != nil || s.name != "healthy" {
		return nil, began, errors.Join(errors.New("it does not become healthy"), s.err)
	}
	began = time.Now().Add(beat)
	out := new(memory)
	var w *recording.Writer
	tick := time.NewTicker(beat)
	defer tick.Stop()
	var ends <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, began, ctx.Err()
		case s := <-reached:
			if s.err != nil || s.name != "ripe" {
				return nil, began, errors.Join(errors.New("it does not become ripe"), s.err)
			}
			reached = nil
			ends = time.After(rest)
			continue
		case <-tick.C:
		case <-ends:
			err := w.Close()
			return out.Bytes(), began, err
		}
		c := newest.Load()
		if w == nil {
			// Where it was recorded is of no interest, and no promise.
			if w, err = recording.NewWriter(out, kube.Info{Name: "scenario", Version: c.Info.Version}); err != nil {
				return nil, began, err
			}
		}
		if err := w.Append(c); err != nil {
			return nil, began, err
		}
	}
}
