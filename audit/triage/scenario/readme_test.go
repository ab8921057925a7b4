package scenario_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write README.md again")

const preface = `# How triage is tested

Each row is a real control plane that was recorded while one thing broke, and what triage must make of it, as [expect.yaml](testdata) says. The package comment tells what of it is real. This table is written by the tests: ` + "`go test ./audit/triage/scenario -update`" + `.

| scenario | what happens | what the screen must say | severity, root | signals | change | cause |
|---|---|---|---|---|---|---|
`

// title is what a scenario says of itself.
func title(t *testing.T, folder string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "scenario.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Title string `json:"title"`
	}
	if err := yaml.Unmarshal(text, &s); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	return s.Title
}

func TestReadmeHasTheScenarios(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(preface)
	for _, folder := range folders(t) {
		e := expectation(t, folder)
		incident := "none"
		if e.Root != "" {
			incident = e.Severity + ", " + e.Root
		}
		row := []string{
			filepath.Base(folder), title(t, folder), e.Screen, incident, strings.Join(e.Signals, ", "),
			cmp.Or(e.Change, "–"), cmp.Or(e.Cause, "–"),
		}
		fmt.Fprintf(&text, "| %s |\n", strings.Join(row, " | "))
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if d := diff.Diff(string(written), text.String()); d != "" {
		t.Errorf("README.md is out of date, go test with -update (-written +expected):\n%s", d)
	}
}
