package signals_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/controlplane"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/nodes"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/running"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/scheduling"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/starting"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/storage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/traffic"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/workloads"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

// TestReadme holds the list that people read to the detectors there are.
func TestReadme(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("# Signals\n\nWhat triage looks for. A signal counts once it has lasted for a while (*after*); *paged* is after how long the\n" +
		"alerts of kubernetes-mixin page somebody for the same. Written by `go test ./audit/triage/signals -update`.\n")
	for _, group := range []struct {
		name      string
		detectors []*triage.Detector
	}{
		{"controlplane", controlplane.Detectors()},
		{"nodes", nodes.Detectors()},
		{"storage", storage.Detectors()},
		{"scheduling", scheduling.Detectors()},
		{"starting", starting.Detectors()},
		{"running", running.Detectors()},
		{"workloads", workloads.Detectors()},
		{"traffic", traffic.Detectors()},
	} {
		fmt.Fprintf(&text, "\n## %s\n\n| signal | what is wrong | after | paged |\n|---|---|---|---|\n", group.name)
		for _, d := range group.detectors {
			fmt.Fprintf(&text, "| [%s](%s/%s.go) | %s | %s | %s |\n", d.ID, group.name, d.ID, d.Title, lasting(d.After), lasting(d.Paged))
		}
	}
	if triagetest.Updating() {
		if err := os.WriteFile("README.md", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), text.String()); diff != "" {
		t.Errorf("README.md (-written +due):\n%s", diff)
	}
}

func lasting(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return triage.Span(d)
}
