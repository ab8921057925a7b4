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
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// What pods do while they are followed.
const (
	eventsASecond = 2000
	eventTime     = 20 * time.Second
	quietTime     = 10 * time.Second
)

// followed is what following a cluster takes.
type followed struct {
	pods        int
	busy, quiet float64       // cores
	lag         time.Duration // the longest from a view to its assessment under load
}

// heard is a line of the follower.
type heard struct {
	Settled  bool          `json:"settled"`
	Complete bool          `json:"complete"`
	Events   int64         `json:"events"`
	Lag      time.Duration `json:"lag"`
}

// follower is a process that follows the server.
type follower struct {
	command *exec.Cmd
	lines   *bufio.Scanner
}

func (s *server) newFollower(ctx context.Context) (*follower, error) {
	command := exec.CommandContext(ctx, s.binaries.path("follow"), "-kubeconfig", s.Kubeconfig, "-context", "reader")
	command.Env = append(os.Environ(), "GOGC=25") // as the program has it
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("following the server: %w", err)
	}
	return &follower{command, bufio.NewScanner(out)}, nil
}

// until reads lines until one will do, and returns the longest lag on the way.
func (f *follower) until(enough func(heard) bool) (time.Duration, error) {
	lag, first := time.Duration(0), true
	for f.lines.Scan() {
		var h heard
		if err := json.Unmarshal(f.lines.Bytes(), &h); err != nil {
			return lag, fmt.Errorf("following the server: %w", err)
		}
		if !first { // which may still tell of before
			lag = max(lag, h.Lag)
		}
		first = false
		if enough(h) {
			return lag, nil
		}
	}
	return lag, errors.Join(fmt.Errorf("following the server: %w", io.ErrUnexpectedEOF), f.lines.Err())
}

// cores is how much of the processor the follower takes while something is done.
func (f *follower) cores(do func() error) (float64, error) {
	before, err := ticks(f.command.Process.Pid)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := do(); err != nil {
		return 0, err
	}
	after, err := ticks(f.command.Process.Pid)
	return float64(after-before) / float64(time.Since(began)), err
}

// follow measures a follower while pods change, and while nothing does.
func (s *server) follow(ctx context.Context, fleet fleet.Fleet) (result followed, err error) {
	progress("following %d changes a second", eventsASecond)
	f, err := s.newFollower(ctx)
	if err != nil {
		return result, err
	}
	defer func() {
		err = errors.Join(err, f.command.Process.Signal(os.Interrupt), f.command.Wait())
	}()
	result.pods = fleet.Pods()
	if _, err := f.until(func(h heard) bool { return h.Settled && h.Complete }); err != nil {
		return result, err
	}
	changes := int(eventTime.Seconds()) * eventsASecond
	lags := make(chan error, 1)
	var done atomic.Bool
	go func() {
		last, same := int64(0), 0
		lag, err := f.until(func(h heard) bool {
			if same++; h.Events != last {
				last, same = h.Events, 0
			}
			// A watch that was broken and begun anew has heard of fewer.
			return h.Events >= int64(changes) || done.Load() && same >= 3
		})
		result.lag = lag
		lags <- err
	}()
	result.busy, err = f.cores(func() error {
		return s.fill(ctx, eventsASecond, func(w io.Writer) error { return writeChanges(w, fleet, changes) })
	})
	if err != nil {
		return result, err
	}
	done.Store(true)
	if err := <-lags; err != nil {
		return result, err
	}
	if _, err := f.until(func(h heard) bool { return h.Complete }); err != nil {
		return result, err
	}
	progress("following a quiet cluster")
	result.quiet, err = f.cores(func() error {
		until := time.Now().Add(quietTime)
		_, err := f.until(func(heard) bool { return time.Now().After(until) })
		return err
	})
	return result, err
}

func writeChanges(w io.Writer, f fleet.Fleet, changes int) error {
	out := bufio.NewWriterSize(w, 1<<20)
	for i := range changes {
		if _, err := fleet.WriteObject(out, kube.Pods, f.Change(i)); err != nil {
			return err
		}
	}
	return out.Flush()
}
