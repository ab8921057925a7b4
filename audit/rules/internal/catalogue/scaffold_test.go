package catalogue_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/rules/internal/catalogue"
)

func TestScaffoldRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		id, category string
		files        fstest.MapFS // besides those of sources
		want         error
	}{
		"a rule that is there":       {id: "too-slow", category: "probes", want: catalogue.ErrExists},
		"a rule of another category": {id: "too-slow", category: "security-context", want: catalogue.ErrExists},
		"a file that is there":       {id: "helpers", category: "probes", files: fstest.MapFS{"probes/helpers.go": {Data: []byte("package probes\n")}}, want: catalogue.ErrExists},
		"examples that are there":    {id: "helpers", category: "probes", files: fstest.MapFS{"probes/testdata/helpers/pass.yaml": {Data: []byte("a: 1\n")}}, want: catalogue.ErrExists},
		"capitals":                   {id: "TooSlow", category: "probes", want: catalogue.ErrNotASlug},
		"a path":                     {id: "../too-slow", category: "probes", want: catalogue.ErrNotASlug},
		"nothing":                    {id: "", category: "probes", want: catalogue.ErrNotASlug},
		"a hyphen at the end":        {id: "too-", category: "probes", want: catalogue.ErrNotASlug},
		"no such category":           {id: "fast", category: "speed", want: catalogue.ErrNoCategory},
		"the folder of no category":  {id: "fast", category: "internal", want: catalogue.ErrNoCategory},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := sources()
			maps.Copy(files, test.files)
			root := laid(t, files)
			before := contents(t, root)
			if err := catalogue.Scaffold(root, test.id, test.category); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
			if diff := cmp.Diff(before, contents(t, root)); diff != "" {
				t.Errorf("files (-before +after):\n%s", diff)
			}
		})
	}
}

func TestScaffoldListsTheRule(t *testing.T) {
	t.Parallel()
	root := laid(t, sources())
	if err := catalogue.Scaffold(root, "a-new-rule", "probes"); err != nil {
		t.Fatal(err)
	}
	got := contents(t, root)
	if list := got["probes/rules_gen.go"]; !strings.Contains(list, "\n\taNewRule,\n\ttooSlow,\n") {
		t.Errorf("the list of rules is\n%s", list)
	}
	for _, file := range []string{"probes/testdata/a-new-rule/pass.yaml", "probes/testdata/a-new-rule/fail.yaml"} {
		if !strings.Contains(got[file], "kind: Deployment") {
			t.Errorf("%s is %q", file, got[file])
		}
	}
	if err := catalogue.Scaffold(root, "a-new-rule", "probes"); !errors.Is(err, catalogue.ErrExists) {
		t.Errorf("the second time the error is %v, want %v", err, catalogue.ErrExists)
	}
}

func TestScaffoldAvoidsNamesOfGo(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"type": "typeRule", "rules": "rulesRule", "type-missing": "typeMissing"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			root := laid(t, sources())
			if err := catalogue.Scaffold(root, id, "probes"); err != nil {
				t.Fatal(err)
			}
			if rule := contents(t, root)["probes/"+id+".go"]; !strings.Contains(rule, "var "+want+" = &audit.Rule{") {
				t.Errorf("the rule is\n%s", rule)
			}
		})
	}
}

// A new rule of a category of the repository compiles, with its tests. It is
// laid over the repository for the compiler alone.
func TestScaffoldedRuleCompiles(t *testing.T) {
	t.Parallel()
	rules, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(rules)); err != nil {
		t.Fatal(err)
	}
	if err := catalogue.Scaffold(root, "a-new-rule", "security-context"); err != nil {
		t.Fatal(err)
	}
	held := contents(t, rules)
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for file, text := range contents(t, root) {
		if held[file] != text {
			overlay.Replace[filepath.Join(rules, file)] = filepath.Join(root, file)
		}
	}
	encoded, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, encoded, 0o644); err != nil {
		t.Fatal(err)
	}
	vet := exec.CommandContext(t.Context(), "go", "vet", "-overlay", file, "./security-context")
	vet.Dir = rules
	if output, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, output)
	}
	if len(overlay.Replace) < 5 {
		t.Errorf("a new rule changes only %v", overlay.Replace)
	}
}
