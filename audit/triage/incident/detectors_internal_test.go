package incident

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/controlplane"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/nodes"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/storage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/traffic"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/workloads"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

// catalogue are the detectors of the design.
const catalogue = `
pod-unschedulable pod-scheduler-error pod-no-scheduler pod-preempted pod-admission-failed create-refused
pod-creating-stuck pod-mount-failed pod-attach-failed pod-volume-limit pod-sandbox-failed image-pull config-error create-error init-stuck
crash-loop oom-killed node-oom pod-evicted pod-disrupted probe-liveness probe-startup probe-readiness readiness-gate not-ready-node
restart-burst pod-terminating-stuck pod-unknown resize-stuck
deploy-deadline deploy-stalling deploy-unavailable deploy-degraded observed-stale sts-blocked-ordinal sts-bad-revision ds-missing
job-failed job-long cron-missed cron-events cron-never-ok
hpa-blind hpa-target-gone hpa-maxed pdb-blocking pdb-impossible svc-no-endpoints svc-port-mismatch lb-pending ingress-backend gateway-bad dns-unhealthy
node-notready node-silent node-pressure node-npd node-cordoned node-flap node-evicting node-rebooted node-skew node-clock zone-down node-lease-stale
pvc-pending pvc-lost pvc-resize attach-stuck quota-full webhook-down apiservice-down ns-stuck leader-stale cert-expiring csr-pending crd-bad gitops-failed
`

func all() []*triage.Detector {
	return slices.Concat(controlplane.Detectors(), nodes.Detectors(), storage.Detectors(), traffic.Detectors(), workloads.Detectors())
}

func TestTheTablesNameDetectorsOfTheDesign(t *testing.T) {
	t.Parallel()
	known := strings.Fields(catalogue)
	for _, id := range Detectors() {
		if !slices.Contains(known, id) {
			t.Errorf("the tables name %s, which is no detector", id)
		}
	}
	for _, d := range all() {
		if !slices.Contains(known, d.ID) {
			t.Errorf("%s is not in the design", d.ID)
		}
	}
}

// TestEveryDetectorHasItsPlace holds that what a detector's rung says fits the tables:
// an effect follows from something, and explains nothing that stands higher.
func TestEveryDetectorHasItsPlace(t *testing.T) {
	t.Parallel()
	rungs := map[string]triage.Rung{}
	for _, d := range all() {
		rungs[d.ID] = d.Rung
	}
	for _, m := range ladder() {
		for _, root := range m.roots {
			if rungs[root] == triage.Effects {
				t.Errorf("%s is an effect and explains %v", root, m.symptoms)
			}
		}
		if len(m.symptoms) == 0 || len(m.roots) == 0 && m.role == "" {
			t.Errorf("a mechanism of rung %d has no roots or no symptoms", m.rung)
		}
	}
}

// TestExamples looks at every example of every detector with all detectors at once.
func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "signals", "*", "testdata", "*", "*.yaml"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	for _, file := range files {
		c := triagetest.View(t, file, 0)
		tracker := NewTracker(all())
		for _, after := range []time.Duration{0, 20 * time.Minute, time.Hour} {
			r := tracker.Update(c, c.Time.Add(after))
			if fault := sound(r); fault != "" {
				t.Errorf("%s after %s: %s", file, after, fault)
			}
		}
	}
}
