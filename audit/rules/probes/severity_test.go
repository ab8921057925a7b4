package probes_test

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/probes"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestSeverityDependsOnTheEvidence judges the examples that fail, and compares
// the severity of each finding, by workload and container.
func TestSeverityDependsOnTheEvidence(t *testing.T) {
	t.Parallel()
	portSeverities := map[string]string{"web/proxy": "low", "web/web": "high", "web/api": "low", "web/rpc": "low"}
	want := map[string]map[string]string{
		"readiness-probe-missing": {
			"web/web": "medium", "web/proxy": "medium", "silent/silent": "medium",
			"web/metrics": "info", "worker/worker": "info", "gossip/gossip": "info", "bare/bare": "info",
		},
		"liveness-probe-port-not-declared":  portSeverities,
		"readiness-probe-port-not-declared": portSeverities,
		"startup-probe-port-not-declared":   portSeverities,
	}
	got := map[string]map[string]string{}
	for id := range maps.Keys(want) {
		source := manifest.New([]string{filepath.Join("testdata", id, "fail.yaml")}, manifest.Options{})
		c, err := kube.Load(t.Context(), source, nil)
		if err != nil {
			t.Fatal(err)
		}
		got[id] = map[string]string{}
		for _, f := range audit.Run(c, []audit.Category{probes.Category()}).Findings() {
			if f.Rule.ID == id {
				got[id][f.Subject.Name+"/"+f.Container] = f.Severity.String()
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("severities (-want +got):\n%s", diff)
	}
}
