package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"sigs.k8s.io/yaml"
)

// TestPipelinesOfTheReadme runs the shell steps of the README's examples on manifests
// that are as bad as examples are, but for the one that fetches the program: they end
// with the code of --fail-on, and what later steps pick up is there.
func TestPipelinesOfTheReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	_, section, _ := strings.Cut(string(text), "\n## In a pipeline\n")
	section, _, _ = strings.Cut(section, "\n## ")
	examples := strings.Split(section, "```yaml\n")[1:]
	if len(examples) != 2 {
		t.Fatalf("the README has %d examples of pipelines, want GitHub's and GitLab's", len(examples))
	}
	for _, example := range examples {
		example, _, _ = strings.Cut(example, "```")
		for _, step := range stepsOf(t, example) {
			if !strings.HasPrefix(step, "go install ") {
				script.WriteString(step + " || test $? = 1\n")
			}
		}
	}
	file := filepath.Join(t.TempDir(), "pipelines.txtar")
	story := `env GITHUB_STEP_SUMMARY=$WORK/summary.md
exec sh -eu steps.sh
stdout '^::error file=manifests/pod.yaml,line=9,title=privileged-container'
grep '^# Seaworthiness of ' summary.md
json seaworthy.sarif runs/0/results/ruleId=privileged-container/locations/0/physicalLocation/region/startLine 9
grep '<testsuite name="shop"' seaworthy.xml
grep '^<!doctype html>' seaworthy.html
-- steps.sh --
` + script.String() + `-- manifests/pod.yaml --
apiVersion: v1
kind: Pod
metadata: {name: lonely, namespace: shop}
spec:
  containers:
    - name: main
      image: registry.example/lonely:1
      securityContext:
        privileged: true
`
	if err := os.WriteFile(file, []byte(story), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Files: []string{file}, Cmds: scriptCommands(), RequireExplicitExec: true, Setup: func(e *testscript.Env) error {
		e.Setenv("HOME", "")
		e.Setenv("KUBECONFIG", "")
		return nil
	}})
}

// stepsOf returns the shell commands of a workflow of GitHub Actions, or of a job of
// GitLab.
func stepsOf(t *testing.T, example string) []string {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Run string }
		}
		Audit struct{ Script []string }
	}
	if err := yaml.Unmarshal([]byte(example), &workflow); err != nil {
		t.Fatalf("reading an example: %v\n%s", err, example)
	}
	steps := workflow.Audit.Script
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if step.Run != "" {
				steps = append(steps, strings.TrimSpace(step.Run))
			}
		}
	}
	if len(steps) < 2 {
		t.Fatalf("an example has the steps %q", steps)
	}
	return steps
}
