package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// fleetReport returns the report of several clusters in a format.
func fleetReport(t *testing.T, format string, members []report.Member) []byte {
	t.Helper()
	f, err := report.FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(writtenFleet(t, f, members))
}

// TestFleetSARIF holds that each cluster has a run that is told apart, and that one which
// could not be looked at has one that failed.
func TestFleetSARIF(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	anything(t, func(text string) bool {
		members := fleetMembers(t, text)
		log := scanned(t, schema, fleetReport(t, "sarif", members))
		ids := map[string]bool{}
		for i, run := range log.Runs {
			ids[run.AutomationDetails.ID] = true
			looked := members[i].Document != nil
			if run.AutomationDetails.ID != "seaworthy/"+members[i].Name()+"/" && strings.ToValidUTF8(text, "") == text || run.Invocations[0].ExecutionSuccessful != looked {
				t.Errorf("the run of %q has the ID %q and succeeded: %t", members[i].Name(), run.AutomationDetails.ID, run.Invocations[0].ExecutionSuccessful)
			}
			if looked && len(run.Results) != len(members[i].Document.Findings) {
				t.Errorf("%s has %d results, want %d", members[i].Name(), len(run.Results), len(members[i].Document.Findings))
			}
		}
		if said := log.Runs[2].Invocations[0].ToolExecutionNotifications; len(said) != 1 || said[0].Level != "error" || !strings.HasPrefix(said[0].Message.Text, "gone could not be looked at: connecting to gone: ") {
			t.Errorf("of a cluster that could not be looked at it says %+v", said)
		}
		return len(log.Runs) == len(members) && len(ids) == len(members) && !t.Failed()
	})
}

// TestFleetRunIsThatOfOneCluster holds that a run of a fleet says what the run of a scan of
// that cluster alone does, but for the names in the kubeconfig.
func TestFleetRunIsThatOfOneCluster(t *testing.T) {
	t.Parallel()
	runs := func(text []byte) []any {
		var log struct{ Runs []any }
		if err := json.Unmarshal(text, &log); err != nil {
			t.Fatal(err)
		}
		return log.Runs
	}
	for i, a := range []*score.Assessment{assessment(t), accepting(t)} {
		together := runs(fleetReport(t, "sarif", fleetMembers(t, "x")))[i].(map[string]any)
		properties := together["properties"].(map[string]any)
		if name := properties["cluster"].(map[string]any)["name"]; name != []string{"prod", "staging"}[i] {
			t.Errorf("cluster %d is called %v", i, name)
		}
		properties["cluster"].(map[string]any)["name"] = "prod"
		delete(properties, "contexts")
		together["automationDetails"].(map[string]any)["id"] = "seaworthy/prod/"
		if diff := cmp.Diff(runs(written(t, "sarif", a, asked()))[0], any(together)); diff != "" {
			t.Errorf("cluster %d (-alone +in the fleet):\n%s", i, diff)
		}
	}
}
