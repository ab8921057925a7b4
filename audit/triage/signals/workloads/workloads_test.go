package workloads_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/workloads"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

func TestDetectors(t *testing.T) {
	t.Parallel()
	triagetest.Run(t, workloads.Detectors(), "testdata")
}
