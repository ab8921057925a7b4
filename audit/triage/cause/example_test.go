package cause_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
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

// updating reports whether what is expected is to be written: by the flag -update, which
// package triagetest has as well.
func updating() bool {
	set, _ := flag.Lookup("update").Value.(flag.Getter).Get().(bool)
	return set
}

func detectors() []*triage.Detector {
	return slices.Concat(controlplane.Detectors(), nodes.Detectors(), running.Detectors(), scheduling.Detectors(),
		starting.Detectors(), storage.Detectors(), traffic.Detectors(), workloads.Detectors())
}

// directive returns what the head of an example says: "# root: crash-loop".
func directive(text []byte, name string) string {
	for line := range bytes.Lines(text) {
		if value, found := bytes.CutPrefix(line, []byte("# "+name+":")); found {
			return string(bytes.TrimSpace(value))
		}
		if !bytes.HasPrefix(line, []byte("#")) {
			break
		}
	}
	return ""
}

// example reads a case: all signals that the detectors see are of the incident, its
// root first, but for those that the head of the file names as others.
func example(t testing.TB, file string) *cause.Case {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	view := triagetest.View(t, file, 0)
	root, others := directive(text, "root"), strings.Fields(directive(text, "others"))
	c := &cause.Case{Cluster: view, Context: "prod", Changes: change.Reconstruct(view, view.Time.Add(-24*time.Hour))}
	rooted := func(w *triage.Watched) bool { return w.Detector.ID == root }
	for _, w := range triage.NewWatch().Update(triage.NewDetection(detectors()).Detect(view), view.Time) {
		if slices.Contains(others, w.Detector.ID) {
			c.Others = append(c.Others, *w)
		} else {
			c.Signals = append(c.Signals, *w)
		}
	}
	slices.SortStableFunc(c.Signals, func(a, b triage.Watched) int {
		switch {
		case rooted(&a) == rooted(&b):
			return a.Onset.Compare(b.Onset)
		case rooted(&a):
			return -1
		}
		return 1
	})
	if len(c.Signals) == 0 || !rooted(&c.Signals[0]) {
		t.Fatalf("%s: nothing is seen of its root %q, but %d other signals", file, root, len(c.Signals))
	}
	for i := range c.Signals {
		if c.Since.IsZero() || c.Signals[i].Onset.Before(c.Since) && c.Signals[i].State == triage.Firing {
			c.Since = c.Signals[i].Onset
		}
	}
	return c
}

// examples returns the files of a pattern, and all of them for "*".
func examples(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestExamples(t *testing.T) {
	t.Parallel()
	for _, p := range cause.Patterns() {
		t.Run(p.ID, func(t *testing.T) {
			t.Parallel()
			firing := 0
			for _, file := range examples(t, p.ID) {
				d := cause.Diagnose(example(t, file))
				counter := strings.HasPrefix(filepath.Base(file), "counter")
				if is := d.Causes[0].Pattern == p.ID; is == counter {
					t.Errorf("%s: the first cause is %s", file, d.Causes[0].Pattern)
				}
				if !counter {
					firing++
				}
				compare(t, strings.TrimSuffix(file, ".yaml")+".txt", written(d))
			}
			if firing == 0 {
				t.Error("has no example")
			}
		})
	}
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if updating() {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

// written says a diagnosis as a person would read it.
func written(d *cause.Diagnosis) string {
	var b strings.Builder
	for _, c := range d.Causes {
		fmt.Fprintf(&b, "%s %d: %s [%s]\n", c.Band, c.Confidence, c.Title, c.Pattern)
		for _, part := range []struct {
			sign  string
			lines []string
		}{{"+", c.For}, {"-", c.Against}, {"?", c.Unknown}} {
			for _, line := range part.lines {
				fmt.Fprintf(&b, "  %s %s\n", part.sign, line)
			}
		}
		fmt.Fprintf(&b, "  fix: %s\n", c.Fix)
		for _, command := range c.Commands {
			tag := ""
			if command.Writes {
				tag += "[w]"
			}
			if command.Sensitive {
				tag += "[s]"
			}
			fmt.Fprintf(&b, "  $%s %s\n      %s\n", tag, command.Text, command.About)
		}
	}
	for _, part := range []struct {
		title string
		all   []change.Ranked
	}{{"changes", d.Changes}, {"reactions", d.Reactions}} {
		for _, r := range part.all {
			fmt.Fprintf(&b, "%s: %s %.2f %s %s\n", part.title, r.Change.Time.UTC().Format("15:04"), r.Relevance, r.Change.Object, r.Change.Title)
		}
	}
	if d.Unchanged != "" {
		fmt.Fprintf(&b, "unchanged: %s\n", d.Unchanged)
	}
	return b.String()
}
