package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// fleetMembers is a fleet of a cluster by two names, one like it of which some is accepted,
// one of many namespaces, and one that does not answer. All says how hostile it is.
func fleetMembers(t *testing.T, text string) []report.Member {
	t.Helper()
	member := func(a *score.Assessment, names ...string) report.Member {
		return report.Member{Cluster: &fleet.Cluster{Contexts: names, Standing: fleet.Of(a)}, Document: report.NewDocument(a, report.Frameworks(asked())...)}
	}
	return []report.Member{
		member(assessment(t), "prod", "prod-"+text),
		member(accepting(t), "staging"),
		{Cluster: &fleet.Cluster{Contexts: []string{"gone"}, Err: errors.New("connecting to gone: " + text)}, Tried: time.Date(2026, 5, 4, 3, 5, 0, 0, time.UTC)},
		member(crowd(t, 2, 1, "", "one", text), text),
	}
}

func writtenFleet(t *testing.T, f report.Format, members []report.Member) string {
	t.Helper()
	var out bytes.Buffer
	if err := f.WriteFleet(&out, members); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFleetGolden(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		if !f.OfFleet() {
			if err := f.WriteFleet(&bytes.Buffer{}, fleetMembers(t, "x")); !errors.Is(err, report.ErrNoFleet) {
				t.Errorf("%s of a fleet: %v", f.Name, err)
			}
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			got := writtenFleet(t, f, fleetMembers(t, "x"))
			expectGolden(t, "fleet-"+f.Name, got)
		})
	}
}

// TestFleetIsHarmless holds that no format writes a byte a terminal obeys, whatever is
// said by clusters, by the names of contexts or by errors.
func TestFleetIsHarmless(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		if !f.OfFleet() {
			continue
		}
		text := strings.ReplaceAll(writtenFleet(t, f, fleetMembers(t, hostile)), "\r\n", "\n")
		if i := strings.IndexFunc(text, func(r rune) bool {
			return r < ' ' && r != '\n' || r >= 0x7f && r <= 0x9f || strings.ContainsRune("\u202e\u2028\U000e0041", r)
		}); i >= 0 {
			t.Errorf("%s lets through %q", f.Name, text[max(0, i-40):i+10])
		}
		if f.Name == "markdown" && strings.Contains(text, "<script>") {
			t.Error("Markdown lets a script through")
		}
	}
}

// TestFleetDocument holds that each cluster's own report is what a scan of it alone says,
// in JSON and in YAML.
func TestFleetDocument(t *testing.T) {
	t.Parallel()
	members := fleetMembers(t, hostile)
	text := map[string][]byte{}
	for _, name := range []string{"json", "yaml"} {
		f, err := report.FormatNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		text[name] = []byte(writtenFleet(t, f, members))
	}
	var got, same report.FleetDocument
	if err := json.Unmarshal(text["json"], &got); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text["yaml"], &same); err != nil {
		t.Fatal(err)
	}
	alike := cmpopts.IgnoreUnexported(report.Control{}, report.Document{}, report.Finding{})
	if diff := cmp.Diff(got, same, alike); diff != "" {
		t.Errorf("JSON and YAML (-JSON +YAML):\n%s", diff)
	}
	var alone report.Document
	if err := json.Unmarshal(written(t, "json", assessment(t), asked()), &alone); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&alone, got.Clusters[0].Report, alike); diff != "" {
		t.Errorf("of one cluster (-alone +in the fleet):\n%s", diff)
	}
	if got.Schema != report.FleetSchema || got.Coverage.Seen != 3 || got.Clusters[2].Report != nil || !strings.HasSuffix(got.Clusters[2].Error, hostile) || len(got.Clusters[0].Contexts) != 2 {
		t.Errorf("the fleet is %s, seen %d, the third %q", got.Schema, got.Coverage.Seen, got.Clusters[2].Error)
	}
}

// TestFleetTables reads what is written for spreadsheets and for Prometheus as they do.
func TestFleetTables(t *testing.T) {
	t.Parallel()
	members := fleetMembers(t, "=x")
	of := func(name string) string {
		f, err := report.FormatNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		return writtenFleet(t, f, members)
	}
	rows, err := csv.NewReader(strings.NewReader(of("csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	findings := map[string]int{}
	for _, row := range rows {
		findings[row[len(row)-1]]++
	}
	want := map[string]int{"cluster": 1, "prod": len(members[0].Document.Findings), "staging": len(members[1].Document.Findings), "gone": 1, "'=x": len(members[3].Document.Findings)}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(of("prometheus")))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"seaworthy_up": 4, "seaworthy_info": 3, "seaworthy_score": 3} {
		if got := len(families[name].GetMetric()); got != want {
			t.Errorf("%s has %d series, want %d", name, got, want)
		}
	}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			if m.GetLabel()[0].GetName() != "cluster" {
				t.Errorf("a series of %s does not say of which cluster it is", name)
			}
		}
	}
	open := 0.0
	for _, m := range families["seaworthy_findings"].GetMetric() {
		if m.GetLabel()[0].GetValue() == "prod" {
			open += m.GetGauge().GetValue()
		}
	}
	if c := members[0].Document.Counts; int(open) != c.Critical+c.High+c.Medium+c.Low+c.Info {
		t.Errorf("%v findings of prod are open, want %+v", open, c)
	}
}
