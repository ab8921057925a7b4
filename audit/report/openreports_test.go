package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// policyReport is what dashboards read of a report.
type policyReport struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Summary  map[string]int
	Results  []struct{ Policy, Result, Message string }
}

// reports reads the reports of a file, each of which a server would take by its name,
// its size, and as kubectl apply sends it.
func reports(t *testing.T, text []byte) []policyReport {
	t.Helper()
	var all []policyReport
	seen := map[string]bool{}
	for _, document := range bytes.Split(text, []byte("---\n"))[1:] {
		encoded, err := yaml.YAMLToJSON(document)
		if err != nil {
			t.Fatal(err)
		}
		var r policyReport
		if err := json.Unmarshal(encoded, &r); err != nil {
			t.Fatal(err)
		}
		if len(encoded) > 256<<10 {
			t.Errorf("%s %s has %d bytes", r.Kind, r.Metadata.Name, len(encoded))
		}
		place := r.Kind + "/" + r.Metadata.Namespace + "/" + r.Metadata.Name
		if seen[place] || len(validation.IsDNS1123Subdomain(r.Metadata.Name)) > 0 {
			t.Errorf("%s has a bad name, or is twice there", place)
		}
		seen[place] = true
		counted := map[string]int{}
		for _, result := range r.Results {
			counted[result.Result]++
		}
		for verdict, count := range counted {
			if verdict != "pass" && r.Summary[verdict] != count {
				t.Errorf("%s has %d results %s and says %d", place, count, verdict, r.Summary[verdict])
			}
		}
		all = append(all, r)
	}
	return all
}

func TestLargeReportsAreSplit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("<long> ", 1000)
	for _, format := range []string{"openreports", "policyreport"} {
		all := reports(t, written(t, format, crowd(t, 2, 150, "", long, "short")))
		if len(all) < 6 {
			t.Fatalf("%s: %d reports, want several for each namespace", format, len(all))
		}
		fails, parts := 0, 0
		for _, r := range all {
			fails += r.Summary["fail"]
			if r.Metadata.Namespace == name("ns", 0) {
				parts++
			}
		}
		if fails != 600 || all[1].Metadata.Name != "seaworthy-2" || parts*2 != len(all) {
			t.Errorf("%s: %d findings in %d reports, the second is %s", format, fails, len(all), all[1].Metadata.Name)
		}
	}
}

// TestServersTakeReports applies reports to a real API server that has the published
// definitions: it refuses keys that they do not know, and values that are none.
func TestServersTakeReports(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	testbed.Apply(t, "default", filepath.Join("testdata", "schema"))
	folder := t.TempDir()
	write := func(file string, text []byte) string {
		file = filepath.Join(folder, file)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	testbed.Apply(t, "default", write("namespaces.yaml", []byte(`
apiVersion: v1
kind: Namespace
metadata: {name: payments}
---
apiVersion: v1
kind: Namespace
metadata: {name: catalog}
`)))
	client := testbed.Client(t)
	for format, paths := range map[string][2]string{
		"openreports":  {"/apis/openreports.io/v1alpha1/namespaces/payments/reports", "/apis/openreports.io/v1alpha1/clusterreports"},
		"policyreport": {"/apis/wgpolicyk8s.io/v1alpha2/namespaces/payments/policyreports", "/apis/wgpolicyk8s.io/v1alpha2/clusterpolicyreports"},
	} {
		for kind, a := range map[string]*score.Assessment{"open": assessment(t), "accepted": accepting(t)} {
			testbed.Apply(t, "default", write(format+kind+".yaml", written(t, format, a, asked())))
		}
		for i, want := range []string{"seaworthy", "seaworthy-test"} {
			var got policyReport
			client.Must(t, kubetest.Call{Method: "GET", Path: paths[i] + "/" + want}, &got)
			if len(got.Results) == 0 {
				t.Errorf("%s has no results on the server", paths[i])
			}
		}
	}
}
