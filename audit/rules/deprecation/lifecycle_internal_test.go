package deprecation

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Every package of k8s.io/api that says of a type what becomes of it is asked.
func TestEveryLifecycleIsRegistered(t *testing.T) {
	t.Parallel()
	all, err := registered()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*", "*", "*lifecycle.go"))
	if err != nil || len(files) < 30 {
		t.Fatalf("found %d packages with lifecycles (%v)", len(files), err)
	}
	source, err := os.ReadFile("lifecycle.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.ToSlash(filepath.Dir(file))
		group := "k8s.io/api/" + strings.Join(strings.Split(path, "/")[len(strings.Split(path, "/"))-2:], "/")
		if strings.Contains(string(text), "APILifecycleDeprecated()") && !strings.Contains(string(source), `"`+group+`"`) {
			t.Errorf("%s is not asked", group)
		}
	}
	if len(all) < 100 {
		t.Errorf("only %d kinds have a lifecycle", len(all))
	}
}

// The table is of what the module does not say, and every line is read.
func TestGoneAPIs(t *testing.T) {
	t.Parallel()
	all, err := registered()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(goneTable) {
		gvk, l, ok := parseGone(line)
		if ok == strings.HasPrefix(line, "#") {
			t.Errorf("the line %q is not read", line)
			continue
		}
		if !ok {
			continue
		}
		if said, twice := all[gvk]; twice {
			t.Errorf("%s is in the table, and k8s.io/api says %+v", gvk, said)
		}
		if l.deprecated != (release{}) && !l.deprecated.by(l.removed) {
			t.Errorf("%s is gone in %s before it is deprecated in %s", gvk, l.removed, l.deprecated)
		}
	}
}

// The newest release that is known is that of the module.
func TestNewestRelease(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\n\tk8s\.io/api v0\.(\d+)\.`).FindSubmatch(text)
	if found == nil || "1."+string(found[1]) != newest.String() {
		t.Errorf("go.mod has %q, and the newest release is %s", found, newest)
	}
}

// What the view holds and had another version is looked at.
func TestVersionedIsComplete(t *testing.T) {
	t.Parallel()
	elsewhere := append(kube.Records(), kube.EndpointSlices, kube.Events) // written by controllers
	for gvk := range known.Of(kube.NewBuilder(kube.Info{}).Build(time.Unix(0, 0))) {
		r, held := kube.ResourceOf(gvk.Group, gvk.Kind)
		if held && !slices.Contains(versioned(), r) && !slices.Contains(elsewhere, r) {
			t.Errorf("%s is not looked at, and %s has a lifecycle", r, gvk)
		}
	}
}

func TestParseRelease(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]release{
		"v1.37.1": {1, 37}, "1.25": {1, 25}, "v1.24+": {1, 24}, "v1.29.3-eks-adc7111": {1, 29}, "1": {}, "latest": {}, "v1.x.1": {},
	} {
		if got, ok := parseRelease(text); got != want && ok || ok != (want != release{}) {
			t.Errorf("%q is %v (%v), want %v", text, got, ok, want)
		}
	}
}
