package report_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// sarifSchema is the schema that OASIS publishes, errata 01.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	return publishedSchema(t, "sarif-schema-2.1.0.json.gz")
}

// sarif is what GitHub's code scanning asks of a log.
type sarif struct{ Runs []sarifRun }

type sarifRun struct {
	Tool struct {
		Driver struct {
			Rules []struct {
				ID                   string
				ShortDescription     struct{ Text string }
				FullDescription      struct{ Text string }
				Help                 struct{ Text string }
				DefaultConfiguration struct{ Level string }
			}
			Notifications []struct{ ID string }
		}
	}
	AutomationDetails struct{ ID string }
	Invocations       []struct {
		ExecutionSuccessful        bool
		ToolExecutionNotifications []struct {
			Descriptor struct{ ID string }
			Level      string
			Message    struct{ Text string }
		}
	}
	Properties map[string]any
	Results    []sarifResult
}

type sarifResult struct {
	RuleID    string
	Level     string
	Message   struct{ Text string }
	Locations []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI string }
			Region           struct{ StartLine, EndLine int }
		}
	}
	PartialFingerprints struct{ PrimaryLocationLineHash string }
	Suppressions        []struct{ Justification string }
	BaselineState       string
	Properties          struct{ Change string }
}

// scanned reads a log after it was held against the schema, and against what GitHub
// requires beyond it.
func scanned(t *testing.T, schema *jsonschema.Schema, text []byte) sarif {
	t.Helper()
	var document any
	var log sarif
	for _, into := range []any{&document, &log} {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%v", err)
	}
	for _, run := range log.Runs {
		run.whole(t)
	}
	return log
}

// whole holds a run to what GitHub requires beyond the schema.
func (run sarifRun) whole(t *testing.T) {
	t.Helper()
	rules := map[string]bool{}
	for _, r := range run.Tool.Driver.Rules {
		if rules[r.ID] || r.ShortDescription.Text == "" || r.FullDescription.Text == "" || r.Help.Text == "" || r.DefaultConfiguration.Level == "" {
			t.Errorf("rule %+v is twice there, or lacks something", r)
		}
		rules[r.ID] = true
	}
	prints := map[string]bool{}
	for _, r := range run.Results {
		fingerprint := r.PartialFingerprints.PrimaryLocationLineHash
		if !rules[r.RuleID] || r.Message.Text == "" || !r.placed() || prints[fingerprint] {
			t.Errorf("result %+v is twice there, or lacks something", r)
		}
		prints[fingerprint] = true
	}
	for _, n := range run.Invocations[0].ToolExecutionNotifications {
		if d := run.Tool.Driver.Notifications; len(d) != 1 || d[0].ID != n.Descriptor.ID {
			t.Errorf("the tool does not describe the notification %s", n.Descriptor.ID)
		}
	}
}

// placed reports whether GitHub knows where to show a result.
func (r sarifResult) placed() bool {
	if len(r.Locations) != 1 {
		return false
	}
	place := r.Locations[0].PhysicalLocation
	uri, err := url.Parse(place.ArtifactLocation.URI)
	return err == nil && uri.String() != "" && place.Region.StartLine > 0 && place.Region.EndLine >= place.Region.StartLine
}

func TestSARIFIsValid(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	for _, a := range []*score.Assessment{assessment(t), accepting(t), crowd(t, 0, 0, ""), crowd(t, 2, 2, "a b.yaml", "one", "two")} {
		log := scanned(t, schema, written(t, "sarif", a, asked()))
		if got := len(log.Runs[0].Results); got != len(a.Findings()) {
			t.Errorf("%d results, want %d", got, len(a.Findings()))
		}
	}
	link := regexp.MustCompile(`(^|[^\\])(\\\\)*[\[\]]`)
	anything(t, func(text string) bool {
		log := scanned(t, schema, written(t, "sarif", crowd(t, 1, 1, "dir/"+text, text)))
		r := log.Runs[0].Results[0]
		uri, err := url.Parse(r.Locations[0].PhysicalLocation.ArtifactLocation.URI)
		return err == nil && uri.Scheme == "" && !link.MatchString(r.Message.Text)
	})
	if err := schema.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"results": []any{}}}}); err == nil {
		t.Error("the schema takes a run without a tool")
	}
}

// TestFingerprintsAreStable holds that a result is the same to GitHub whatever its
// line and its words, and that twins are told apart.
func TestFingerprintsAreStable(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	prints := func(a *score.Assessment) []string {
		var all []string
		for _, r := range scanned(t, schema, written(t, "sarif", a)).Runs[0].Results {
			all = append(all, r.PartialFingerprints.PrimaryLocationLineHash)
		}
		return all
	}
	before, after := prints(crowd(t, 1, 2, "a.yaml", "one", "two")), prints(crowd(t, 1, 2, "b.yaml", "other words", "and others"))
	if len(before) != 4 || len(after) != 4 {
		t.Fatalf("%d and %d results, want 4", len(before), len(after))
	}
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("result %d had the fingerprint %s and has %s", i, before[i], after[i])
		}
	}
}

func TestSARIFSaysWhatIsAccepted(t *testing.T) {
	t.Parallel()
	var reasons []string
	for _, r := range scanned(t, sarifSchema(t), written(t, "sarif", accepting(t))).Runs[0].Results {
		for _, s := range r.Suppressions {
			reasons = append(reasons, s.Justification)
		}
	}
	if len(reasons) != 2 || reasons[1] != "it is a batch job" {
		t.Errorf("suppressed for %q", reasons)
	}
}
