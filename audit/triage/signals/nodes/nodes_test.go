package nodes_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/nodes"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

func TestDetectors(t *testing.T) {
	t.Parallel()
	triagetest.Run(t, nodes.Detectors(), "testdata")
}
