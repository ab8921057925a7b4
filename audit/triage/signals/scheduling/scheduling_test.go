package scheduling_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/scheduling"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

func TestDetectors(t *testing.T) {
	t.Parallel()
	triagetest.Run(t, scheduling.Detectors(), "testdata")
}
