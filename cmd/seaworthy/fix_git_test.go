package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// git runs Git in a folder, as nobody's configuration has it.
func git(t *testing.T, dir string, stdin []byte, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	command := exec.CommandContext(t.Context(), path, args...)
	command.Dir, command.Stdin = dir, bytes.NewReader(stdin)
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@localhost", "GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@localhost")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// repository makes a folder a repository that has its files.
func repository(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, nil, "init", "-q")
	git(t, dir, nil, "-c", "core.autocrlf=false", "add", "-A")
	git(t, dir, nil, "commit", "-qm", "What there is")
}

// checkCommits applies the commits of a plan of a folder to a repository that has its
// files, and expects the files of the plan.
func checkCommits(t *testing.T, dir string, p *planned) {
	t.Helper()
	if p.files == nil || len(p.files.texts) == 0 {
		return
	}
	repository(t, dir)
	var one bytes.Buffer
	if err := writeFixMail(&one, p); err != nil {
		t.Fatal(err)
	}
	git(t, dir, one.Bytes(), "am", "-q")
	expectFiles(t, p)
	if got := git(t, dir, nil, "log", "-1", "--format=%an <%ae> %aI %s"); !strings.HasPrefix(got, "seaworthy <seaworthy@localhost> 2026-01-02T12:00:00+00:00 Fix ") {
		t.Errorf("the commit is %s", got)
	}
	checkMessage(t, git(t, dir, nil, "log", "-1", "--format=%b"))

	git(t, dir, nil, "reset", "-q", "--hard", "HEAD^")
	series := filepath.Join(t.TempDir(), "series")
	if err := writeFixSeries(series, p); err != nil {
		t.Fatal(err)
	}
	patches, err := filepath.Glob(filepath.Join(series, "*.patch"))
	if err != nil || len(patches) == 0 {
		t.Fatalf("%d patches, %v", len(patches), err)
	}
	slices.Sort(patches)
	git(t, dir, nil, append([]string{"am", "-q"}, patches...)...)
	expectFiles(t, p)
	git(t, dir, nil, "reset", "-q", "--hard", strings.TrimSpace(git(t, dir, nil, "rev-list", "--max-parents=0", "HEAD")))

	var patch bytes.Buffer // of files that are not in the working folder
	if err := writeFixPatch(&patch, p); err != nil {
		t.Fatal(err)
	}
	base, err := baseOf(p.files.changed(), false)
	if err != nil || base.elsewhere() != dir {
		t.Fatalf("the patch names files from %q, %v", base.elsewhere(), err)
	}
	git(t, dir, patch.Bytes(), "apply")
	expectFiles(t, p)
	git(t, dir, nil, "reset", "-q", "--hard")
}

func expectFiles(t *testing.T, p *planned) {
	t.Helper()
	for file, want := range p.files.texts {
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +committed):\n%s", file, diff)
		}
	}
}

// checkMessage expects a message as commits have them, with its end.
func checkMessage(t *testing.T, body string) {
	t.Helper()
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\n")
		if len([]rune(line)) > 72 && strings.Contains(strings.TrimLeft(line, "- "), " ") {
			t.Errorf("a line of the message is too long: %s", line)
		}
	}
	if !strings.HasSuffix(strings.Join(strings.Fields(body), " "), "has to be applied again.") {
		t.Errorf("the message was cut:\n%s", body)
	}
}

// What files and objects are called, and how lines end, is no matter to git am.
func TestCommitsOfOddFiles(t *testing.T) {
	t.Parallel()
	const manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n" +
		"  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: web\n        image: web:1\n"
	odd := strings.ReplaceAll(manifest, "name: web,", `name: "--- a/x\ndiff --git From: \u202e",`)
	elsewhere := strings.ReplaceAll(manifest, "shop", "From")
	for name, files := range map[string]map[string]string{
		"line breaks of two characters": {"a.yaml": strings.ReplaceAll(manifest, "\n", "\r\n")},
		"some of them":                  {"a.yaml": "# one\r\n" + manifest},
		"no last line break":            {"a.yaml": strings.TrimSpace(manifest)},
		"odd names of files":            {"with blank.yaml": manifest, `qu"ote.yaml`: elsewhere, "\u00fcmlaut.yaml": "# ---\n", "-dash.yaml": "# -\n"},
		"odd names of objects":          {"a.yaml": odd},
		"several namespaces in a file":  {"a.yaml": manifest + "---\n" + elsewhere + "---\n" + odd, "b.yaml": strings.ReplaceAll(manifest, "name: web,", "name: b,")},
		"long lines":                    {"a.yaml": "# " + strings.Repeat("x", 3000) + "\n" + manifest + "# \u00e4\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, text := range files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p := planEverything(t, dir)
			if len(p.files.texts) == 0 {
				t.Fatal("nothing changes")
			}
			checkCommits(t, dir, p)
		})
	}
}

// The manifests of a whole shop, in many files and namespaces.
func TestCommitsOfShop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../kube/recording/demo/manifests")); err != nil {
		t.Fatal(err)
	}
	p := planEverything(t, dir)
	if len(p.files.texts) < 3 {
		t.Fatalf("%d files change", len(p.files.texts))
	}
	checkCommits(t, dir, p)
}

// Files are named from where a patch can be applied.
func TestBaseOfPatches(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	one, other, plain := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{one, other} {
		if err := os.MkdirAll(filepath.Join(dir, ".git"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	top, err := topOf(here)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		files []string
		top   bool
		want  string
		name  string // of the first file
	}{
		"none":                    {nil, false, "", ""},
		"standard input":          {[]string{"-"}, false, "", "stdin.yaml"},
		"here":                    {[]string{"testdata/a.yaml", "./b.yaml"}, false, here, "testdata/a.yaml"},
		"here, from the top":      {[]string{"./b.yaml"}, true, cmp.Or(top, here), ""},
		"above":                   {[]string{"../a.yaml"}, false, cmp.Or(top, filepath.Dir(here)), ""},
		"another repository":      {[]string{filepath.Join(one, "deep", "a.yaml")}, false, one, "deep/a.yaml"},
		"two repositories":        {[]string{filepath.Join(one, "a.yaml"), filepath.Join(other, "a.yaml")}, false, filepath.Dir(one), filepath.Base(one) + "/a.yaml"},
		"no repository":           {[]string{filepath.Join(plain, "a", "a.yaml"), filepath.Join(plain, "b", "a.yaml")}, false, plain, "a/a.yaml"},
		"no repository, one file": {[]string{filepath.Join(plain, "a", "a.yaml")}, true, filepath.Join(plain, "a"), "a.yaml"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, err := baseOf(test.files, test.top)
			if err != nil || base.folder != test.want {
				t.Fatalf("names are from %q, %v; want %q", base.folder, err, test.want)
			}
			if test.name != "" && base.name(test.files[0]) != test.name {
				t.Errorf("the file is %s, want %s", base.name(test.files[0]), test.name)
			}
		})
	}
}
