package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

func since(t *testing.T, format string, c *compare.Comparison) []byte {
	t.Helper()
	f, err := report.FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.WriteSince(&out, c, report.Frameworks(asked())...); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSARIFSaysWhatIsNew holds that every finding that is there is a result with its state,
// and that what is not there any more is counted and not among them.
func TestSARIFSaysWhatIsNew(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	for name, tt := range map[string]struct {
		before, after *score.Assessment
		states        map[string]int
		absent        int
	}{
		"the same":  {assessment(t), assessment(t), map[string]int{"unchanged": 4}, 0},
		"accepted":  {assessment(t), accepting(t), map[string]int{"unchanged": 2, "updated": 2, "new": 2}, 0},
		"reopened":  {accepting(t), assessment(t), map[string]int{"unchanged": 2, "updated": 2}, 2},
		"all came":  {crowd(t, 0, 0, ""), crowd(t, 1, 2, "", "one"), map[string]int{"new": 2}, 0},
		"all gone":  {crowd(t, 1, 2, "", "one"), crowd(t, 0, 0, ""), map[string]int{}, 2},
		"all fixed": {crowd(t, 1, 2, "", "one"), crowd(t, 1, 2, ""), map[string]int{}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := compare.Assessments(tt.before, tt.after)
			text := since(t, "sarif", c)
			log := scanned(t, schema, text)
			states, kinds := map[string]int{}, map[string]int{}
			for _, r := range log.Runs[0].Results {
				states[r.BaselineState]++
				if r.BaselineState != "unchanged" {
					kinds[r.Properties.Change]++
				}
			}
			if diff := cmp.Diff(tt.states, states); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
			var said struct {
				Runs []struct {
					Properties struct {
						Baseline struct {
							Cluster string
							Counts  map[string]int
							Same    int
						}
					}
				}
			}
			if err := json.Unmarshal(text, &said); err != nil {
				t.Fatal(err)
			}
			b, absent := said.Runs[0].Properties.Baseline, 0
			for kind, count := range b.Counts {
				if count != kinds[kind] {
					absent += count
				}
			}
			if absent != tt.absent || b.Same != states["unchanged"] || b.Cluster != tt.before.Cluster.Info.Name {
				t.Errorf("%d are absent, want %d, of %+v", absent, tt.absent, b)
			}
		})
	}
}

// TestWhatABaselineLeaves holds that a baseline changes no byte of another format, and
// nothing else in SARIF.
func TestWhatABaselineLeaves(t *testing.T) {
	t.Parallel()
	c := compare.Assessments(assessment(t), accepting(t))
	for _, f := range report.Formats() {
		got, want := since(t, f.Name, c), written(t, f.Name, c.After, asked())
		if f.Name != "sarif" {
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-without +with a baseline):\n%s", f.Name, diff)
			}
			continue
		}
		var logs [2]struct{ Runs []map[string]any }
		for i, text := range [][]byte{want, got} {
			if err := json.Unmarshal(text, &logs[i]); err != nil {
				t.Fatal(err)
			}
		}
		delete(logs[1].Runs[0]["properties"].(map[string]any), "baseline")
		for _, r := range logs[1].Runs[0]["results"].([]any) {
			delete(r.(map[string]any), "baselineState")
			delete(r.(map[string]any)["properties"].(map[string]any), "change")
		}
		if diff := cmp.Diff(logs[0], logs[1]); diff != "" {
			t.Errorf("sarif (-without +with a baseline):\n%s", diff)
		}
	}
}
