// Package triagetest tests detectors by their examples, which are files of
// manifests with a status, in the folder testdata/ID beside the detector.
//
// Of a file whose name begins with firing, the file of the same name that ends in
// .txt says what is to be seen; go test -update writes it, to be read before it is
// committed. Of one whose name begins with quiet nothing may be seen that holds at
// the time of its view. The first line may set the view:
//
//	# view: offline=false time=2026-01-01T12:00:00Z version=v1.37.1 certificate=2025-06-01T12:00:00Z/2026-06-01T12:00:00Z
//
// The time is noon of that day if nothing sets it.
package triagetest

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var update = flag.Bool("update", false, "write what is expected to be seen")

// Updating reports whether files of what is expected are to be written.
func Updating() bool { return *update }

// Noon is the time of the view of an example that does not set its own.
var Noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// Run tests every detector by its examples in dir. Each is a subtest of its ID.
func Run(t *testing.T, detectors []*triage.Detector, dir string) {
	t.Helper()
	if err := triage.Validate(detectors); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.ContainsFunc(detectors, func(d *triage.Detector) bool { return d.ID == e.Name() }) {
			t.Errorf("%s: no detector has this name", filepath.Join(dir, e.Name()))
		}
	}
	for _, d := range detectors {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(filepath.Join(dir, "..", d.ID+".go")); err != nil {
				t.Errorf("its file is not named after it: %v", err)
			}
			run(t, d, filepath.Join(dir, d.ID))
		})
	}
}

func run(t *testing.T, d *triage.Detector, dir string) {
	t.Helper()
	kinds := map[string]int{}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		kind, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".yaml"), "-")
		kinds[kind]++
		switch kind {
		case "firing":
			firing(t, d, file)
		case "quiet":
			if seen := holding(detect(t, d, file, 0)); len(seen.signals) > 0 {
				t.Errorf("%s: is to be quiet, but there is\n%s", file, seen)
			}
		default:
			t.Errorf("%s: is neither firing nor quiet", file)
		}
	}
	if kinds["firing"] == 0 || kinds["quiet"] == 0 {
		t.Errorf("%s: needs an example that fires and one that is quiet", dir)
	}
}

func firing(t *testing.T, d *triage.Detector, file string) {
	t.Helper()
	saw := detect(t, d, file, 0)
	if later := detect(t, d, file, time.Hour); !slices.EqualFunc(saw.signals, later.signals, sameSignal) {
		t.Errorf("%s: sees something else an hour later: a detector knows no clock", file)
	}
	for _, backwards := range []bool{false, true} {
		if got := gradually(t, d, saw.view, backwards); !slices.EqualFunc(saw.signals, got, sameSignal) {
			t.Errorf("%s: sees something else when objects come one after the other: does it say all that it reads?\n%s", file, sight{saw.view, got})
		}
	}
	if len(holding(saw).signals) == 0 {
		t.Errorf("%s: nothing holds", file)
	}
	golden := strings.TrimSuffix(file, ".yaml") + ".txt"
	if *update {
		if err := os.WriteFile(golden, []byte(saw.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := saw.String(); got != string(want) {
		t.Errorf("%s: saw\n%s\nwant\n%s", file, got, want)
	}
}

func sameSignal(a, b *triage.Signal) bool {
	return a.Identity() == b.Identity() && a.Message == b.Message && a.Since.Equal(b.Since) && a.Until.Equal(b.Until) && a.Cause == b.Cause &&
		a.Workload == b.Workload && a.Severity == b.Severity && slices.Equal(a.Keys, b.Keys)
}

// gradually asks the detector after each object of a view that comes, in their order
// or backwards, and returns what it sees in the end.
func gradually(t *testing.T, d *triage.Detector, view *kube.Cluster, backwards bool) []*triage.Signal {
	t.Helper()
	b := kube.NewBuilder(view.Info)
	for _, s := range view.States() {
		b.SetState(s)
	}
	detection := triage.NewDetection([]*triage.Detector{d})
	empty := b.Build(view.Time)
	seen := detection.Detect(empty)
	changes := slices.Collect(kube.Changes(empty, view))
	if backwards {
		slices.Reverse(changes)
	}
	for _, change := range changes {
		if err := b.Set(change.Resource, change.After); err != nil {
			t.Fatal(err)
		}
		seen = detection.Detect(b.Build(view.Time))
	}
	return seen
}

// sight is what a detector sees in an example.
type sight struct {
	view    *kube.Cluster
	signals []*triage.Signal
}

// detect asks the detector about the example, later by some time.
func detect(t *testing.T, d *triage.Detector, file string, later time.Duration) sight {
	t.Helper()
	c := View(t, file, later)
	return sight{c, triage.NewDetection([]*triage.Detector{d}).Detect(c)}
}

// View returns the view of an example, later by some time.
func View(t testing.TB, file string, later time.Duration) *kube.Cluster {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	info, now := kube.Info{Name: file}, Noon
	first, _, _ := strings.Cut(string(text), "\n")
	if settings, found := strings.CutPrefix(first, "# view:"); found {
		for setting := range strings.FieldsSeq(settings) {
			switch key, value, _ := strings.Cut(setting, "="); key {
			case "offline":
			case "version":
				info.Version = value
			case "certificate":
				info.Certificate = certificate(t, file, value)
			case "time":
				if now, err = time.Parse(time.RFC3339, value); err != nil {
					t.Fatal(err)
				}
			default:
				t.Fatalf("%s: %q is none of offline, version, certificate, time", file, key)
			}
		}
	}
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader(text), Info: &info, Now: func() time.Time { return now.Add(later) },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatalf("loading %s: %v", file, err)
	}
	for _, problem := range source.Problems() {
		t.Fatalf("loading %s:%d: %v", file, problem.Line, problem.Err)
	}
	for _, skipped := range source.Skipped() {
		t.Fatalf("loading %s: %s %q is a kind that the view does not hold", file, skipped.APIVersion, skipped.Kind)
	}
	return c
}

// certificate returns what an API server shows from a time to another, written with a
// slash between them.
func certificate(t testing.TB, file, life string) *kube.Certificate {
	t.Helper()
	from, to, _ := strings.Cut(life, "/")
	c := &kube.Certificate{Issuer: "CN=kubernetes"}
	for _, end := range []struct {
		at   *time.Time
		text string
	}{{&c.NotBefore, from}, {&c.NotAfter, to}} {
		var err error
		if *end.at, err = time.Parse(time.RFC3339, end.text); err != nil {
			t.Fatalf("%s: the life of the certificate: %v", file, err)
		}
	}
	return c
}

// holding leaves the signals that hold at the time of the view.
func holding(s sight) sight {
	s.signals = slices.DeleteFunc(slices.Clone(s.signals), func(signal *triage.Signal) bool { return !signal.Holds(s.view.Time) })
	return s
}

// String writes each signal with all that a reader has to judge.
func (s sight) String() string {
	states := map[triage.Identity]triage.State{}
	for _, w := range triage.NewWatch().Update(s.signals, s.view.Time) {
		states[w.Identity()] = w.State
	}
	var text strings.Builder
	for _, signal := range s.signals {
		state := "later"
		if st, known := states[signal.Identity()]; known {
			state = st.String()
		} else if !signal.Until.IsZero() && !signal.Until.After(s.view.Time) {
			state = "past"
		}
		fmt.Fprintf(&text, "%s %s %s", triage.SeverityOf(s.view, signal), state, signal.Object)
		if signal.Container != "" {
			fmt.Fprintf(&text, " container %s", signal.Container)
		}
		fmt.Fprintf(&text, ": %s\n", signal.Message)
		for _, line := range [][2]string{
			{"cause", signal.Cause},
			{"raw", signal.Raw},
			{"since", moment(signal.Since, signal.Estimated)},
			{"after", cmp.Or(signal.After, signal.Detector.After).String()},
			{"until", moment(signal.Until, false)},
			{"keys", keys(signal.Keys)},
		} {
			if line[1] != "" {
				fmt.Fprintf(&text, "  %s: %s\n", line[0], line[1])
			}
		}
	}
	return text.String()
}

func moment(t time.Time, estimated bool) string {
	switch {
	case t.IsZero():
		return ""
	case estimated:
		return "~" + t.UTC().Format(time.RFC3339)
	}
	return t.UTC().Format(time.RFC3339)
}

func keys(all []triage.Key) string {
	texts := make([]string, len(all))
	for i, k := range all {
		texts[i] = string(k.Kind) + " " + k.Name
	}
	return strings.Join(texts, ", ")
}
