package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// manuscriptOf opens files that are written for a test.
func manuscriptOf(t *testing.T, files map[string]string) (*manuscript, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := newManuscript([]string{dir}, "", time.Unix(0, 0))
	s := &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: func() time.Time { return time.Unix(0, 0) }}
	if _, err := m.open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return m, dir
}

const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"

// An edit is not made in a text that has other fields than the object.
func TestTryOfOlderVersion(t *testing.T) {
	t.Parallel()
	m, _ := manuscriptOf(t, map[string]string{"a.yaml": `
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 80, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`})
	ref := kube.HorizontalPodAutoscalers.Ref("shop", "web")
	err := m.Try(ref, audit.SetField("less", "spec.metrics[0].resource.target.averageUtilization", 70))
	if !errors.Is(err, errNotSame) {
		t.Errorf("what version 1 does not have: %v", err)
	}
	if err := m.Try(ref, audit.SetField("more", "spec.maxReplicas", 5)); err != nil {
		t.Errorf("what both versions have: %v", err)
	}
	gone := kube.Services.Ref("shop", "gone")
	if err := m.Try(gone, audit.SetField("x", "spec.type", "ClusterIP")); !errors.Is(err, fix.ErrNotInView) {
		t.Errorf("what is not there: %v", err)
	}
}

// New objects go to the file of what they are for, unless that is JSON.
func TestHomeOfNewObjects(t *testing.T) {
	t.Parallel()
	const asJSON = `{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "namespace": "shop"}}`
	budget := audit.Fix{New: []audit.Object{{
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": map[string]any{"name": "web", "namespace": "shop"},
	}}}
	m, dir := manuscriptOf(t, map[string]string{"a.yaml": service, "b.yaml": strings.ReplaceAll(service, "web", "db"), "c.json": asJSON})
	for name, want := range map[string]string{"web": "a.yaml", "db": "b.yaml", "api": "a.yaml"} {
		if got := m.homeOf(kube.Services.Ref("shop", name)); got != filepath.Join(dir, want) {
			t.Errorf("what is for %s goes to %s", name, got)
		}
	}
	m, _ = manuscriptOf(t, map[string]string{"c.json": asJSON})
	if err := m.Try(kube.Services.Ref("shop", "api"), budget); !errors.Is(err, errNoHome) {
		t.Errorf("what has no file: %v", err)
	}
}

// A file that somebody else has written since is left alone, and so are the others.
func TestWriteOfChangedFile(t *testing.T) {
	t.Parallel()
	m, dir := manuscriptOf(t, map[string]string{"a.yaml": service, "b.yaml": strings.ReplaceAll(service, "web", "db")})
	var edits []audit.Edit
	for _, name := range []string{"web", "db"} {
		edits = append(edits, audit.Edit{Object: kube.Services.Ref("shop", name), Path: "spec.type", Value: "ClusterIP"})
	}
	if _, err := m.View(audit.Fix{Edits: edits}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.yaml"), []byte("# mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := m.write(); n != 0 || err == nil || !strings.Contains(err.Error(), "it has changed since it was read; nothing was written") {
		t.Errorf("wrote %d files, %v", n, err)
	}
	for name, want := range map[string]string{"a.yaml": service, "b.yaml": "# mine\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s says %q, %v", name, got, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
