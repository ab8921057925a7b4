//go:build e2e

package main

import (
	"bufio"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEndToEndNothingUnusedIsLinked holds that no function calls methods by names that
// are not known before it runs. The linker marks one that does, and then keeps every
// exported method of every type: text/template alone made the program a sixth larger.
// Libraries bring it in unseen, so the program is asked, not its imports.
func TestEndToEndNothingUnusedIsLinked(t *testing.T) {
	t.Parallel()
	link := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-ldflags=-dumpdep", "-o", filepath.Join(t.TempDir(), "seaworthy"), ".")
	graph, err := link.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := link.Start(); err != nil {
		t.Fatal(err)
	}
	edges, last := 0, ""
	by := map[string]string{} // what first led to a symbol
	for in := bufio.NewReader(graph); ; edges++ {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		last = line
		from, to, _ := strings.Cut(strings.TrimSpace(line), " -> ")
		if by[to] == "" {
			by[to] = from
		}
		if !strings.HasSuffix(to, "<ReflectMethod>") {
			continue
		}
		way := to
		for step := from; step != "" && step != "_" && len(way) < 2000; step = by[step] {
			way = step + " -> " + way
		}
		t.Fatalf("methods are called by name, so that all are kept:\n%s", way)
	}
	if err := link.Wait(); err != nil {
		t.Fatalf("building the program: %v: %s", err, last)
	}
	if edges < 10_000 {
		t.Errorf("the linker tells of %d dependencies only: this test could not have failed", edges)
	}
}
