package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// planOfFile plans the fixes of one rule for a manifest, as a screen does: without its
// text.
func planOfFile(t *testing.T, file, rule string, r *ruling) *plan.Plan {
	t.Helper()
	view, err := kube.Load(t.Context(), manifest.New([]string{file}, manifest.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	before, err := r.assess(view)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(before, plan.Options{Judge: r.assess, Choose: func(f *score.Finding) bool { return f.Rule.ID == rule }})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestExport writes the plan of a screen in each format, of manifests into their own
// text, and never over what is there.
func TestExport(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "shop.yaml")
	text := "# the shop\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - {name: web, image: \"registry.example.com/web:1\"} # the web\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &streams{in: strings.NewReader(""), out: &out, err: &out, now: time.Now, env: func(string) string { return "" }}
	r, err := (&policyOptions{}).load(s)
	if err != nil {
		t.Fatal(err)
	}
	p := planOfFile(t, file, "seccomp-profile-missing", r)
	out.Reset()
	for _, e := range []*exporter{{s: s, r: r, files: []string{file}, folder: folder}, {s: s, r: r, folder: folder}} {
		for format, want := range map[screen.Format]string{
			screen.Patch: "seccompProfile", screen.Kubectl: "kubectl patch deployment/web -n shop", screen.Kustomize: "",
		} {
			path, err := e.Export(t.Context(), screen.ExportMsg{Plan: p, Format: format})
			if err != nil {
				t.Fatal(err)
			}
			checkExport(t, path, format, want, e.files != nil)
		}
	}
	for _, name := range []string{"seaworthy-fixes", "seaworthy-fixes-2", "seaworthy-fixes.patch", "seaworthy-fixes-2.patch", "seaworthy-fixes.sh", "seaworthy-fixes-2.sh"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	if err := os.WriteFile(file, []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := &exporter{s: s, r: r, files: []string{file}, folder: folder}
	if out.Len() > 0 {
		t.Errorf("over the screen %q was written", out.String())
	}
	if _, err := e.Export(t.Context(), screen.ExportMsg{Plan: p, Format: screen.Patch}); err == nil {
		t.Error("a plan of what is not there any more was written")
	}
}

// checkExport looks for a text in what was written, and for whether a patch is of a file.
func checkExport(t *testing.T, path string, format screen.Format, want string, ofFile bool) {
	t.Helper()
	if format == screen.Kustomize {
		path = filepath.Join(path, "shop", "kustomization.yaml")
	}
	got, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(got), want) {
		t.Errorf("%s has %q, %v; want %q", path, got, err, want)
	}
	if format == screen.Patch && strings.Contains(string(got), "# the web") != ofFile {
		t.Errorf("the patch is %s, of the file's text: %t", got, !ofFile)
	}
}
