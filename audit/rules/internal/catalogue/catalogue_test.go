package catalogue_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/rules/internal/catalogue"
)

const doc = `// Package probes judges probes.
package probes

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID: "probes", Title: "Probes", Label: "Probes", Weight: 8, About: "Whether " + "probes work.",
		Rules: rules, Examples: examples,
	}
}
`

const tooSlow = `package probes

import "github.com/seaworthy-dev/seaworthy/audit"

var tooSlow = &audit.Rule{
	ID: "too-slow", Title: "One | slow", Severity: audit.High, Controls: []string{"CIS-1", "CIS-2"},
}
`

// sources returns the files of one category, "" for the rules' root.
func sources() fstest.MapFS {
	return fstest.MapFS{
		"probes/doc.go":                          {Data: []byte(doc)},
		"probes/too-slow.go":                     {Data: []byte(tooSlow)},
		"probes/testdata/too-slow/fixed.yaml":    {Data: []byte("a: 1\n")},
		"probes/too-slow_test.go":                {Data: []byte("package probes_test\n\nnot Go")},
		"security-context/doc.go":                {Data: []byte(strings.NewReplacer("package probes", "package securitycontext", `"probes"`, `"security-context"`).Replace(doc))},
		"internal/doc.go":                        {Data: []byte("package internal\n")},
		"testdata/doc.go":                        {Data: []byte("package testdata\n")},
		"probes/testdata/too-slow/fail-two.yaml": {Data: []byte("a: 1\n")},
	}
}

// laid writes files into a new folder.
func laid(t *testing.T, files fstest.MapFS) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, files); err != nil {
		t.Fatal(err)
	}
	return root
}

// contents reads every file below a folder.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		name, _ := filepath.Rel(root, file)
		all[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestScan(t *testing.T) {
	t.Parallel()
	got, err := catalogue.Scan(laid(t, sources()))
	if err != nil {
		t.Fatal(err)
	}
	want := []catalogue.Category{
		{
			Folder: "probes", Package: "probes", Title: "Probes", About: "Whether probes work.",
			Rules: []catalogue.Rule{{
				ID: "too-slow", Variable: "tooSlow", Title: "One | slow", Severity: "high", Controls: []string{"CIS-1", "CIS-2"}, Fix: true,
			}},
		},
		{Folder: "security-context", Package: "securitycontext", Title: "Probes", About: "Whether probes work."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("categories (-want +got):\n%s", diff)
	}
}

func TestScanRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(fstest.MapFS)
		want  string
	}{
		"a rule in a file of another name": {
			func(files fstest.MapFS) {
				files["probes/slow.go"] = files["probes/too-slow.go"]
				delete(files, "probes/too-slow.go")
			},
			"slow.go:5:5: rule too-slow is in file slow.go",
		},
		"two rules in one file": {
			func(files fstest.MapFS) {
				files["probes/too-slow.go"].Data = []byte(tooSlow + "\nvar fast = &audit.Rule{ID: \"too-fast\"}\n")
			},
			"too-slow.go:9:5: rule too-fast is in file too-slow.go",
		},
		"a rule without an ID": {
			func(files fstest.MapFS) {
				files["probes/too-slow.go"].Data = []byte(strings.Replace(tooSlow, `ID: "too-slow", `, "", 1))
			},
			"rule tooSlow has no ID",
		},
		"an ID that is worked out": {
			func(files fstest.MapFS) {
				files["probes/too-slow.go"].Data = []byte(strings.Replace(tooSlow, `"too-slow"`, `id()`, 1))
			},
			"expected a string literal",
		},
		"controls that are worked out": {
			func(files fstest.MapFS) {
				files["probes/too-slow.go"].Data = []byte(strings.Replace(tooSlow, `[]string{"CIS-1", "CIS-2"}`, `controls()`, 1))
			},
			"expected a list of string literals",
		},
		"one rule in two categories": {
			func(files fstest.MapFS) {
				files["security-context/too-slow.go"] = &fstest.MapFile{Data: []byte(strings.Replace(tooSlow, "package probes", "package securitycontext", 1))}
			},
			"rule too-slow is in probes and in security-context",
		},
		"a category in another folder": {
			func(files fstest.MapFS) { files["images/doc.go"] = files["probes/doc.go"] },
			`category "probes" is in folder images`,
		},
		"a file that is not Go": {
			func(files fstest.MapFS) { files["probes/broken.go"] = &fstest.MapFile{Data: []byte("package\n")} },
			"parsing probes: ",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := sources()
			test.spoil(files)
			_, err := catalogue.Scan(laid(t, files))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}

// Writing what is written already touches nothing, and lists every rule.
func TestWriteTwice(t *testing.T) {
	t.Parallel()
	root := laid(t, sources())
	categories, err := catalogue.Scan(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := catalogue.Write(root, categories); err != nil {
		t.Fatal(err)
	}
	first := contents(t, root)
	for file, part := range map[string]string{
		"all_gen.go":                    "\tsecuritycontext \"github.com/seaworthy-dev/seaworthy/audit/rules/security-context\"\n",
		"probes/rules_gen.go":           "//go:embed testdata\nvar examples embed.FS\n\nvar rules = []*audit.Rule{\n\ttooSlow,\n}\n",
		"security-context/rules_gen.go": "\nvar examples embed.FS\n\nvar rules = []*audit.Rule{}\n",
		"probes/rules_gen_test.go":      "audittest.Run(t, probes.Category(), \"testdata\")",
		"README.md":                     "| [too-slow](probes/too-slow.go) | One \\| slow | high | CIS-1, CIS-2 | yes |\n",
	} {
		if !strings.Contains(first[file], part) {
			t.Errorf("%s is\n%s\nwant it to have\n%s", file, first[file], part)
		}
	}
	longAgo := time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)
	for file := range first {
		if err := os.Chtimes(filepath.Join(root, file), longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	if categories, err = catalogue.Scan(root); err != nil {
		t.Fatal(err)
	}
	if err := catalogue.Write(root, categories); err != nil {
		t.Fatalf("the second time: %v", err)
	}
	if diff := cmp.Diff(first, contents(t, root)); diff != "" {
		t.Errorf("files (-first +second):\n%s", diff)
	}
	for file := range first {
		info, err := os.Stat(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if !info.ModTime().Equal(longAgo) {
			t.Errorf("%s was written again", file)
		}
	}
}

// What is generated in the repository is what its sources say.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	rules := filepath.Join("..", "..")
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(rules)); err != nil {
		t.Fatal(err)
	}
	categories, err := catalogue.Scan(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := catalogue.Write(root, categories); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(contents(t, rules), contents(t, root)); diff != "" {
		t.Errorf("make generate was not run (-held +generated):\n%s", diff)
	}
}
