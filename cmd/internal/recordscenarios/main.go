// Command recordscenarios makes the recordings by which triage is tested: for each
// scenario it runs a cluster on the testbed, lets the scenario break it, and
// records what the API server tells meanwhile.
//
//	go run ./cmd/internal/recordscenarios [NAME...]
//
// from the root of the module; all scenarios if none is named. One takes half a
// minute to four minutes, and more the first time, when the testbed is built.
//
// What was well is told as well for six hours, and every break begins at the same
// moment of the same day (package record). What triage does not look at is left out.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/record"
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
	t, err := record.Build(ctx)
	if err != nil {
		return err
	}
	defer t.Remove()
	for _, name := range names {
		if err := recordOne(ctx, t, filepath.Join(scenarios, name)); err != nil {
			return fmt.Errorf("recording %s: %w", name, err)
		}
	}
	return nil
}

// recordOne plays the scenario of a folder and writes its recording there.
func recordOne(ctx context.Context, t *record.Testbed, folder string) error {
	wanted, err := clusterOf(filepath.Join(folder, "scenario.yaml"))
	if err != nil {
		return err
	}
	kubeconfig, end, err := t.Up(ctx, wanted)
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
	reached, err := t.Play(ctx, kubeconfig, filepath.Join(folder, "scenario.yaml"))
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
	change := record.Change{Began: began, Begins: breaks(), Peace: peace, Without: unread()}
	return record.Settle(text, change, filepath.Join(folder, "recording.seaworthy"))
}

// peace is for how long everything was well before the break.
const peace = 6 * time.Hour

// breaks is when every scenario breaks.
func breaks() time.Time { return time.Date(2026, time.June, 1, 3, 0, 0, 0, time.UTC) }

// unread is what no detector reads.
func unread() []string {
	return []string{"roles", "rolebindings", "clusterroles", "clusterrolebindings", "serviceaccounts", "flowschemas", "prioritylevelconfigurations"}
}

// clusterOf returns what a scenario wants to run on.
func clusterOf(file string) (record.Cluster, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return record.Cluster{}, err
	}
	var s struct {
		Cluster record.Cluster `json:"cluster"`
	}
	if err := yaml.Unmarshal(text, &s); err != nil {
		return record.Cluster{}, fmt.Errorf("reading %s: %w", file, err)
	}
	return s.Cluster, nil
}

// frames records from when the cluster is healthy until the scenario has been ripe
// for a while. The break begins after the time that it returns.
func frames(ctx context.Context, newest *atomic.Pointer[kube.Cluster], reached <-chan record.Stage) (text []byte, began time.Time, err error) {
	if s := <-reached; s.Err != nil || s.Name != "healthy" {
		return nil, began, errors.Join(errors.New("it does not become healthy"), s.Err)
	}
	began = time.Now().Add(beat)
	out := new(bytes.Buffer)
	var w *recording.Writer
	tick := time.NewTicker(beat)
	defer tick.Stop()
	var ends <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, began, ctx.Err()
		case s := <-reached:
			if s.Err != nil || s.Name != "ripe" {
				return nil, began, errors.Join(errors.New("it does not become ripe"), s.Err)
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
			if w, err = recording.NewWriter(out, kube.Info{Name: "scenario", Version: c.Info.Version}, recording.Keep); err != nil {
				return nil, began, err
			}
		}
		if err := w.Append(c); err != nil {
			return nil, began, err
		}
	}
}
