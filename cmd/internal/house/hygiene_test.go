package house_test

import (
	"bytes"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// maxLines is how long a Go file may be.
const maxLines = 500

// maxBytes is how big a tracked file may be: what is bigger is made when it is
// needed, or fetched.
const maxBytes = 1 << 20

// vague are package names that say nothing of what the package knows.
var vague = []string{"util", "utils", "common", "helpers", "types", "models", "constants", "shared", "base"}

// topLevel is what git tracks at the root, no more and no less.
var topLevel = []string{
	".ci", ".github", ".gitignore", ".golangci.yml", ".goreleaser.yaml", "LICENSE", "Makefile", "README.md",
	"audit", "cmd", "go.mod", "go.sum", "kube", "themes", "ui",
}

// homeDirectory is a path of one person's machine. It looks for a name behind
// the directory, so that a rule may speak of /root or /home as such.
var homeDirectory = regexp.MustCompile(`(?:^|[^\w.])(?:/(?:home|Users)/[\w.-]+/|/root/[\w.])`)

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		if file.lines > maxLines {
			t.Errorf("%s has %d lines, over %d: split it by what its parts know", file.path, file.lines, maxLines)
		}
	}
}

func TestPackageNamesSaySomething(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		name := strings.TrimSuffix(file.syntax.Name.Name, "_test")
		if slices.Contains(vague, name) || slices.Contains(vague, path.Base(file.dir())) {
			t.Errorf("%s: package %s in %s does not say what it knows", file.path, name, file.dir())
		}
	}
}

func TestPackagesHaveComments(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, file := range goFiles(t) {
		if !strings.HasSuffix(file.syntax.Name.Name, "_test") {
			documented[file.dir()] = documented[file.dir()] || strings.TrimSpace(file.syntax.Doc.Text()) != ""
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment says what it is for, what it must never do and where to add to it", dir)
		}
	}
}

func TestNothingRunsBeforeMain(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		for _, declaration := range file.syntax.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Name.Name == "init" {
				t.Errorf("%s has an init function: list things explicitly", file.path)
			}
		}
	}
}

// TestTestsDoNotSleep allows time.Sleep where testing/synctest is imported: in
// its bubbles time is not real, and a sleep is how they pass it.
func TestTestsDoNotSleep(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		if !file.test() || slices.Contains(file.imports(), "testing/synctest") {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			call, ok := node.(*ast.SelectorExpr)
			if !ok || call.Sel.Name != "Sleep" {
				return true
			}
			if of, ok := call.X.(*ast.Ident); ok && of.Name == "time" {
				t.Errorf("%s sleeps: wait for a channel or a condition, or use testing/synctest", file.path)
			}
			return true
		})
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	t.Parallel()
	var got []string
	for _, name := range tracked(t) {
		first, _, _ := strings.Cut(name, "/")
		if first != ".gitattributes" {
			got = append(got, first)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Compact(got), topLevel); diff != "" {
		t.Errorf("the top level of the repository differs from the agreed one (-got +agreed):\n%s", diff)
	}
}

func TestTrackedFilesAreSmall(t *testing.T) {
	t.Parallel()
	for _, name := range tracked(t) {
		info, err := os.Lstat(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if info.Size() > maxBytes {
			t.Errorf("%s has %d bytes, over %d", name, info.Size(), maxBytes)
		}
	}
}

// TestNoPathOfAMachine leaves YAML out: manifests name directories inside
// containers, and a home there is nobody's.
func TestNoPathOfAMachine(t *testing.T) {
	t.Parallel()
	for _, name := range tracked(t) {
		if path.Ext(name) == ".yaml" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if bytes.IndexByte(text, 0) >= 0 {
			continue // not text
		}
		for number, line := range strings.Split(string(text), "\n") {
			if found := homeDirectory.FindString(line); found != "" {
				t.Errorf("%s:%d: %q is a path of one machine", name, number+1, strings.TrimSpace(found))
			}
		}
	}
}
