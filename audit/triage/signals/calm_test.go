package signals_test

import (
	"slices"
	"testing"

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

// all returns every detector.
func all() []*triage.Detector {
	return slices.Concat(
		controlplane.Detectors(), nodes.Detectors(), running.Detectors(), scheduling.Detectors(), starting.Detectors(),
		storage.Detectors(), traffic.Detectors(), workloads.Detectors(),
	)
}

// TestNothingIsWrongInACalmCluster holds all detectors to a cluster in which there is
// a rollout, a drain, Jobs that succeed at the second attempt, and traces of the past.
func TestNothingIsWrongInACalmCluster(t *testing.T) {
	t.Parallel()
	if err := triage.Validate(all()); err != nil {
		t.Error(err)
	}
	view := triagetest.View(t, "testdata/calm.yaml", 0)
	for _, w := range triage.NewWatch().Update(triage.NewDetection(all()).Detect(view), view.Time) {
		if severity := triage.SeverityOf(view, w.Signal); w.State == triage.Firing && severity != triage.S4 {
			t.Errorf("%s: %s is %s: %s", w.Detector.ID, w.Object, severity, w.Message)
		}
	}
}
