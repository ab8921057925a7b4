package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// TestArchive saves a view, finds it beside the recordings of the folder, and reads it
// back.
func TestArchive(t *testing.T) {
	t.Parallel()
	home, folder := t.TempDir(), t.TempDir()
	env := map[string]string{"HOME": home}
	a := newArchive(func(name string) string { return env[name] })
	a.folder = folder
	b := kube.NewBuilder(kube.Info{Name: "../prod eu/\x1b[2J1"})
	if err := b.Set(kube.Deployments, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}); err != nil {
		t.Fatal(err)
	}
	view := b.Build(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	var names []string
	for range 2 {
		saved, err := a.Save(t.Context(), view)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join("~", ".local", "state", "seaworthy", "snapshots"); saved.Folder != want {
			t.Errorf("saved in %s, want %s", saved.Folder, want)
		}
		names = append(names, saved.Name)
	}
	const name = "prod-eu---2J1-2026-03-01T080000Z"
	if diff := cmp.Diff([]string{name + ".seaworthy", name + "-2.seaworthy"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	info, err := os.Stat(filepath.Join(a.state, names[0]))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v: others may read it", info.Mode(), err)
	}
	readBack(t, a, view, names[0])
}

// readBack finds saved snapshots beside the recordings of the folder, and reads them.
func readBack(t *testing.T, a *archive, view *kube.Cluster, saved string) {
	t.Helper()
	if err := writeSnapshot(filepath.Join(a.folder, "monday.seaworthy"), view, recording.Redact); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a.folder, "other.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := a.List(t.Context())
	if err != nil || len(all) != 3 || !strings.HasSuffix(all[0].Name, ".seaworthy") {
		t.Fatalf("listed %v, %v; want three snapshots", all, err)
	}
	for _, name := range []string{saved, "monday.seaworthy", filepath.Join(a.folder, "monday.seaworthy")} {
		part := 0.0
		loaded, err := a.Load(t.Context(), name, func(read float64) { part = read })
		if err != nil || part != 1 {
			t.Fatalf("loading %s: %v, %v of it was read", name, err, part)
		}
		if loaded.Deployments.Len() != 1 || !loaded.Time.Equal(view.Time) || loaded.Info.Name != view.Info.Name {
			t.Errorf("%s is of %v with %d Deployments", name, loaded.Time, loaded.Deployments.Len())
		}
	}
	if _, err := a.Load(t.Context(), "tuesday.seaworthy", func(float64) {}); err == nil || !strings.Contains(err.Error(), "tuesday.seaworthy") {
		t.Errorf("loading what is not there: %v", err)
	}
}

// TestReport writes a comparison beside the one of before.
func TestReport(t *testing.T) {
	t.Parallel()
	a := newArchive(func(string) string { return "" })
	a.folder = t.TempDir()
	assessed := score.Assess(kube.NewBuilder(kube.Info{Name: "prod"}).Build(time.Unix(0, 0)), nil)
	for _, want := range []string{"seaworthy-changes.md", "seaworthy-changes-2.md"} {
		name, err := a.Report(t.Context(), compare.Assessments(assessed, assessed))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(name)
		if filepath.Base(name) != want || err != nil || !strings.Contains(string(text), "# What changed in prod") {
			t.Errorf("wrote %s, want %s: %v\n%s", name, want, err, text)
		}
	}
}

// TestNoStateFolder: where nothing can be kept, there still are the recordings of the
// working folder.
func TestNoStateFolder(t *testing.T) {
	t.Parallel()
	a := newArchive(func(string) string { return "" })
	a.folder = t.TempDir()
	if all, err := a.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("listed %v, %v", all, err)
	}
	if _, err := a.Save(t.Context(), kube.NewBuilder(kube.Info{}).Build(time.Unix(0, 0))); err == nil {
		t.Error("a snapshot was saved nowhere")
	}
}
