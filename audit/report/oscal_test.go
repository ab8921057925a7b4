package report_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
)

// oscalSchema is the schema that NIST publishes with OSCAL 1.1.3.
func oscalSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	return publishedSchema(t, "oscal_complete_schema-1-1-3.json.gz")
}

// oscal is what refers to something in assessment results.
type oscal struct {
	Results struct {
		UUID    string                                      `json:"uuid"`
		Plan    struct{ Href string }                       `json:"import-ap"`
		Back    struct{ Resources []struct{ UUID string } } `json:"back-matter"`
		Results []oscalResult
	} `json:"assessment-results"`
}

type oscalResult struct {
	UUID, Title string
	Local       struct {
		Items []struct{ UUID, Description string } `json:"inventory-items"`
	} `json:"local-definitions"`
	Reviewed struct {
		Selections []struct {
			Include []struct {
				ID string `json:"control-id"`
			} `json:"include-controls"`
			Exclude []struct {
				ID string `json:"control-id"`
			} `json:"exclude-controls"`
			Remarks string
		} `json:"control-selections"`
	} `json:"reviewed-controls"`
	Findings []struct {
		UUID   string
		Target struct {
			ID     string `json:"target-id"`
			Status struct{ State string }
		}
		Related []struct {
			UUID string `json:"observation-uuid"`
		} `json:"related-observations"`
	}
	Observations []struct {
		UUID, Description, Remarks string
		Subjects                   []struct {
			UUID string `json:"subject-uuid"`
		}
	}
}

// assessed reads results after they were held against the schema.
func assessed(t *testing.T, schema *jsonschema.Schema, text []byte) oscal {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("it is no JSON: %v\n%s", err, text)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%#v\n%s", err, text)
	}
	var o oscal
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	o.whole(t)
	return o
}

// whole holds results to what a schema cannot say: what is referred to is there, once.
func (o oscal) whole(t *testing.T) {
	t.Helper()
	if len(o.Results.Results) == 0 || len(o.Results.Back.Resources) != 1 || o.Results.Plan.Href != "#"+o.Results.Back.Resources[0].UUID {
		t.Fatalf("the plan %q is nowhere: %+v", o.Results.Plan.Href, o)
	}
	there := map[string]bool{o.Results.UUID: true, o.Results.Back.Resources[0].UUID: true}
	for _, r := range o.Results.Results {
		r.whole(t, there)
	}
}

// whole does so for one result, when some UUIDs are there already.
func (r oscalResult) whole(t *testing.T, there map[string]bool) {
	t.Helper()
	if there[r.UUID] {
		t.Errorf("the result of %s is there twice", r.Title)
	}
	there[r.UUID] = true
	for _, i := range r.Local.Items {
		if there[i.UUID] {
			t.Errorf("%s is there twice", i.Description)
		}
		there[i.UUID] = true
	}
	for _, seen := range r.Observations {
		if there[seen.UUID] {
			t.Errorf("an observation is there twice: %s", seen.Description)
		}
		there[seen.UUID] = true
		for _, s := range seen.Subjects {
			if !there[s.UUID] {
				t.Errorf("the object of %q is not there", seen.Description)
			}
		}
	}
	for _, f := range r.Findings {
		if there[f.UUID] {
			t.Errorf("a finding about %s is there twice", f.Target.ID)
		}
		there[f.UUID] = true
		for _, related := range f.Related {
			if !there[related.UUID] {
				t.Errorf("what shows that %s fails is not there", f.Target.ID)
			}
		}
		if f.Target.Status.State == "not-satisfied" && len(f.Related) == 0 {
			t.Errorf("nothing shows that %s fails", f.Target.ID)
		}
	}
}

func TestOSCALIsValid(t *testing.T) {
	t.Parallel()
	schema := oscalSchema(t)
	for name, text := range map[string][]byte{
		"assessment": written(t, "oscal", assessment(t)), "accepting": written(t, "oscal", accepting(t)),
		"framework": written(t, "oscal", assessment(t), asked()), "nothing": written(t, "oscal", crowd(t, 0, 0, "")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assessed(t, schema, text)
		})
	}
	for _, said := range append(slices.Clone(markup), hostile, " ", "") {
		assessed(t, schema, saidEverywhere(t, "oscal", said))
	}
	anything(t, func(text string) bool {
		assessed(t, schema, written(t, "oscal", crowd(t, 2, 2, "dir/"+text, text, "another"), framework.Framework{
			ID: "own", Title: text, Edition: text, Source: text, Controls: []framework.Control{{ID: text, Title: text, Rules: []string{"says"}}},
		}))
		return !t.Failed()
	})
}

// TestOSCALSaysWhatIsSatisfied holds the verdicts, and that what nobody looked at is
// not among what was reviewed.
func TestOSCALSaysWhatIsSatisfied(t *testing.T) {
	t.Parallel()
	schema := oscalSchema(t)
	verdicts := func(o oscal) map[string]string {
		said := map[string]string{}
		for _, f := range o.Results.Results[0].Findings {
			said[f.Target.ID] = f.Target.Status.State
		}
		for _, s := range o.Results.Results[0].Reviewed.Selections {
			for _, c := range s.Exclude {
				said[c.ID] = "excluded: " + s.Remarks
			}
			for _, c := range s.Include {
				if said[c.ID] == "" {
					t.Errorf("%s was reviewed, and nothing is said of it", c.ID)
				}
			}
		}
		return said
	}
	with := assessed(t, schema, written(t, "oscal", assessment(t), asked()))
	if diff := cmp.Diff(map[string]string{"CIS-5.2.2": "not-satisfied", "T-2": "excluded: What was not evaluated: T-2: people do"}, verdicts(with)); diff != "" {
		t.Errorf("of the framework (-want +got):\n%s", diff)
	}
	without := verdicts(assessed(t, schema, written(t, "oscal", accepting(t))))
	if without["privileged"] != "not-satisfied" || without["slow"] != "satisfied" || !strings.HasPrefix(without["readiness"], "excluded: What was not evaluated: readiness: services") {
		t.Errorf("of the rules: %q", without)
	}
	if a, b := with.Results.UUID, assessed(t, schema, written(t, "oscal", accepting(t), asked())).Results.UUID; a == b {
		t.Errorf("two assessments are both %s", a)
	}
}

// publishedSchema reads a schema from its archive in testdata.
func publishedSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "schema", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("schema.json")
}
