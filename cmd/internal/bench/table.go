package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The marks between which the README has the table.
const (
	beginMark = "<!-- bench:begin, written by make bench -->"
	endMark   = "<!-- bench:end -->"
)

// table is what goes into the README.
type table struct {
	machine string
	rows    []string
	follows []followed
}

func newTable() *table { return &table{machine: machine()} }

// machine names what was measured on.
func machine() string {
	model, memory := "a processor without a name", ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.SplitSeq(string(text), "\n") {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
			}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kilobytes int64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kilobytes); err == nil {
			memory = fmt.Sprintf(", %d GiB", (kilobytes+1<<19)>>20)
		}
	}
	return fmt.Sprintf("%s, %d cores%s, %s, %s/%s", model, runtime.NumCPU(), memory, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func megabytes(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }

// thousands writes 30000 as 30,000.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

func (t *table) alone(what string, c cost, target string) {
	t.rows = append(t.rows, fmt.Sprintf("| %s | %s | %s | %s | | %s |", what, seconds(c.wall), seconds(c.cpu), megabytes(c.memory), target))
}

func (t *table) against(what string, floor, ours cost) {
	t.rows = append(t.rows,
		fmt.Sprintf("| %s | %s | %s | %s | **%.2f× CPU, %.2f× wall** | 1.5× |", what, seconds(ours.wall), seconds(ours.cpu), megabytes(ours.memory),
			float64(ours.cpu)/float64(floor.cpu), float64(ours.wall)/float64(floor.wall)),
		fmt.Sprintf("| the floor: list everything, drop it | %s | %s | %s | 1× | |", seconds(floor.wall), seconds(floor.cpu), megabytes(floor.memory)))
}

// String returns the table in Markdown.
func (t *table) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "On %s. Medians of whole processes; the floor and the scan run in turn against the same API server.\n\n", t.machine)
	out.WriteString("| | wall | CPU | peak memory | against the floor | target |\n|---|--:|--:|--:|---|---|\n")
	out.WriteString(strings.Join(t.rows, "\n") + "\n")
	if len(t.follows) > 0 {
		fmt.Fprintf(&out, "\n| following live, every rule judged | %d status changes of pods a second | nothing happens | a view is assessed within |\n|---|--:|--:|--:|\n", eventsASecond)
	}
	for _, f := range t.follows {
		fmt.Fprintf(&out, "| %s pods | %.0f %% of a core | %.1f %% | %s |\n", thousands(f.pods), 100*f.busy, 100*f.quiet, seconds(f.lag))
	}
	return out.String()
}

// writeInto replaces the table of a file.
func (t *table) writeInto(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	before, rest, ok := bytes.Cut(text, []byte(beginMark))
	_, after, ended := bytes.Cut(rest, []byte(endMark))
	if !ok || !ended {
		return fmt.Errorf("writing the table: %s has no %s and %s", path, beginMark, endMark)
	}
	var out bytes.Buffer
	for _, part := range []string{string(before), beginMark, "\n", t.String(), endMark, string(after)} {
		out.WriteString(part)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil { //nolint:gosec // a README is for everybody
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

// summarize writes a page of where CPU and memory went beside the profiles.
func summarize(ctx context.Context, binary, folder string) error {
	var page bytes.Buffer
	for _, section := range []struct {
		title string
		args  []string
	}{
		{"CPU, by function with what it calls", []string{"-top", "-cum", "-nodecount=45", binary, filepath.Join(folder, "cpu.pprof")}},
		{"Memory in use at the end", []string{"-top", "-sample_index=inuse_space", "-nodecount=30", binary, filepath.Join(folder, "memory.pprof")}},
		{"Memory allocated on the way", []string{"-top", "-sample_index=alloc_space", "-nodecount=30", binary, filepath.Join(folder, "memory.pprof")}},
	} {
		text, err := exec.CommandContext(ctx, "go", append([]string{"tool", "pprof"}, section.args...)...).Output()
		if err != nil {
			return fmt.Errorf("summarizing profiles: %w", err)
		}
		fmt.Fprintf(&page, "## %s\n\n%s\n", section.title, text)
	}
	classes, err := os.ReadFile(filepath.Join(folder, "memory.txt"))
	if err != nil {
		return fmt.Errorf("summarizing profiles: %w", err)
	}
	fmt.Fprintf(&page, "## Memory taken from the system at the end, MiB\n\n%s\n", classes)
	if err := os.WriteFile(filepath.Join(folder, "summary.txt"), page.Bytes(), 0o600); err != nil {
		return fmt.Errorf("summarizing profiles: %w", err)
	}
	return nil
}
