package starting_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/starting"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

func TestDetectors(t *testing.T) {
	t.Parallel()
	triagetest.Run(t, starting.Detectors(), "testdata")
}
