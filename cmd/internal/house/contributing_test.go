package house_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	dependencyRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .+ \\|$")
	makeCommand   = regexp.MustCompile("`make ([a-z][a-z0-9-]*)")
	makeTarget    = regexp.MustCompile(`(?m)^([a-z][a-z0-9-]*):`)
)

// requirement is a line of go.mod.
type requirement struct {
	Path     string
	Indirect bool
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func requirements(t *testing.T) []requirement {
	t.Helper()
	var mod struct{ Require []requirement }
	if err := json.Unmarshal([]byte(output(t, "go", "mod", "edit", "-json")), &mod); err != nil {
		t.Fatalf("reading go.mod: %v", err)
	}
	return mod.Require
}

// imported tells whether a file of the main module imports a package of the
// required module.
func imported(files []goFile, required requirement) bool {
	return slices.ContainsFunc(files, func(file goFile) bool {
		return !file.nested() && slices.ContainsFunc(file.imports(), func(name string) bool {
			return under(name, required.Path+"/...")
		})
	})
}

// TestDependenciesEarnTheirPlace holds the table of dependencies in
// CONTRIBUTING.md against go.mod: each direct requirement has a line, each line a
// requirement. While go.mod still marks a module that is imported as indirect,
// that is before go mod tidy, a line is content with an indirect one.
func TestDependenciesEarnTheirPlace(t *testing.T) {
	t.Parallel()
	_, section, found := strings.Cut(read(t, ".github/CONTRIBUTING.md"), "\n## Dependencies\n")
	if !found {
		t.Fatal(".github/CONTRIBUTING.md has no section Dependencies")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var explained []string
	for _, row := range dependencyRow.FindAllStringSubmatch(section, -1) {
		explained = append(explained, row[1])
	}
	required := requirements(t)
	tidy := !slices.ContainsFunc(required, func(r requirement) bool {
		return r.Indirect && imported(goFiles(t), r)
	})
	for _, r := range required {
		if !r.Indirect && !slices.Contains(explained, r.Path) {
			t.Errorf("go.mod requires %s, and CONTRIBUTING does not say why it earns its place", r.Path)
		}
	}
	for _, name := range explained {
		at := slices.IndexFunc(required, func(r requirement) bool { return r.Path == name })
		switch {
		case at < 0:
			t.Errorf("CONTRIBUTING explains %s, which go.mod does not require", name)
		case tidy && required[at].Indirect:
			t.Errorf("CONTRIBUTING explains %s, which nothing imports any more", name)
		}
	}
	if !slices.IsSorted(explained) {
		t.Error("the table of dependencies in CONTRIBUTING is not in the order of go.mod")
	}
}

func TestCommandsInContributingExist(t *testing.T) {
	t.Parallel()
	var targets []string
	for _, target := range makeTarget.FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets = append(targets, target[1])
	}
	commands := makeCommand.FindAllStringSubmatch(read(t, ".github/CONTRIBUTING.md"), -1)
	if len(commands) == 0 {
		t.Error("CONTRIBUTING names no make command")
	}
	for _, command := range commands {
		if !slices.Contains(targets, command[1]) {
			t.Errorf("CONTRIBUTING says make %s, which the Makefile does not have", command[1])
		}
	}
}
