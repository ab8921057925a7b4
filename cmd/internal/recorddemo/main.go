// Command recorddemo makes the demo's recording: it runs the shop on the testbed,
// lets its story happen, and records what the API server tells.
//
//	go run ./cmd/internal/recorddemo
//
// from the root of the module. It takes about six minutes, and more the first
// time, when the testbed is built. Times are moved as package record tells.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/record"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

const (
	folder = "kube/recording/demo"
	ready  = 5 * time.Minute   // at the most, until pods run and are measured
	settle = 45 * time.Second  // until autoscalers have seen that as well
	length = 115 * time.Second // of the story
	beat   = time.Second       // between two frames of it
	peace  = 6 * time.Hour     // for which the shop was as it is before the story

	// Triage comes to trust that all is well ten minutes after the last restart. They are
	// not waited for. After them leases and figures are written again before there is a
	// frame.
	trust     = 11 * time.Minute
	gathering = 35 * time.Second
	aftermath = 15 * time.Second
)

// begins is when the story does: by day, while people deploy, and not within six hours of
// a schedule of the shop.
func begins() time.Time { return time.Date(2026, time.June, 9, 14, 2, 0, 0, time.UTC) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "recorddemo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	t, err := record.Build(ctx)
	if err != nil {
		return err
	}
	defer t.Remove()
	kubeconfig, end, err := t.Up(ctx, record.Cluster{Nodes: 3, Zones: 3, Metrics: true})
	if err != nil {
		return err
	}
	defer end()
	if err := t.Apply(ctx, kubeconfig, filepath.Join(folder, "manifests")); err != nil {
		return err
	}
	source, err := live.New(ctx, live.Options{Flags: &live.Flags{Kubeconfig: kubeconfig}, Context: "reader", Version: "demo"})
	if err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	var newest atomic.Pointer[kube.Cluster]
	watched := make(chan error, 1)
	go func() { watched <- source.Watch(watching, func(c *kube.Cluster) { newest.Store(c) }) }()
	if err := steady(ctx, &newest); err != nil {
		return fmt.Errorf("waiting for the shop to run: %w", err)
	}
	recorded, began, err := tell(ctx, t, kubeconfig, &newest)
	if err != nil {
		return err
	}
	stop()
	if err := <-watched; !errors.Is(err, context.Canceled) {
		return err
	}
	change := record.Change{
		Began: began, Begins: begins(), Peace: peace,
		Leap: record.Leap{At: began.Add(length), By: trust, Gathered: gathering},
	}
	return record.Settle(recorded, change, filepath.Join(folder, "shop.seaworthy"))
}

// steady waits until the shop is as it is before the story.
func steady(ctx context.Context, newest *atomic.Pointer[kube.Cluster]) error {
	patient, stop := context.WithTimeout(ctx, ready)
	defer stop()
	for {
		if c := newest.Load(); c != nil && runs(c) {
			return wait(ctx, settle)
		}
		if err := wait(patient, beat); err != nil {
			return err
		}
	}
}

// runs reports whether all pods are there that Deployments want, each was taken by a
// kubelet, and those that are ready are measured.
func runs(c *kube.Cluster) bool {
	for d := range c.Deployments.All() {
		if d.Status.ObservedGeneration < d.Generation || d.Spec.Replicas == nil || d.Status.Replicas < *d.Spec.Replicas {
			return false
		}
	}
	for pod := range c.Pods.All() {
		if pod.Status.StartTime().IsZero() {
			return false
		}
		if _, measured := c.PodUsage.Get(pod.Namespace, pod.Name); pod.Status.Ready && !measured {
			return false
		}
	}
	return c.Deployments.Len() > 0
}

// tell records while the story happens, and afterwards. The story begins after the time
// that it returns.
func tell(ctx context.Context, t *record.Testbed, kubeconfig string, newest *atomic.Pointer[kube.Cluster]) (recorded []byte, began time.Time, err error) {
	steps, err := story()
	if err != nil {
		return nil, began, err
	}
	began = time.Now().Add(beat)
	playing, stop := context.WithCancel(ctx)
	defer stop()
	played := make(chan error, 1)
	go func() { played <- play(playing, t, kubeconfig, steps, began) }()
	var out bytes.Buffer
	// Where it was recorded is of no interest, and no promise.
	w, err := recording.NewWriter(&out, kube.Info{Name: "demo", Version: newest.Load().Info.Version}, recording.Keep)
	if err != nil {
		return nil, began, err
	}
	for time.Since(began) < length+gathering+aftermath {
		if err := w.Append(newest.Load()); err != nil {
			return nil, began, err
		}
		if err := wait(ctx, beat); err != nil {
			return nil, began, err
		}
	}
	if err := <-played; err != nil {
		return nil, began, err
	}
	err = w.Close()
	return out.Bytes(), began, err
}

// play takes the steps of the story when their time has come.
func play(ctx context.Context, t *record.Testbed, kubeconfig string, steps []step, began time.Time) error {
	for _, s := range steps {
		if err := wait(ctx, time.Until(began.Add(s.at))); err != nil {
			return err
		}
		if !s.scenario {
			if err := t.Apply(ctx, kubeconfig, s.file); err != nil {
				return err
			}
			continue
		}
		reached, err := t.Play(ctx, kubeconfig, s.file)
		if err != nil {
			return err
		}
		for stage := range reached {
			if stage.Err != nil {
				return fmt.Errorf("playing %s: %w", s.file, stage.Err)
			}
		}
	}
	return nil
}

// step is one thing that happens.
type step struct {
	at       time.Duration
	file     string
	scenario bool // it is a scenario of the testbed, and else a manifest
}

func story() ([]step, error) {
	files, err := filepath.Glob(filepath.Join(folder, "story", "*.yaml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var steps []step
	for _, file := range files {
		number, _, _ := strings.Cut(filepath.Base(file), "-")
		seconds, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("reading %s: its name does not begin with seconds: %w", file, err)
		}
		steps = append(steps, step{time.Duration(seconds) * time.Second, file, strings.HasSuffix(file, ".scenario.yaml")})
	}
	return steps, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
