package kubetest

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Play plays a scenario: a file as kube/testbed/scenario.go describes it. It calls
// healthy when the cluster is, about two seconds before it breaks, and returns when
// the scenario is ripe. The test fails if it does not come that far. The cluster
// must have the nodes and zones that the file names, and controllers.
func (t *Testbed) Play(tb testing.TB, file string, healthy func()) {
	tb.Helper()
	absolute, err := filepath.Abs(file)
	if err != nil {
		tb.Fatalf("playing %s: %v", file, err)
	}
	command := exec.CommandContext(tb.Context(), "go", "run", ".", "scenario", "-kubeconfig", t.Kubeconfig, absolute)
	command.Dir = t.source
	command.Env = append(os.Environ(), "GOWORK=off")
	command.Stderr = tb.Output()
	stdout, err := command.StdoutPipe()
	if err != nil {
		tb.Fatalf("playing %s: %v", file, err)
	}
	if err := command.Start(); err != nil {
		tb.Fatalf("playing %s: %v", file, err)
	}
	last := ""
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		var line struct {
			Reached string  `json:"reached"`
			Seconds float64 `json:"seconds"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			tb.Errorf("playing %s: reading %q: %v", file, lines.Text(), err)
			break
		}
		tb.Logf("%s is %s after %.1f s", filepath.Base(filepath.Dir(file)), line.Reached, line.Seconds)
		if last = line.Reached; last == "healthy" {
			healthy()
		}
	}
	if err := command.Wait(); err != nil || last != "ripe" {
		tb.Fatalf("playing %s: it came as far as %q: %v", file, last, err)
	}
}
