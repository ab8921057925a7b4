package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// process is a component that runs, with its output in a file.
type process struct {
	name    string
	log     string
	command *exec.Cmd
	done    chan struct{} // closed when it has ended
	err     error         // why it ended; read after done
}

// startProcess starts a component in the directory. It must be called from the
// goroutine that owns the main thread (see main).
func startProcess(dir, name, path string, args []string) (*process, error) {
	p := &process{name: name, log: filepath.Join(dir, name+".log"), done: make(chan struct{})}
	output, err := os.Create(p.log)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	defer output.Close()
	p.command = exec.Command(path, args...)
	p.command.Dir = dir
	p.command.Env = withoutProxy(os.Environ())
	p.command.Stdout, p.command.Stderr = output, output
	p.command.SysProcAttr = childAttributes()
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.done)
	}()
	return p, nil
}

// withoutProxy drops the proxy variables: the API server would send its calls to
// webhooks and aggregated APIs through the proxy.
func withoutProxy(environment []string) []string {
	var kept []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasSuffix(strings.ToLower(name), "_proxy") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// died describes how the process ended, with the end of its log. It must have
// ended.
func (p *process) died() error {
	cause := p.err
	if cause == nil {
		cause = errors.New("exit status 0")
	}
	log, err := os.ReadFile(p.log)
	if err != nil {
		return errors.Join(fmt.Errorf("%s ended: %w", p.name, cause), err)
	}
	return fmt.Errorf("%s ended: %w; the end of %s:\n%s", p.name, cause, p.log, lastLines(log, 15))
}

func lastLines(text []byte, n int) []byte {
	lines := bytes.Split(bytes.TrimRight(text, "\n"), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-n):], []byte("\n"))
}

// waitFor polls a probe, more and more slowly, until it succeeds. It gives up when
// the context ends or any of the processes does.
func waitFor(ctx context.Context, what string, watched []*process, probe func(context.Context) error) error {
	const slowest = 500 * time.Millisecond
	pause := 20 * time.Millisecond
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := probe(attempt)
		cancel()
		if err == nil {
			return nil
		}
		for _, p := range watched {
			select {
			case <-p.done:
				return fmt.Errorf("waiting for %s: %w", what, p.died())
			default:
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w: %w", what, context.Cause(ctx), err)
		case <-time.After(pause):
		}
		pause = min(pause*3/2, slowest)
	}
}

// stopProcesses asks all to end, and ends those that have not after the grace.
func stopProcesses(processes []*process, grace time.Duration) {
	for _, p := range processes {
		select {
		case <-p.done:
		default:
			// The process may end at this moment: then there is nothing to signal.
			_ = signalGroup(p.command.Process.Pid, syscall.SIGTERM)
		}
	}
	deadline := time.After(grace)
	for _, p := range processes {
		select {
		case <-p.done:
			continue
		default:
		}
		select {
		case <-p.done:
		case <-deadline:
			deadline = closedTime()
			_ = signalGroup(p.command.Process.Pid, syscall.SIGKILL)
			<-p.done
		}
	}
}

// closedTime is a deadline that has passed.
func closedTime() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}
