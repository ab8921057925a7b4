package incident

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

func all() []*triage.Detector { return signals.All() }

func TestTheTablesNameDetectors(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, d := range all() {
		known[d.ID] = true
	}
	for _, id := range Detectors() {
		if !known[id] {
			t.Errorf("the tables name %s, which is no detector", id)
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
