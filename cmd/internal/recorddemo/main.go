// Command record makes the demo's recording: it runs the shop on the testbed,
// lets its story happen, and records what the API server tells.
//
//	go run ./cmd/internal/recorddemo
//
// from the root of the module. It takes about four minutes, and more the first
// time, when the testbed is built.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

const (
	folder  = "kube/recording/demo"
	testbed = "kube/testbed"
	settle  = 75 * time.Second  // until pods run, crash and are measured
	length  = 125 * time.Second // of the story
	beat    = time.Second       // between two frames
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := record(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record(ctx context.Context) error {
	kubeconfig, end, err := startTestbed(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := apply(ctx, kubeconfig, filepath.Join(folder, "manifests")); err != nil {
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
	if err := wait(ctx, settle); err != nil {
		return err
	}
	if err := tell(ctx, kubeconfig, &newest); err != nil {
		return err
	}
	stop()
	if err := <-watched; !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// tell records while the story happens.
func tell(ctx context.Context, kubeconfig string, newest *atomic.Pointer[kube.Cluster]) error {
	out, err := os.Create(filepath.Join(folder, "shop.seaworthy"))
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	// Where it was recorded is of no interest, and no promise.
	w, err := recording.NewWriter(out, kube.Info{Name: "demo", Version: newest.Load().Info.Version})
	if err != nil {
		return err
	}
	steps, err := story()
	if err != nil {
		return err
	}
	for elapsed := time.Duration(0); elapsed <= length; elapsed += beat {
		if len(steps) > 0 && steps[0].at <= elapsed {
			if err := apply(ctx, kubeconfig, steps[0].file); err != nil {
				return err
			}
			steps = steps[1:]
		}
		if err := w.Append(newest.Load()); err != nil {
			return err
		}
		if err := wait(ctx, beat); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Close()
}

// step is one thing that happens.
type step struct {
	at   time.Duration
	file string
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
		steps = append(steps, step{time.Duration(seconds) * time.Second, file})
	}
	return steps, nil
}

// startTestbed runs a whole cluster until end is called.
func startTestbed(ctx context.Context) (kubeconfig string, end func(), err error) {
	command := exec.CommandContext(ctx, "go", "run", "-C", testbed, ".", "up", "-controllers", "-nodes", "3", "-metrics")
	command.Stderr = os.Stderr
	command.Cancel = func() error { return nil } // it ends when its standard input does
	stdin, err := command.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	end = func() {
		_ = stdin.Close()
		_, _ = io.Copy(io.Discard, stdout)
		_ = command.Wait()
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		end()
		return "", nil, fmt.Errorf("starting the testbed: %w", err)
	}
	var started struct {
		Kubeconfig string `json:"kubeconfig"`
	}
	if err := json.Unmarshal(line, &started); err != nil {
		end()
		return "", nil, fmt.Errorf("starting the testbed: %w", err)
	}
	return started.Kubeconfig, end, nil
}

func apply(ctx context.Context, kubeconfig, path string) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "go", "run", "-C", testbed, ".", "apply", "-kubeconfig", kubeconfig, absolute)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("applying %s: %w\n%s", path, err, output)
	}
	return nil
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
