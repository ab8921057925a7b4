package house_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	root   = "../../.." // the repository, seen from this package
	module = "github.com/seaworthy-dev/seaworthy"
)

// goFile is one Go file of the repository, nested modules and every build tag
// included, testdata not.
type goFile struct {
	path   string // from the root, with slashes
	lines  int
	syntax *ast.File
}

func (f goFile) dir() string  { return path.Dir(f.path) }
func (f goFile) test() bool   { return strings.HasSuffix(f.path, "_test.go") }
func (f goFile) nested() bool { return under(f.dir(), "kube/testbed/...") }

// imports are the file's direct imports; those of the module as "./dir".
func (f goFile) imports() []string {
	var paths []string
	for _, spec := range f.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has accepted it as a string
		}
		if rest, ok := strings.CutPrefix(imported, module); ok {
			imported = "." + rest
		}
		paths = append(paths, imported)
	}
	return paths
}

// under tells whether a path is that of a pattern or, where the pattern ends in
// "/...", below it. The pattern "..." is everything.
func under(name, pattern string) bool {
	tree, recursive := strings.CutSuffix(pattern, "/...")
	return pattern == "..." || name == tree || recursive && strings.HasPrefix(name, tree+"/")
}

func underAny(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return under(name, pattern) })
}

var readGoFiles = sync.OnceValues(func() ([]goFile, error) {
	var files []goFile
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			hidden := strings.HasPrefix(entry.Name(), ".") && name != root
			if hidden || entry.Name() == "testdata" || name == filepath.Join(root, "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		file, err := readGoFile(name)
		files = append(files, file)
		return err
	})
	return files, err
})

func readGoFile(name string) (goFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return goFile{}, fmt.Errorf("reading source: %w", err)
	}
	relative, err := filepath.Rel(root, name)
	if err != nil {
		return goFile{}, fmt.Errorf("placing %s: %w", name, err)
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return goFile{}, fmt.Errorf("parsing %s: %w", relative, err)
	}
	return goFile{
		path:   filepath.ToSlash(relative),
		lines:  strings.Count(string(text), "\n"),
		syntax: syntax,
	}, nil
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	files, err := readGoFiles()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// tracked lists the files that git tracks, from the root and with slashes. A
// source archive has no git, and then nobody can say what is tracked.
func tracked(t *testing.T) []string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, ".git")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("this is not a git checkout: what is tracked cannot be known")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: what is tracked cannot be known")
	}
	// The checkout may belong to another user, which git distrusts.
	names := strings.Split(output(t, "git", "-c", "safe.directory=*", "ls-files", "-z"), "\x00")
	return slices.DeleteFunc(names, func(name string) bool {
		_, err := os.Lstat(filepath.Join(root, name))
		return name == "" || errors.Is(err, fs.ErrNotExist) // deleted, and not yet committed
	})
}

// output runs a command at the root and gives its standard output.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = root
	var complaint strings.Builder
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("running %s: %v\n%s", command, err, complaint.String())
	}
	return string(out)
}

func TestEveryTrackedGoFileIsRead(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, file := range goFiles(t) {
		read[file.path] = true
	}
	for _, name := range tracked(t) {
		if path.Ext(name) == ".go" && !strings.Contains(name, "testdata/") && !read[name] {
			t.Errorf("%s: the tests of this package do not see it", name)
		}
	}
}
