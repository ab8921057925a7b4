package briefing_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// examples are those of package cause.
const examples = "../cause/testdata"

// told returns what is broken in an example.
func told(t testing.TB, file string) *briefing.Report {
	t.Helper()
	c := triagetest.View(t, filepath.Join(examples, file), 0)
	return briefing.NewResponder(signals.All()).Update(c, c.Time)
}

func TestWhatIsWritten(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"limit":   "memory-limit/lowered.yaml",
		"node":    "node-down/silent.yaml",
		"webhook": "webhook-outage/no-endpoints.yaml",
		"quota":   "quota/cpu.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := told(t, file)
			var text, document bytes.Buffer
			if err := briefing.WriteText(&text, r, nil); err != nil {
				t.Fatal(err)
			}
			if err := briefing.WriteJSON(&document, r, nil); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", text.Bytes())
			golden(t, name+".json", document.Bytes())
			var again briefing.Document
			if err := json.Unmarshal(document.Bytes(), &again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(*briefing.NewDocument(r, nil), again); diff != "" {
				t.Errorf("what is read is not what was written (-written +read):\n%s", diff)
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if triagetest.Updating() {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestKeysOfTheDocument holds the keys on which scripts rely.
func TestKeysOfTheDocument(t *testing.T) {
	t.Parallel()
	encoded, err := json.Marshal(briefing.NewDocument(told(t, "memory-limit/lowered.yaml"), nil))
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(encoded, &document); err != nil {
		t.Fatal(err)
	}
	incidents, _ := document["incidents"].([]any)
	if len(incidents) == 0 {
		t.Fatal("there is no incident")
	}
	incident, _ := incidents[0].(map[string]any)
	for _, key := range []string{"id", "severity", "title", "since", "state", "members", "signals", "changes", "causes", "blast", "commands"} {
		if _, there := incident[key]; !there {
			t.Errorf("an incident has no %s", key)
		}
	}
}

// lacking answers about rights: as it says of some resources, and that all others are there.
type lacking map[string]kube.Permission

// Permitted answers.
func (l lacking) Permitted(_ context.Context, rights []kube.Right) map[kube.Right]kube.Permission {
	answers := map[kube.Right]kube.Permission{}
	for _, right := range rights {
		answers[right] = kube.Permitted
		if answer, named := l[right.Verb+" "+right.Resource+"/"+right.Subresource]; named {
			answers[right] = answer
		}
	}
	return answers
}

// TestWhatIsDenied is the same report for who may not read logs nor change workloads, and
// of whose right to describe pods the server says nothing.
func TestWhatIsDenied(t *testing.T) {
	t.Parallel()
	r := told(t, "memory-limit/lowered.yaml")
	rights := lacking{"get pods/log": kube.Denied, "patch deployments/": kube.Denied, "get pods/": kube.PermissionUnknown}
	var known cause.Answers
	for _, b := range r.Briefings {
		known = b.Diagnosis().Ask(t.Context(), rights, known)
	}
	var text, document bytes.Buffer
	if err := briefing.WriteText(&text, r, known); err != nil {
		t.Fatal(err)
	}
	if err := briefing.WriteJSON(&document, r, known); err != nil {
		t.Fatal(err)
	}
	golden(t, "denied.txt", text.Bytes())
	golden(t, "denied.json", document.Bytes())
}

// TestABriefingIsKeptWhileNothingChanges holds that what costs is not worked out again
// for an incident that stays as it is.
func TestABriefingIsKeptWhileNothingChanges(t *testing.T) {
	t.Parallel()
	c := triagetest.View(t, filepath.Join(examples, "memory-limit/lowered.yaml"), 0)
	r := briefing.NewResponder(signals.All())
	first := r.Update(c, c.Time).Briefings[0].Diagnosis()
	if soon := r.Update(c, c.Time.Add(time.Second)).Briefings[0].Diagnosis(); soon != first {
		t.Error("a second later it is worked out again")
	}
	if later := r.Update(c, c.Time.Add(time.Minute)).Briefings[0].Diagnosis(); later == first {
		t.Error("a minute later it is still the old one: what else changed may speak against it")
	}
}

// TestNoWordOfTheClusterIsObeyed holds that names and messages cannot do anything to a
// terminal, nor show what looks like a secret.
func TestNoWordOfTheClusterIsObeyed(t *testing.T) {
	t.Parallel()
	r := told(t, "memory-limit/lowered.yaml")
	b := r.Briefings[0]
	b.Title = "\x1b[31mweb\x1b]0;pwned\a \u202eevil password=hunter2secret"
	for k := range b.Lines {
		b.Lines[k].Message = "says \x1b[2J token=abcdef0123456789abcdef"
	}
	var text bytes.Buffer
	if err := briefing.WriteText(&text, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\x1b", "\a", "\u202e", "hunter2secret", "abcdef0123456789abcdef"} {
		if strings.Contains(text.String(), bad) {
			t.Errorf("the text has %q", bad)
		}
	}
}

func TestWorst(t *testing.T) {
	t.Parallel()
	if got := told(t, "node-down/silent.yaml").Worst(); got != triage.S1 {
		t.Errorf("the worst is %s, want S1: most of the cluster's pods hang on that node", got)
	}
	var calm kube.Info
	calm.Name = "calm"
	c := kube.NewBuilder(calm).Build(triagetest.Noon)
	r := briefing.NewResponder(signals.All()).Update(c, c.Time)
	if r.Worst() != 0 || len(r.Briefings) != 0 {
		t.Errorf("an empty cluster has incidents: %v", r.Briefings)
	}
	var text bytes.Buffer
	if err := briefing.WriteText(&text, r, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "nothing is known to be broken") {
		t.Errorf("an empty cluster is told of as\n%s", text.String())
	}
}

// TestEveryExampleHasItsDiagnosis goes through all examples of causes with all detectors,
// as the program does.
func TestEveryExampleHasItsDiagnosis(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(examples, "*", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	slices.Sort(files)
	for _, file := range files {
		relative, err := filepath.Rel(examples, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range told(t, relative).Briefings {
			d := b.Diagnosis()
			if len(d.Causes) == 0 || d.Causes[0].Title == "" {
				t.Errorf("%s: incident %q has no cause, not even an undetermined one", file, b.Title)
			}
			if b.Radius() == nil {
				t.Errorf("%s: incident %q has no radius", file, b.Title)
			}
		}
	}
}
