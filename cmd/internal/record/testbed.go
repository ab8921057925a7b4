package record

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
	"strconv"
)

const testbedSource = "kube/testbed"

// Testbed is the testbed's program, of the checkout whose root is the current folder.
type Testbed struct{ program string }

// Build compiles it. Remove must be called.
func Build(ctx context.Context) (*Testbed, error) {
	dir, err := os.MkdirTemp("", "seaworthy-record-")
	if err != nil {
		return nil, fmt.Errorf("building the testbed: %w", err)
	}
	t := &Testbed{filepath.Join(dir, "testbed")}
	command := exec.CommandContext(ctx, "go", "build", "-C", testbedSource, "-o", t.program, ".")
	command.Env = append(os.Environ(), "GOWORK=off")
	if output, err := command.CombinedOutput(); err != nil {
		t.Remove()
		return nil, fmt.Errorf("building the testbed: %w\n%s", err, output)
	}
	return t, nil
}

// Remove removes the program.
func (t *Testbed) Remove() { _ = os.RemoveAll(filepath.Dir(t.program)) }

// Cluster is what runs beside the API server and its controllers.
type Cluster struct {
	Nodes   int  `json:"nodes"`
	Zones   int  `json:"zones"` // over which the nodes are spread, 0 for one
	Metrics bool `json:"metrics"`
}

// Up runs a cluster until end is called.
func (t *Testbed) Up(ctx context.Context, wanted Cluster) (kubeconfig string, end func(), err error) {
	args := []string{"up", "-controllers", "-nodes", strconv.Itoa(wanted.Nodes), "-zones", strconv.Itoa(max(1, wanted.Zones))}
	if wanted.Metrics {
		args = append(args, "-metrics")
	}
	command := exec.CommandContext(ctx, t.program, args...)
	command.Dir = testbedSource
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

// Apply applies manifests.
func (t *Testbed) Apply(ctx context.Context, kubeconfig, path string) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("applying %s: %w", path, err)
	}
	command := exec.CommandContext(ctx, t.program, "apply", "-kubeconfig", kubeconfig, absolute)
	command.Dir = testbedSource
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("applying %s: %w\n%s", path, err, output)
	}
	return nil
}

// Stage is how far a scenario has come, or why it does not get on.
type Stage struct {
	Name string // "healthy" or "ripe"
	Err  error
}

// Play starts a scenario and tells how far it has come. What it returns is closed when
// the scenario has ended.
func (t *Testbed) Play(ctx context.Context, kubeconfig, file string) (<-chan Stage, error) {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, t.program, "scenario", "-kubeconfig", kubeconfig, absolute)
	command.Dir = testbedSource
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	reached := make(chan Stage, 3)
	go func() {
		defer close(reached)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			var line struct {
				Reached string `json:"reached"`
			}
			err := json.Unmarshal(lines.Bytes(), &line)
			reached <- Stage{line.Reached, err}
		}
		if err := errors.Join(lines.Err(), command.Wait()); err != nil {
			reached <- Stage{"", err}
		}
	}()
	return reached, nil
}
