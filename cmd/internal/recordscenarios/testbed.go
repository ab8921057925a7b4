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
	"strconv"

	"sigs.k8s.io/yaml"
)

const testbedSource = "kube/testbed"

// testbed is the testbed's program.
type testbed struct{ program string }

func buildTestbed(ctx context.Context) (*testbed, error) {
	dir, err := os.MkdirTemp("", "recordscenarios-")
	if err != nil {
		return nil, err
	}
	t := &testbed{filepath.Join(dir, "testbed")}
	command := exec.CommandContext(ctx, "go", "build", "-C", testbedSource, "-o", t.program, ".")
	command.Env = append(os.Environ(), "GOWORK=off")
	if output, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the testbed: %w\n%s", err, output)
	}
	return t, nil
}

// up runs the cluster that a scenario wants until end is called.
func (t *testbed) up(ctx context.Context, file string) (kubeconfig string, end func(), err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	var wanted struct {
		Cluster struct {
			Nodes   int  `json:"nodes"`
			Zones   int  `json:"zones"`
			Metrics bool `json:"metrics"`
		} `json:"cluster"`
	}
	if err := yaml.Unmarshal(text, &wanted); err != nil {
		return "", nil, fmt.Errorf("reading %s: %w", file, err)
	}
	args := []string{"up", "-controllers", "-nodes", strconv.Itoa(wanted.Cluster.Nodes), "-zones", strconv.Itoa(wanted.Cluster.Zones)}
	if wanted.Cluster.Metrics {
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

// stage is how far a scenario has come, or why it does not get on.
type stage struct {
	name string
	err  error
}

// play starts a scenario and tells how far it has come.
func (t *testbed) play(ctx context.Context, kubeconfig, file string) (<-chan stage, error) {
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
	reached := make(chan stage, 3)
	go func() {
		defer close(reached)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			var line struct {
				Reached string `json:"reached"`
			}
			err := json.Unmarshal(lines.Bytes(), &line)
			reached <- stage{line.Reached, err}
		}
		if err := errors.Join(lines.Err(), command.Wait()); err != nil {
			reached <- stage{"", err}
		}
	}()
	return reached, nil
}
