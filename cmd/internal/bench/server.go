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
	"path/filepath"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// binaries are the programs that are measured and those that help.
type binaries struct{ folder string }

func (b binaries) path(name string) string { return filepath.Join(b.folder, name) }

// build compiles them all.
func (b binaries) build(ctx context.Context) error {
	for name, place := range map[string][2]string{
		"seaworthy": {".", "./cmd/seaworthy"}, "floor": {".", "./kube/live/floor"},
		"follow": {".", "./cmd/internal/bench/follow"}, "testbed": {"kube/testbed", "."},
	} {
		command := exec.CommandContext(ctx, "go", "build", "-C", place[0], "-o", b.path(name), place[1])
		if text, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w: %s", name, err, text)
		}
	}
	return nil
}

// server is an API server that is filled with a fleet.
type server struct {
	kubetest.Testbed

	binaries binaries
	stdin    io.Closer
	command  *exec.Cmd
}

// start starts a server and fills it.
func (b binaries) start(ctx context.Context, f fleet.Fleet) (*server, error) {
	s := &server{binaries: b, command: exec.CommandContext(ctx, b.path("testbed"), "up")}
	s.command.Dir = "kube/testbed"
	stdin, err := s.command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting a server: %w", err)
	}
	s.stdin = stdin
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting a server: %w", err)
	}
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("starting a server: %w", err)
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s.Testbed)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting a server: %w", err), s.stop())
	}
	if err := s.fill(ctx, 0, func(w io.Writer) error { _, err := f.WriteTo(w); return err }); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// fill writes objects into the server's etcd, so many a second; 0 means as fast as
// it goes.
func (s *server) fill(ctx context.Context, rate int, write func(io.Writer) error) error {
	command := exec.CommandContext(ctx, s.binaries.path("testbed"), "fill", "-etcd", s.Etcd, "-rate", fmt.Sprint(rate))
	stream, err := command.StdinPipe()
	if err != nil {
		return fmt.Errorf("filling the server: %w", err)
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return fmt.Errorf("filling the server: %w", err)
	}
	written := write(stream)
	if err := errors.Join(written, stream.Close(), command.Wait()); err != nil {
		return fmt.Errorf("filling the server: %w", err)
	}
	return nil
}

// stop ends the server.
func (s *server) stop() error {
	return errors.Join(s.stdin.Close(), s.command.Wait())
}

// reader are the arguments by which a program reads the server.
func (s *server) reader() []string {
	return []string{"--kubeconfig", s.Kubeconfig, "--context", "reader"}
}
