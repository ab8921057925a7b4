package running_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/running"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

func TestDetectors(t *testing.T) {
	t.Parallel()
	triagetest.Run(t, running.Detectors(), "testdata")
}
