package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // the most that was resident, bytes
}

// measure runs a command to its end. What it prints is dropped.
func measure(ctx context.Context, name string, args ...string) (cost, error) {
	command := exec.CommandContext(ctx, name, args...)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	began := time.Now()
	if err := command.Run(); err != nil {
		return cost{}, fmt.Errorf("running %s %v: %w: %s", name, args, err, complaints.Bytes())
	}
	c := cost{wall: time.Since(began), cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = usage.Maxrss << 10 // Linux counts in kilobytes
	}
	return c, nil
}

// median returns the medians of each figure.
func median(costs []cost) cost {
	return cost{
		wall:   middle(costs, func(c cost) time.Duration { return c.wall }),
		cpu:    middle(costs, func(c cost) time.Duration { return c.cpu }),
		memory: middle(costs, func(c cost) int64 { return c.memory }),
	}
}

func middle[T ~int64](costs []cost, of func(cost) T) T {
	values := make([]T, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// alternate measures two commands in turn, so that a busy moment of the machine
// meets both.
func alternate(ctx context.Context, runs int, first, second []string) (a, b cost, err error) {
	var firsts, seconds []cost
	for range runs {
		for _, c := range []struct {
			line []string
			into *[]cost
		}{{first, &firsts}, {second, &seconds}} {
			one, err := measure(ctx, c.line[0], c.line[1:]...)
			if err != nil {
				return a, b, err
			}
			*c.into = append(*c.into, one)
		}
	}
	return median(firsts), median(seconds), nil
}

// repeat measures a command several times.
func repeat(ctx context.Context, runs int, line ...string) (cost, error) {
	var costs []cost
	for range runs {
		one, err := measure(ctx, line[0], line[1:]...)
		if err != nil {
			return cost{}, err
		}
		costs = append(costs, one)
	}
	return median(costs), nil
}

// ticks is what the processor has spent on a process so far.
func ticks(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("reading what a process takes: %w", err)
	}
	_, rest, _ := bytes.Cut(text, []byte(") ")) // the name may have blanks
	var user, system int64
	fields := bytes.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("reading what a process takes: %q", text)
	}
	if _, err := fmt.Sscan(string(fields[11])+" "+string(fields[12]), &user, &system); err != nil {
		return 0, fmt.Errorf("reading what a process takes: %w", err)
	}
	return time.Duration(user+system) * time.Second / 100, nil // USER_HZ is 100 on every Linux
}
