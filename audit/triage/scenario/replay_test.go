package scenario_test

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/scenario"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// folders returns the folder of each scenario.
func folders(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*", "expect.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("only %d scenarios are there", len(files))
	}
	for i := range files {
		files[i] = filepath.Dir(files[i])
	}
	return files
}

func expectation(t *testing.T, folder string) *scenario.Expectation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "expect.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := scenario.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	return e
}

// replay looks at every recorded view, and then at the last one later.
func replay(t *testing.T, folder string, e *scenario.Expectation) *scenario.Run {
	t.Helper()
	file := filepath.Join(folder, "recording.seaworthy")
	source := recording.New(file, func() (io.ReadCloser, error) { return os.Open(file) }, recording.Paced(math.MaxInt32))
	r := scenario.NewRun()
	if err := source.Watch(t.Context(), func(c *kube.Cluster) { r.See(c) }); err != nil {
		t.Fatal(err)
	}
	for _, problem := range source.Problems() {
		t.Fatal(problem)
	}
	if err := r.Pass(e.Later); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTriageMakesOfEachScenarioWhatIsExpected(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			e := expectation(t, folder)
			r := replay(t, folder, e)
			differences := e.Differences(r)
			for _, difference := range differences {
				if !slices.Contains(e.Wrong, difference) {
					t.Error(difference)
				}
			}
			for _, difference := range e.Wrong {
				if !slices.Contains(differences, difference) {
					t.Errorf("this is right by now, and expect.yaml has it as wrong: %s", difference)
				}
			}
			if t.Failed() {
				var text strings.Builder
				if err := briefing.WriteText(&text, r.Report(), nil); err != nil {
					t.Fatal(err)
				}
				t.Log(text.String())
			}
		})
	}
}

// TestExpectationsCanFail holds each recording to what is expected of another.
func TestExpectationsCanFail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ recorded, expected, want string }{
		{"oom-after-limit", "quiet-job", "it is quiet, and this fires: S1 Pod shop/api-"},
		{"quiet-job", "oom-after-limit", "oom-killed does not fire"},
		{"quiet-job", "node-lost", "there is no incident"},
		{"oom-after-limit", "bad-tag", "unexpected: S1 Pod shop/api-"},
		{"bad-tag", "bad-readiness", "probe-readiness does not fire"},
		{"node-lost", "oom-after-limit", "an incident S1 of node node-2, not S1 of owner Deployment shop/api"},
	} {
		r := replay(t, filepath.Join("testdata", test.recorded), &scenario.Expectation{})
		e := expectation(t, filepath.Join("testdata", test.expected))
		differences := e.Differences(r)
		if !slices.ContainsFunc(differences, func(d string) bool { return strings.HasPrefix(d, test.want) }) {
			t.Errorf("%s held to %s: %q, want one that begins with %q", test.recorded, test.expected, differences, test.want)
		}
	}
}

// TestANodeThatWasAliveStaysAlive lets hours pass, in which leases would go stale.
func TestANodeThatWasAliveStaysAlive(t *testing.T) {
	t.Parallel()
	r := replay(t, filepath.Join("testdata", "quiet-job"), &scenario.Expectation{Later: 2 * time.Hour})
	for _, s := range r.Fired() {
		t.Errorf("after two hours: %s %s", s.Detector.ID, s.Object)
	}
}

func TestParseKnowsItsFields(t *testing.T) {
	t.Parallel()
	if _, err := scenario.Parse([]byte("sreen: nothing\n")); err == nil {
		t.Error("a misspelt field is no error")
	}
}

// TestFirstSightIsEnough looks only after all has happened, as one does who was just
// called: what broke is seen all the same, and mostly what changed.
func TestFirstSightIsEnough(t *testing.T) {
	t.Parallel()
	untold := []string{
		// A taint bears a time only if it evicts (core/v1 Taint.timeAdded).
		"no candidate among the changes: Node node-1: tainted upgrade=1.38:NoSchedule",
		// An object remembers who wrote it, not what it was: "written by jane".
		"no candidate among the changes: PodDisruptionBudget shop/cache: changed: maxUnavailable removed: 1, minAvailable added: 2",
	}
	for _, folder := range folders(t) {
		e := expectation(t, folder)
		file := filepath.Join(folder, "recording.seaworthy")
		last, err := kube.Load(t.Context(), recording.New(file, func() (io.ReadCloser, error) { return os.Open(file) }), nil)
		if err != nil {
			t.Fatal(err)
		}
		r := scenario.NewRun()
		r.See(last)
		if err := r.Pass(e.Later); err != nil {
			t.Fatal(err)
		}
		for _, difference := range e.Differences(r) {
			if !slices.Contains(untold, difference) && !slices.Contains(e.Wrong, difference) {
				t.Errorf("%s: %s", filepath.Base(folder), difference)
			}
		}
	}
}
