package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// corporaFolder is the variable that names a folder of real manifests, as for the
// tests from end to end.
const corporaFolder = "SEAWORTHY_CORPORA"

// judgeByAll assesses a view by every rule, those that no profile has among them.
func judgeByAll(c *kube.Cluster) (*score.Assessment, error) { return score.Assess(c, rules.All()), nil }

// planEverything plans every fix of the manifests of a folder or file.
func planEverything(t *testing.T, path string) *planned {
	t.Helper()
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard},
		now: func() time.Time { return now },
	}
	m := newManuscript([]string{path}, "", now)
	view, err := m.open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := judgeByAll(view)
	p, err := plan.Make(before, plan.Options{
		Judge: judgeByAll, Target: m, Hold: func(*score.Finding, audit.Fix) string { return "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return &planned{Plan: p, files: m}
}

// TestFixesOfExamples makes every fix of the rules' examples at once: each is about
// one rule, and most break others. Those of rules without a fix are for who has time.
func TestFixesOfExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../audit/rules/*/testdata/*/fail*.yaml")
	if err != nil || len(files) < 100 {
		t.Fatalf("there are %d examples, %v", len(files), err)
	}
	for _, file := range files {
		_, err := os.Stat(filepath.Join(filepath.Dir(file), "fixed.yaml"))
		if err != nil && os.Getenv(corporaFolder) == "" {
			continue
		}
		t.Run(strings.TrimPrefix(file, "../../audit/rules/"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "manifest.yaml"), text, 0o600); err != nil {
				t.Fatal(err)
			}
			checkPlan(t, dir)
		})
	}
}

// TestFixesOfCorpora does so with real manifests, where there are any.
func TestFixesOfCorpora(t *testing.T) {
	t.Parallel()
	root := os.Getenv(corporaFolder)
	if root == "" {
		t.Skip(corporaFolder + " names no folder of manifests; the examples of the rules are fixed without one")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		t.Run(entry.Name(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, entry.Name()))); err != nil {
				t.Fatal(err)
			}
			checkCommits(t, dir, planEverything(t, dir))
			checkPlan(t, dir)
		})
	}
}

// checkPlan plans every fix of a folder, writes it, and compares what is there then
// with what the plan says.
func checkPlan(t *testing.T, dir string) {
	t.Helper()
	p := planEverything(t, dir)
	for _, l := range p.Skipped {
		t.Errorf("%s is not fixed: %s", nameOf(l.Finding), l.Why)
	}
	for _, c := range p.Conflicts {
		if c.Finding.Rule.ID == "requests-not-equal-limits-memory" && c.With.Rule.ID == "memory-over-allocated" {
			continue // who wants a request as high as the limit reserves what is not used
		}
		t.Errorf("%s is not fixed: %s would be back", nameOf(c.Finding), nameOf(c.With))
	}
	checkObjects(t, p)
	checkFindings(t, p)
	checkOverlay(t, p)
	if _, err := p.files.write(); err != nil {
		t.Fatal(err)
	}
	if len(p.Objects) > 0 && p.After.Cluster.NamespaceNames() == nil {
		return // all that there was is deleted
	}
	again := planEverything(t, dir)
	for _, o := range again.Objects {
		t.Errorf("a second time, %s is to be %sd: %+v", o.Ref, o.Action, o.Edits)
	}
}

// checkObjects compares each object with what the plan makes of it.
func checkObjects(t *testing.T, p *planned) {
	t.Helper()
	changes, err := fix.Outcome(p.Before.Cluster, kube.Ref{}, p.Fix)
	if err != nil {
		t.Fatal(err)
	}
	want, err := p.Before.Cluster.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range kube.Resources() {
		if got, want := len(p.After.Cluster.Objects(r)), len(want.Objects(r)); got != want {
			t.Errorf("there are %d %s, want %d", got, r, want)
		}
		for _, o := range want.Objects(r) {
			ref := r.Ref(o.GetNamespace(), o.GetName())
			if _, err := fix.Encoded(o); err == nil && !sameObject(p.After.Cluster, want, ref) {
				t.Errorf("%s is not as the plan has it", ref)
			}
		}
	}
}

// checkFindings counts the findings anew.
func checkFindings(t *testing.T, p *planned) {
	t.Helper()
	after, _ := judgeByAll(p.After.Cluster)
	for _, a := range p.Applied {
		for _, n := range after.Namespaces {
			for _, f := range n.Findings {
				if f.ID() == a.Finding.ID() && f.Message == a.Finding.Message {
					t.Errorf("%s is still found after %q", f.ID(), a.Fix.Title)
				}
			}
		}
	}
	raised := map[string]bool{}
	for _, f := range p.Raised {
		raised[f.ID()] = true
	}
	for _, n := range after.Namespaces {
		for _, f := range n.Findings {
			if f.Open() && !raised[f.ID()] && p.Before.Finding(f.ID()) == nil {
				t.Errorf("%s is new, and the plan does not say so", f.ID())
			}
		}
	}
}

// checkOverlay applies the patches of the overlay to what lies beside them, as
// kustomize does.
func checkOverlay(t *testing.T, p *planned) {
	t.Helper()
	layers, err := p.overlay()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Objects {
		files := layers[folderOf(o.Ref)].files
		base, patched := files["base-"+baseName(o.Ref)+".yaml"], files["patch-"+baseName(o.Ref)+".yaml"]
		switch {
		case o.Action == plan.Create:
			if created := files["new-"+baseName(o.Ref)+".yaml"]; len(created) == 0 {
				t.Errorf("%s is not in the overlay", o.Ref)
			}
			continue
		case base == nil:
			continue // the view has its metadata alone
		case o.Action == plan.Delete:
			if !bytes.Contains(patched, []byte("\n$patch: delete\n")) {
				t.Errorf("%s is not deleted by\n%s", o.Ref, patched)
			}
			continue
		}
		want, err := manifestText(p.After.Cluster, o.Ref)
		if err != nil {
			t.Fatal(err)
		}
		got, err := merged(o.Ref, base, patched)
		if err != nil {
			t.Errorf("%s: %v", o.Ref, err)
			continue
		}
		if got == nil {
			continue // a JSON patch, which package patch tests
		}
		var wanted any
		if err := yaml.Unmarshal(want, &wanted); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s (-want +patched):\n%s", o.Ref, diff)
		}
	}
}

// merged applies a strategic merge patch to a manifest, both of YAML; nil for a JSON
// patch.
func merged(ref kube.Ref, base, patched []byte) (any, error) {
	was, err := yaml.YAMLToJSON(base)
	if err != nil {
		return nil, err
	}
	body, err := yaml.YAMLToJSON(patched)
	if err != nil || bytes.HasPrefix(body, []byte("[")) {
		return nil, err
	}
	resource, ok := kube.ResourceOf(ref.Group, ref.Kind)
	if !ok {
		return nil, fmt.Errorf("reading the kind of %s", ref)
	}
	var schema any = kube.NewObject(resource)
	switch resource {
	case kube.Pods:
		schema = corev1.Pod{}
	case kube.ReplicaSets:
		schema = appsv1.ReplicaSet{}
	}
	is, err := strategicpatch.StrategicMergePatch(was, body, schema)
	if err != nil {
		return nil, err
	}
	var value any
	return value, json.Unmarshal(is, &value)
}
